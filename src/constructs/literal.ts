import { Token } from "cdktf";

/**
 * Text that Terraform takes literally: in a string, `${` and `%{` would begin a template.
 * Source: https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences
 */
export function literal(text: string): string {
  return Token.isUnresolved(text) ? text : text.replace(/\$\{/g, "$$${").replace(/%\{/g, "%%{");
}

/** The same for every key and value of a map, such as tags: Terraform reads templates in the keys of JSON objects too. */
export function literals(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [literal(key), literal(text)]));
}
