import { DefaultTokenResolver, StringConcat, Tokenization } from "cdktf";
import type { IConstruct } from "constructs";

/**
 * What a value will read in the JSON: `${aws_security_group.….id}`. Two tokens of one attribute are different strings, so
 * that only this tells whether they mean the same.
 */
export function reference(scope: IConstruct, value: string): string {
  const resolver = new DefaultTokenResolver(new StringConcat());
  return String(Tokenization.resolve(value, { scope, resolver }));
}
