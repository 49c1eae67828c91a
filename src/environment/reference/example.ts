import { type Definitions, isChoice, type JsonSchema, resolved } from "./json-schema";

/**
 * An example of a value: the schema's own, or one made of its parts. Of an option with a default it is another value.
 * `undefined` where the schema has none, such as for a number.
 */
export function exampleOf(schema: JsonSchema, definitions: Definitions): unknown {
  const { default: usual, ...whole } = resolved(schema, definitions);
  if (whole.examples) return whole.examples[0];
  if (whole.const !== undefined) return whole.const;
  if (whole.enum) return whole.enum.find((value) => value !== usual);
  if (whole.type === "boolean") return usual !== true;
  if (whole.anyOf) {
    return whole.anyOf
      .map((part) => exampleOf({ ...part, default: usual }, definitions))
      .find((example) => example !== undefined);
  }
  if (whole.type === "array") return listOf(exampleOf(whole.items!, definitions));
  return whole.type === "object" ? objectOf(whole, definitions) : undefined;
}

const listOf = (item: unknown): unknown => (item === undefined ? undefined : [item]);

/** One alternative of a choice; one entry of a map; otherwise the keys that are required, or the first. */
function objectOf(schema: JsonSchema, definitions: Definitions): unknown {
  const { properties = {}, required = [], propertyNames, additionalProperties } = schema;
  if (typeof additionalProperties === "object") {
    return entriesOf([[exampleOf(propertyNames!, definitions), exampleOf(additionalProperties, definitions)]]);
  }
  const keys = required.length === 0 || isChoice(schema) ? Object.keys(properties).slice(0, 1) : required;
  return entriesOf(keys.map((key) => [key, exampleOf(properties[key]!, definitions)]));
}

const entriesOf = (entries: (readonly [unknown, unknown])[]): unknown =>
  entries.flat().includes(undefined) ? undefined : Object.fromEntries(entries);
