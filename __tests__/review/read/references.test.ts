import { Modules } from "../../../src/review/read/modules";
import type { ConfiguredModule, Expression } from "../../../src/review/read/plan-format";
import { type Instance, References, type Scope } from "../../../src/review/read/references";
import type { Key } from "../../../src/review/read/traversal";
import { Reference, setByAws, Unknown } from "../../../src/review/read/value";

const instance = (address: string, key?: Key, known: unknown = {}): Instance => ({
  address,
  ...(key !== undefined && { key }),
  known,
});
const instances = new Map<string, Instance[]>([
  [
    "aws_vpc.main",
    [instance("aws_vpc.main", undefined, { name: "main", empty: "", cidrs: ["10.0.0.0/16", "fd00::/8"] })],
  ],
  ["aws_sg.each", ["a", "b"].map((key) => instance(`aws_sg.each["${key}"]`, key))],
  ["aws_sg.counted", [0, 1].map((key) => instance(`aws_sg.counted[${key}]`, key))],
  ["aws_sg.named", ["x", "y"].map((key) => instance(`aws_sg.named["${key}"]`, key, { id: `sg-${key}` }))],
  ["aws_sg.single", [instance('aws_sg.single["only"]', "only")]],
  ["data.aws_subnet.found", [instance("data.aws_subnet.found")]],
  ['module.net["a"].aws_vpc.inner', [instance('module.net["a"].aws_vpc.inner')]],
  ['module.net["b"].aws_vpc.inner', [instance('module.net["b"].aws_vpc.inner')]],
  ["module.lone.aws_sg.inner", [instance("module.lone.aws_sg.inner")]],
  ["module.lone.module.deep.aws_sg.x", [instance("module.lone.module.deep.aws_sg.x")]],
]);
const refersTo = (...references: string[]): Expression => ({ references });

const lone: ConfiguredModule = {
  outputs: {
    id: { expression: refersTo("aws_sg.inner.id", "aws_sg.inner") },
    all: { expression: refersTo("aws_sg.inner") },
    argument: { expression: refersTo("var.group") },
    nothing: {},
  },
};
const root: ConfiguredModule = {
  module_calls: {
    net: {
      for_each_expression: refersTo("var.nets"),
      module: { outputs: { vpc: { expression: refersTo("aws_vpc.inner.id", "aws_vpc.inner") } } },
    },
    lone: {
      module: lone,
      expressions: {
        group: refersTo("aws_vpc.main.id", "aws_vpc.main"),
        constant: { constant_value: { key: "a", list: ["sg-1", "sg-2"] } },
        computed: refersTo("aws_sg.each", "each.key"),
        passed: refersTo("var.keys"),
        several: refersTo("var.keys", "var.name"),
      },
    },
    counted: { count_expression: refersTo("var.count"), module: { outputs: { id: {} } } },
  },
};
const variables = {
  name: { value: "a" },
  empty: { value: "" },
  object: { value: { key: "b", group: "sg-7" } },
  list: { value: ["sg-1", ["sg-2", ""], 5] },
  keys: { value: { one: { peer: "a" }, two: { peer: "b" }, three: "a" } },
  set: { value: ["a", "b"] },
  unset: {},
};

function follow(references: string[], scope: Partial<Scope> & { readonly at?: string } = {}, loose = false) {
  const modules = new Modules(root);
  const all = new References(modules, instances, variables);
  const { at = "", ...more } = scope;
  const value = all.value(refersTo(...references), { module: modules.at(at), ...more }, loose);
  return { value, indexed: all.indexed };
}
const valueOf = (...args: Parameters<typeof follow>) => follow(...args).value;
const reference = (address: string, attribute = "") => new Reference(address, attribute);
const computed = new Unknown("computed at apply");

