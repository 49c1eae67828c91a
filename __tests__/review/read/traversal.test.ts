import { attributePath, bracketed, dig, indexOf, traversal } from "../../../src/review/read/traversal";

describe("a reference in steps", () => {
  it.each([
    ["aws_subnet.a.id", ["aws_subnet", "a", "id"]],
    ["module.a[0].b", ["module", "a", { index: 0 }, "b"]],
    ['aws_subnet.a["x.y"].id', ["aws_subnet", "a", { index: "x.y" }, "id"]],
    ['a.b["say \\"x\\""]', ["a", "b", { index: 'say "x"' }]],
    ['a.b["\\x"]', ["a", "b", { index: "\\x" }]],
    ["a-b.c_d", ["a-b", "c_d"]],
  ])("%s", (reference, steps) => {
    expect(traversal(reference)).toEqual(steps);
    // Read a second time, it is the same.
    expect(traversal(reference)).toEqual(steps);
  });

  it("has a key in brackets, and a path of attributes", () => {
    expect([indexOf({ index: "x" }), indexOf({ index: 0 }), indexOf("x"), indexOf(undefined)]).toEqual([
      "x",
      0,
      undefined,
      undefined,
    ]);
    expect([bracketed("x"), bracketed(0), bracketed('"'), bracketed(undefined)]).toEqual([
      '["x"]',
      "[0]",
      '["\\""]',
      "",
    ]);
    expect(attributePath(["network", { index: 0 }, "id"])).toBe("network.0.id");
    expect(attributePath([])).toBe("");
  });

  it("finds what is at a path of plain JSON", () => {
    const json = { a: [{ b: 1 }], c: null, d: "text" };
    expect(dig(json, ["a", { index: 0 }, "b"])).toBe(1);
    expect(dig(json, [])).toBe(json);
    expect([dig(json, ["c", "x"]), dig(json, ["d", "length"]), dig(json, ["x", "y"]), dig(null, ["a"])]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
