/** A JSON Schema, or a part of one. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly $defs?: Record<string, JsonSchema>;
  readonly properties?: Record<string, JsonSchema>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly default?: unknown;
}

/** `schema` itself, or what its `$ref` stands for. */
function resolved(schema: JsonSchema, root: JsonSchema): JsonSchema {
  return schema.$ref ? root.$defs![schema.$ref.replace("#/$defs/", "")]! : schema;
}

/** Every field that the schema knows: the object's place, its key, and the field's own schema. */
export function fieldsOf(root: JsonSchema): { place: string; key: string; field: JsonSchema }[] {
  const visit = (schema: JsonSchema, place: string): { place: string; key: string; field: JsonSchema }[] => {
    const { properties = {}, additionalProperties, items, anyOf = [] } = resolved(schema, root);
    return [
      ...Object.entries(properties).flatMap(([key, field]) => [
        { place, key, field },
        ...visit(field, `${place}/${key}`),
      ]),
      ...(typeof additionalProperties === "object" ? visit(additionalProperties, `${place}/*`) : []),
      ...(items ? visit(items, `${place}/*`) : []),
      ...anyOf.flatMap((choice) => visit(choice, place)),
    ];
  };
  return visit(root, "");
}

/** Where `value` has an object whose keys the schema lists, such as can be misspelt: each with its path. */
export function fixedObjectsOf(
  value: unknown,
  root: JsonSchema,
): { path: string[]; object: Record<string, unknown>; allowed: string[] }[] {
  type Found = ReturnType<typeof fixedObjectsOf>;
  const visit = (node: unknown, schema: JsonSchema, path: string[]): Found => {
    const { properties, additionalProperties, items, anyOf } = resolved(schema, root);
    if (typeof node !== "object" || node === null) return [];
    if (anyOf) return anyOf.flatMap((choice) => visit(node, choice, path));
    if (Array.isArray(node)) {
      return items ? node.flatMap((item, index) => visit(item, items, [...path, String(index)])) : [];
    }
    const object = node as Record<string, unknown>;
    const here = additionalProperties === false ? [{ path, object, allowed: Object.keys(properties ?? {}) }] : [];
    const below = Object.entries(object).flatMap(([key, child]) => {
      const own = properties?.[key] ?? (typeof additionalProperties === "object" ? additionalProperties : undefined);
      return own ? visit(child, own, [...path, key]) : [];
    });
    return [...here, ...below];
  };
  return visit(value, root, []);
}