describe("an expression", () => {
  it("that isn't there, or refers to nothing, is set by AWS", () => {
    const modules = new Modules(root);
    const all = new References(modules, instances, variables);
    const scope = { module: modules.at("") };
    for (const expression of [undefined, {}, refersTo(), { constant_value: 5 }])
      expect(all.value(expression, scope)).toBe(setByAws);
  });

  it.each<[string[], Reference]>([
    [["aws_vpc.main.id", "aws_vpc.main"], reference("aws_vpc.main", "id")],
    [["aws_vpc.main"], reference("aws_vpc.main")],
    [["data.aws_subnet.found.vpc.0.id", "data.aws_subnet.found"], reference("data.aws_subnet.found", "vpc.0.id")],
    [['aws_sg.each["b"].id', 'aws_sg.each["b"]', "aws_sg.each"], reference('aws_sg.each["b"]', "id")],
    [["aws_sg.counted[1].id", "aws_sg.counted[1]", "aws_sg.counted"], reference("aws_sg.counted[1]", "id")],
  ])("of %j is that resource's attribute", (references, expected) => {
    expect(follow(references)).toEqual({ value: expected, indexed: 0 });
  });

  it("of several resources is one or all of them, each named once", () => {
    const parts = [reference("aws_vpc.main", "id"), reference("data.aws_subnet.found", "id")];
    expect(
      valueOf([
        "aws_vpc.main.id",
        "aws_vpc.main",
        "data.aws_subnet.found.id",
        "data.aws_subnet.found",
        "aws_vpc.main.id",
      ]),
    ).toEqual(new Unknown("one or all of aws_vpc.main.id, data.aws_subnet.found.id", parts, true));
  });

  it("of a whole resource with several instances may be any of them", () => {
    expect(valueOf(["aws_sg.each"])).toEqual(
      new Unknown(
        'one or all of aws_sg.each["a"], aws_sg.each["b"]',
        [reference('aws_sg.each["a"]'), reference('aws_sg.each["b"]')],
        true,
      ),
    );
  });

  it("of what the plan knows already is that text, and each member of a list of it", () => {
    expect(valueOf(["aws_vpc.main.name", "aws_vpc.main"])).toEqual(new Unknown('one or all of "main"', ["main"], true));
    expect(valueOf(["aws_vpc.main.cidrs", "aws_vpc.main"])).toEqual(
      new Unknown('one or all of "10.0.0.0/16", "fd00::/8"', ["10.0.0.0/16", "fd00::/8"], true),
    );
    expect(valueOf(["aws_vpc.main.empty", "aws_vpc.main"])).toEqual(computed);
  });

  it("of a resource that the plan doesn't have is computed at apply", () => {
    expect(valueOf(["aws_vpc.gone.id", "aws_vpc.gone"])).toEqual(computed);
    expect(valueOf(['aws_sg.each["z"].id', 'aws_sg.each["z"]', "aws_sg.each"])).toEqual(computed);
  });

  it.each(["each.key", "count.index", "path.module", "terraform.workspace", "self.id"])(
    "of %s alone is computed at apply",
    (name) => {
      expect(valueOf([name])).toEqual(computed);
    },
  );

  it("of a local can't be followed", () => {
    expect(valueOf(["local.group"])).toEqual(
      new Unknown("it goes through local.group, and a plan doesn't record locals"),
    );
    expect(valueOf(["local.group", "aws_vpc.main.id", "aws_vpc.main"])).toEqual(
      new Unknown("it goes through local.group, and a plan doesn't record locals", [reference("aws_vpc.main", "id")]),
    );
  });
});

