import { filledPage } from "../../../src/environment/reference/page";

const part = (name: string, heading = "## Web & more") =>
  `${heading}\n\nBy hand.\n\n<!-- generated: ${name} -->\nold\n<!-- end -->\n\nAlso by hand.\n`;
it("replaces the generated parts, and nothing else", () => {
  expect(filledPage(part("web"), { web: { type: "object", properties: { a: { const: 1, description: "A." } } } })).toBe(
    '## Web & more\n\nBy hand.\n\n<!-- generated: web -->\n\n- **`a`**: A.\\\n  Example: `"a": 1`\n\n<!-- end -->\n\nAlso by hand.\n',
  );
});

it("lists the sizes of Fargate", () => {
  expect(filledPage(part("sizes"), {})).toContain(
    "| 512   | 1024, 2048, 3072, 4096           |\n| 1024  | 2048 to 8192 in steps of 1024    |",
  );
});

it("refuses a page without a part of a definition, and a part without a definition", () => {
  expect(() => filledPage(part("sizes"), { web: {} })).toThrow("the page has no part <!-- generated: web -->");
  expect(() => filledPage(part("web"), {})).toThrow("the schema has no definition web");
});
