/** A JSON Schema as zod writes it, or a part of one. Source: https://json-schema.org/draft/2020-12 */
export interface JsonSchema {
  readonly title?: string;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly propertyNames?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly not?: { readonly anyOf: readonly { readonly minProperties?: number }[] };
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  /** What is allowed: VS Code shows it for a wrong value. */
  readonly errorMessage?: string;
}

/** The definitions that `$ref`s name. */
export type Definitions = Readonly<Record<string, JsonSchema>>;

/** The name that `schema` refers to. */
export const referenceOf = ({ $ref }: JsonSchema): string | undefined => $ref?.replace("#/$defs/", "");

/** `schema`, with what it refers to; its own description, default and examples come first. */
export function resolved(schema: JsonSchema, definitions: Definitions): JsonSchema {
  const name = referenceOf(schema);
  return name === undefined ? schema : { ...definitions[name], ...schema };
}

/** Whether an object takes exactly one of its keys. */
export const isChoice = ({ not }: JsonSchema): boolean => not?.anyOf.some((one) => one.minProperties === 2) ?? false;