describe("an index", () => {
  it("by each.key or count.index is that of the resource itself", () => {
    expect(follow(["aws_sg.each", "each.key"], { key: "b" })).toEqual({
      value: reference('aws_sg.each["b"]'),
      indexed: 1,
    });
    expect(follow(["aws_sg.counted", "count.index"], { key: 1 })).toEqual({
      value: reference("aws_sg.counted[1]"),
      indexed: 1,
    });
  });

  it("by each.key of another key, or by what isn't known, may be any", () => {
    const parts = [reference('aws_sg.each["a"]'), reference('aws_sg.each["b"]')];
    const any = new Unknown("it may be any of aws_sg.each, and a plan doesn't record which", parts);
    expect(follow(["aws_sg.each", "each.key"], { key: "z" })).toEqual({ value: any, indexed: 0 });
    // Nothing is known of the key: the whole resource is meant, as far as the plan tells.
    expect(valueOf(["aws_sg.each", "each.key"])).toMatchObject({ all: true, candidates: parts });
  });

  it("by a variable is its value", () => {
    expect(follow(["aws_sg.each", "var.name"]).value).toEqual(
      new Unknown('one or all of aws_sg.each["a"], "a"', [reference('aws_sg.each["a"]'), "a"], true),
    );
    expect(follow(["aws_sg.each", "var.object.key"]).value).toMatchObject({
      candidates: [reference('aws_sg.each["b"]'), "b"],
    });
    // More than one text isn't a key.
    expect(follow(["aws_sg.each", "var.list"]).indexed).toBe(0);
  });

  it.each<[string, string[], Expression | undefined, Key | undefined, string | undefined]>([
    ["a member of what for_each goes through", ["each.value.peer"], refersTo("var.keys"), "two", 'aws_sg.each["b"]'],
    ["a value of it", ["each.value"], refersTo("var.keys"), "three", 'aws_sg.each["a"]'],
    ["a member of a set", ["each.value"], refersTo("var.set"), "b", 'aws_sg.each["b"]'],
    ["named twice by the plan", ["each.value"], refersTo("var.set", "var.set"), "b", 'aws_sg.each["b"]'],
    ["one of a constant", ["each.value"], { constant_value: { k: "a" } }, "k", 'aws_sg.each["a"]'],
    ["of a set that doesn't have it", ["each.value"], refersTo("var.set"), "z", undefined],
    ["of several variables", ["each.value"], refersTo("var.keys", "var.set"), "three", undefined],
    ["of a local", ["each.value"], refersTo("local.keys"), "three", undefined],
    ["without a key", ["each.value"], refersTo("var.keys"), undefined, undefined],
    ["without for_each", ["each.value"], undefined, "three", undefined],
    ["of a variable that is text", ["each.value"], refersTo("var.name"), "length", undefined],
    ["of a variable without a value", ["each.value"], refersTo("var.unset"), "three", undefined],
  ])("by each.value is %s", (_, by, forEach, key, expected) => {
    const { value, indexed } = follow(["aws_sg.each", ...by], {
      ...(forEach && { forEach }),
      ...(key !== undefined && { key }),
    });
    expect(indexed).toBe(expected === undefined ? 0 : 1);
    expect(value).toEqual(expected === undefined ? expect.any(Unknown) : reference(expected));
  });

  it("of a resource with an attribute next to an index may be a second one", () => {
    const { value } = follow(["aws_sg.each.id", "aws_sg.each", "each.key"], { key: "a" });
    expect(value).toMatchObject({ candidates: expect.arrayContaining([reference('aws_sg.each["a"]')]) });
  });
});

describe("each.value that is a value itself", () => {
  it("comes from what for_each refers to", () => {
    const forEach = refersTo("aws_sg.each");
    expect(valueOf(["each.value.id"], { forEach, key: "a" })).toEqual(
      new Unknown("it goes through each.value, and a plan doesn't record which part of for_each that is", [
        reference('aws_sg.each["a"]'),
        reference('aws_sg.each["b"]'),
      ]),
    );
  });

  it("is computed where for_each refers to no resource", () => {
    expect(valueOf(["each.value.id"], { forEach: refersTo("var.set"), key: "a" })).toEqual(computed);
    expect(valueOf(["each.value.id"], { forEach: { constant_value: {} }, key: "a" })).toEqual(computed);
    expect(valueOf(["each.key"], { forEach: refersTo("aws_sg.each"), key: "a" })).toEqual(computed);
  });
});

describe("a whole block, as a dynamic one makes it", () => {
  it("may be any instance of what it names without an index", () => {
    const { value } = follow(['aws_sg.each["a"].id', 'aws_sg.each["a"]', "aws_sg.each"], {}, true);
    expect(value).toEqual(
      new Unknown("it may be any of aws_sg.each, and a plan doesn't record which", [
        reference('aws_sg.each["a"]', "id"),
        reference('aws_sg.each["a"]'),
        reference('aws_sg.each["b"]'),
      ]),
    );
  });

  it("has not surely all that it names", () => {
    expect(valueOf(["aws_vpc.main.id", "data.aws_subnet.found.id"], {}, true)).toMatchObject({ all: false });
  });
});

