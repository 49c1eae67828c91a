/**
 * Values that only Terraform knows, inside texts that are otherwise known: a name that contains a variable of a module. Two
 * private-use characters mark each, so that no text of a user's file is taken for one, and `literal` doesn't escape it.
 */
const start = "\uE000";
const end = "\uE001";
const marked = new RegExp(`${start}([^${start}${end}]*)${end}`, "g");

/**
 * A Terraform expression as part of a text, such as `placeholder("var.name")`. Without quotes where the text may get into a JSON
 * string of Terraform's, such as container definitions.
 */
export const placeholder = (expression: string): string => `${start}${withExpressions(expression)}${end}`;

export const hasPlaceholder = (text: string): boolean => text.includes(start);

/** `text` as a Terraform template: `${var.name}-web`. */
export const withExpressions = (text: string): string => text.replace(marked, (_, expression) => `\${${expression}}`);
