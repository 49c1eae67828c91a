import { exampleOf } from "../../../src/environment/reference/example";
import type { JsonSchema } from "../../../src/environment/reference/json-schema";

const name: JsonSchema = { type: "string", examples: ["shop"] };

it.each<[string, JsonSchema, unknown]>([
  ["its own example", { ...name, default: "x" }, "shop"],
  ["another word than the default", { enum: ["a", "b"], default: "a" }, "b"],
  ["the other of true and false", { type: "boolean", default: true }, false],
  ["true, without a default", { type: "boolean" }, true],
  ["another word of a union than the default", { anyOf: [{ enum: ["a", "b"] }, name], default: "a" }, "b"],
  ["a list of one item", { type: "array", items: name }, ["shop"]],
  ["one entry of a map", { type: "object", propertyNames: name, additionalProperties: { const: 1 } }, { shop: 1 }],
  ["the keys that are required", { type: "object", properties: { a: name, b: name }, required: ["b"] }, { b: "shop" }],
  ["the first key where none is", { type: "object", properties: { a: name, b: name } }, { a: "shop" }],
  [
    "one alternative",
    { type: "object", properties: { a: name, b: name }, required: ["a", "b"], not: { anyOf: [{ minProperties: 2 }] } },
    { a: "shop" },
  ],
  ["what it refers to", { $ref: "#/$defs/name" }, "shop"],
  ["nothing of a number", { type: "integer" }, undefined],
  ["nothing of an object with such a number", { type: "object", properties: { a: { type: "integer" } } }, undefined],
])("makes %s", (_, schema, example) => {
  expect(exampleOf(schema, { name })).toEqual(example);
});