describe("a variable", () => {
  it("of the root module has the text that the plan records", () => {
    expect(valueOf(["var.object.group"])).toMatchObject({ candidates: ["sg-7"] });
    expect(valueOf(["var.list"])).toMatchObject({ candidates: ["sg-1", "sg-2"] });
    for (const name of ["var.empty", "var.unset", "var.absent"]) expect(valueOf([name])).toEqual(computed);
  });

  it("of a module is what the module block says", () => {
    const at = "module.lone";
    expect(valueOf(["var.group"], { at })).toEqual(reference("aws_vpc.main", "id"));
    expect(valueOf(["var.constant.list"], { at })).toMatchObject({ candidates: ["sg-1", "sg-2"] });
    expect(valueOf(["var.absent"], { at })).toEqual(computed);
    expect(valueOf(["var.computed"], { at })).toMatchObject({ candidates: expect.any(Array) });
  });

  it("of a module may be what for_each goes through", () => {
    const forEach = (name: string) => ({ at: "module.lone", key: "one", forEach: refersTo(name) });
    const local = new Map([["module.lone.aws_sg.each", [instance('module.lone.aws_sg.each["a"]', "a")]]]);
    const modules = new Modules(root);
    const read = (name: string) => {
      const all = new References(modules, local, variables);
      const { at, ...scope } = forEach(name);
      all.value(refersTo("aws_sg.each", "each.value.peer"), { module: modules.at(at), ...scope });
      return all.indexed;
    };
    // Passed on from the root's variable; of two variables it isn't known which.
    expect(read("var.passed")).toBe(1);
    expect(read("var.several")).toBe(0);
    expect(read("var.absent")).toBe(0);
  });
});

describe("an output", () => {
  it("is what it refers to inside its module", () => {
    expect(valueOf(["module.lone.id", "module.lone"])).toEqual(reference("module.lone.aws_sg.inner", "id"));
    expect(valueOf(["module.lone.all.arn", "module.lone"])).toEqual(reference("module.lone.aws_sg.inner", "arn"));
    expect(valueOf(["module.lone.argument", "module.lone"])).toEqual(reference("aws_vpc.main", "id"));
    for (const output of ["nothing", "absent"]) expect(valueOf([`module.lone.${output}`])).toEqual(computed);
    expect(valueOf(["module.gone.id"])).toEqual(computed);
  });

  it("of a module with for_each is that of the key", () => {
    expect(follow(['module.net["b"].vpc', 'module.net["b"]', "module.net"])).toEqual({
      value: reference('module.net["b"].aws_vpc.inner', "id"),
      indexed: 0,
    });
    expect(follow(["module.net", "each.key"], { key: "a" })).toEqual({
      value: reference('module.net["a"].aws_vpc.inner', "id"),
      indexed: 1,
    });
  });

  it("behind an index that isn't constant may be any of the module's", () => {
    expect(valueOf(["module.lone"])).toEqual(
      new Unknown("it may be any output of module.lone, and a plan doesn't record which", [
        reference("module.lone.aws_sg.inner", "id"),
        reference("module.lone.aws_sg.inner"),
        reference("aws_vpc.main", "id"),
      ]),
    );
    expect(follow(["module.counted", "count.index"], { key: 0 })).toEqual({ value: computed, indexed: 1 });
  });
});

describe("what a value may come from where a plan keeps no expression", () => {
  const nearby = (at: string) => {
    const modules = new Modules(root);
    return new References(modules, instances, variables).nearby({ module: modules.at(at) });
  };

  it("is a module's own resources, without those of modules inside, and what its block is given", () => {
    expect(nearby("module.lone")).toEqual({
      own: [reference("module.lone.aws_sg.inner")],
      given: [
        { argument: "group", parts: [reference("aws_vpc.main", "id")] },
        { argument: "constant", parts: [] },
        { argument: "computed", parts: [reference('aws_sg.each["a"]'), reference('aws_sg.each["b"]')] },
        { argument: "passed", parts: [] },
        { argument: "several", parts: ["a"] },
      ],
    });
  });

  it("is, at the root, what is in no module", () => {
    const { own, given } = nearby("");
    expect(own.map(({ address }) => address)).toEqual([
      "aws_vpc.main",
      'aws_sg.each["a"]',
      'aws_sg.each["b"]',
      "aws_sg.counted[0]",
      "aws_sg.counted[1]",
      'aws_sg.named["x"]',
      'aws_sg.named["y"]',
      'aws_sg.single["only"]',
      "data.aws_subnet.found",
    ]);
    expect(given).toEqual([]);
  });
});
