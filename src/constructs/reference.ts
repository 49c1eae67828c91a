import { DefaultTokenResolver, StringConcat, Tokenization } from "cdktf";
import type { IConstruct } from "constructs";

/**
 * The text of a value in the JSON: `${aws_security_group.….id}`. Two tokens of one attribute are different strings, so compare
 * these texts instead.
 */
export function reference(scope: IConstruct, value: string): string {
  const resolver = new DefaultTokenResolver(new StringConcat());
  return String(Tokenization.resolve(value, { scope, resolver }));
}

/** The same without `${` and `}`: a value as part of a longer expression. */
export function expression(scope: IConstruct, value: string): string {
  return reference(scope, value).replace(/^\$\{(.*)\}$/s, "$1");
}
