import { z } from "zod";
import { environmentsSchema } from "../schema/schema";
import { exampleOf } from "./example";
import type { Definitions, JsonSchema } from "./json-schema";

/** The JSON Schema of an environments file, for editors and for docs/configuration.md. Every option has an example. */
export function environmentsJsonSchema(): JsonSchema & { readonly $defs: Definitions } {
  const schema = z.toJSONSchema(environmentsSchema, { io: "input" }) as JsonSchema & { readonly $defs: Definitions };
  return withExamples(schema, schema.$defs) as typeof schema;
}

/** `schema` with an example in each property at any depth. */
function withExamples(schema: JsonSchema, definitions: Definitions): JsonSchema {
  const inside = (part: JsonSchema) => withExamples(part, definitions);
  const { properties, additionalProperties, items, anyOf, $defs } = schema;
  const property = (part: JsonSchema): JsonSchema => {
    const example = exampleOf(part, definitions);
    return { ...inside(part), ...(example !== undefined && { examples: part.examples ?? [example] }) };
  };
  return {
    ...schema,
    ...(properties && { properties: mapped(properties, property) }),
    ...(typeof additionalProperties === "object" && { additionalProperties: inside(additionalProperties) }),
    ...(items && { items: inside(items) }),
    ...(anyOf && { anyOf: anyOf.map(inside) }),
    ...($defs && { $defs: mapped($defs, inside) }),
  };
}

const mapped = (parts: Definitions, change: (part: JsonSchema) => JsonSchema): Definitions =>
  Object.fromEntries(Object.entries(parts).map(([key, part]) => [key, change(part)]));
