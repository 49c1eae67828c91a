import {
  block,
  blocks,
  byDynamicBlock,
  flag,
  list,
  number,
  openBlocks,
  Reference,
  setByAws,
  text,
  Unknown,
  type Value,
} from "../../../src/review/read/value";

const unknown = new Unknown("a variable");
const reference = new Reference("aws_subnet.a", "id");
const others: Value[] = [null, unknown, reference, [], {}];

describe("a value that is known", () => {
  it("is text", () => {
    expect(text("a")).toBe("a");
    expect([...others, 1, true].map(text)).toEqual([...others, 1, true].map(() => undefined));
  });

  it.each<[Value, number | undefined]>([
    [5, 5],
    ["512", 512],
    ["0.25", 0.25],
    ["-1", -1],
    ["", undefined],
    ["1x", undefined],
    ["x1", undefined],
    ["1.", undefined],
    ["--1", undefined],
    [true, undefined],
    ...others.map((each): [Value, undefined] => [each, undefined]),
  ])("is a number: %j → %j", (value, expected) => {
    expect(number(value)).toBe(expected);
  });

  it.each<[Value, boolean | undefined]>([
    [true, true],
    [false, false],
    ["true", true],
    ["false", false],
    ["yes", undefined],
    [1, undefined],
    ...others.map((each): [Value, undefined] => [each, undefined]),
  ])("is a flag: %j → %j", (value, expected) => {
    expect(flag(value)).toBe(expected);
  });
});

describe("blocks", () => {
  const [a, b] = [{ name: "a" }, { name: "b" }];

  it.each([
    [undefined, []],
    [null, []],
    ["a", []],
    [unknown, []],
    [reference, []],
    [a, [a]],
    [
      [a, b],
      [a, b],
    ],
    [[unknown, a, reference, null, [b], "b"], [a]],
  ])("%j", (value, expected) => {
    expect(blocks(value as Value)).toEqual(expected);
    expect(block(value as Value)).toEqual(expected[0]);
  });

  it("may be more where one or all aren't known", () => {
    expect(openBlocks([a, unknown])).toBe(unknown);
    expect(openBlocks(unknown)).toBe(unknown);
    expect(openBlocks([a, reference])).toEqual(new Unknown("it comes from aws_subnet.a"));
    expect(openBlocks(reference)).toEqual(new Unknown("it comes from aws_subnet.a"));
    // AWS sets no blocks: only a dynamic block leaves them open.
    expect(openBlocks([setByAws])).toBe(byDynamicBlock);
    for (const value of [undefined, null, a, [a], []]) expect(openBlocks(value as Value)).toBeUndefined();
  });
});

describe("a list", () => {
  it.each([
    [undefined, { members: [] }],
    [null, { members: [] }],
    [7, { members: [] }],
    [{ a: "b" }, { members: [] }],
    ["a", { members: ["a"] }],
    [reference, { members: [reference] }],
    [["a", reference], { members: ["a", reference] }],
    [[["a"], ["b", []]], { members: ["a", "b"] }],
    [unknown, { members: [], open: unknown }],
    [["a", unknown, "b"], { members: ["a", "b"], open: unknown }],
    [new Unknown("an expression", ["a"]), { members: [], open: new Unknown("an expression", ["a"]) }],
    [new Unknown("an expression", ["a", reference], true), { members: ["a", reference] }],
    [
      new Unknown("an expression", undefined, true),
      { members: [], open: new Unknown("an expression", undefined, true) },
    ],
  ])("%j", (value, expected) => {
    expect(list(value as Value)).toEqual(expected);
  });
});
