import { Linter } from "eslint";
import { noEarlyReturn } from "../../bin/lint/early-return.mjs";
import { noExpectationOverNothing } from "../../bin/lint/loops.mjs";

const rules = { early: noEarlyReturn, loop: noExpectationOverNothing };
const problems = (code: string) =>
  new Linter()
    .verify(code, [{ plugins: { tests: { rules } }, rules: { "tests/early": "error", "tests/loop": "error" } }])
    .map(({ ruleId, line }) => [ruleId, line]);

describe("lint keeps early returns out of tests", () => {
  const body = "{\n  if (!tool) return;\n  expect(1).toBe(1);\n}";

  it.each([
    `it("works", () => ${body});`,
    `test("works", async function () ${body});`,
    `it.only("works", () => ${body});`,
    `it.each([1, 2])("works with %d", (n) => ${body});`,
    `it.each\`a\${1}\`("works", () => ${body});`,
    `(tool ? it : it.skip)("works", () => ${body});`,
    `itWithTerraform("works", () => ${body});`,
    `describe("a room", () => ${body});`,
    `describeWith("mix")("a release", () => ${body});`,
    `it("works", () => {\n  for (const each of []) { if (each) { return; } }\n  expect(1).toBe(1);\n});`,
    `it("works", () => {\n  if (!tool) return undefined;\n  return expect(run()).resolves.toBe(1);\n});`,
  ])("%s", (code) => {
    expect(problems(code)).toEqual([["tests/early", 2]]);
  });

  it.each([
    `it("works", () => {\n  return expect(run()).resolves.toBe(1);\n});`,
    `it("works", () => {\n  on("event", (each) => { if (!each) return; seen.push(each); });\n  expect(seen).toEqual([1]);\n});`,
    `beforeEach(() => ${body});`,
    `items.map(() => ${body});`,
    `const helper = () => ${body};`,
  ])("but not %s", (code) => {
    expect(problems(code)).toEqual([]);
  });
});

describe("lint keeps expectations out of loops that may be empty", () => {
  it.each([
    "for (const each of found()) expect(each).toBe(1);",
    "for (const each of Object.values(found)) { if (each) { expect(each).toBe(1); } }",
    "for (const each of []) expect(each).toBe(1);",
    "for (const each of [...found]) expect(each).toBe(1);",
    "let some = [1]; for (const each of some) expect(each).toBe(1);",
    "found.forEach((each) => expect(each).toBe(1));",
  ])("%s", (code) => {
    expect(problems(code)).toEqual([["tests/loop", 1]]);
  });

  it.each([
    "for (const each of notEmpty(found())) expect(each).toBe(1);",
    "for (const each of [1, ...found]) expect(each).toBe(1);",
    "const some = [1]; function f() { for (const each of some) expect(each).toBe(1); }",
    "const some = { a: 1 }; for (const each of Object.values(some)) expect(each).toBe(1);",
    "for (const each of found()) sum += each;",
    "for (let port = 1; port < 8; port++) expect(port).toBe(1);",
    "[1, 2].forEach((each) => expect(each).toBe(1));",
  ])("but not %s", (code) => {
    expect(problems(code)).toEqual([]);
  });
});
