import type { JsonSchema } from "../../../src/environment/reference/json-schema";
import { optionList } from "../../../src/environment/reference/option-list";

const listed = (field: JsonSchema, required: string[] = []) => {
  const web = { type: "object", properties: { a: field }, required };
  return optionList("web", { definitions: { web }, anchor: (definition) => `the-${definition}` }).split("\n");
};

it.each<[string, JsonSchema, string[]]>([
  [
    "a default that is JSON, and what is allowed",
    { type: "string", description: 'The name; default "<b>".', errorMessage: "Allowed: *.", examples: ["x"] },
    ["- **`a`**: The name.\\", '  Default: `"<b>"`. Allowed: \\*.\\', '  Example: `"a": "x"`'],
  ],
  [
    "a default in words, and a range that the description has",
    {
      type: "integer",
      description: "Days, 1 to 9; default: the environment's.",
      minimum: 1,
      maximum: 9,
      errorMessage: "Allowed: a whole number from 1 to 9.",
      examples: [2],
    },
    ["- **`a`**: Days, 1 to 9.\\", "  Default: the environment's.\\", '  Example: `"a": 2`'],
  ],
  [
    "the alternatives of a choice",
    {
      type: "object",
      description: "Where: id or name.",
      not: { anyOf: [{ minProperties: 2 }] },
      properties: { id: { const: "x", description: "By id." } },
    },
    [
      "- **`a`**: Where: `id` or name.\\",
      '  Example: `"a": { "id": "x" }`',
      "  - **`id`**: By id.\\",
      '    Example: `"id": "x"`',
    ],
  ],
  [
    "code and pages that the description names",
    { const: 1, description: 'Runs ["a", "b"] of the <x>-y, with A_B, aB and a_b, see docs/web.md; default {"c":[]}.' },
    [
      '- **`a`**: Runs `["a", "b"]` of the `<x>-y`, with `A_B`, aB and `a_b`, see [web.md](web.md).\\',
      '  Default: `{ "c": [] }`.\\',
      '  Example: `"a": 1`',
    ],
  ],
  [
    "a link to a definition",
    { type: "object", additionalProperties: { $ref: "#/$defs/web" }, description: "All.", examples: [{ b: {} }] },
    ["- **`a`**: All.\\", "  [Its options](#the-web).\\", '  Example: `"a": { "b": {} }`'],
  ],
])("lists %s", (_, field, lines) => {
  expect(listed(field)).toEqual(lines);
});

it("names what is required", () => {
  expect(listed({ const: 1, description: "A." }, ["a"])[1]).toBe("  Required.\\");
});
