import { malformedConfiguration, parsePlan } from "../../../src/review/read/plan-format";

type Json = Record<string, unknown>;

function malformedPlan(json: unknown) {
  const parsed = parsePlan(json);
  return "wrong" in parsed ? parsed.wrong : undefined;
}

/** A plan with everything in it that the review reads. */
const plan = (): Json => ({
  format_version: "1.2",
  terraform_version: "1.11.4",
  errored: false,
  variables: { region: { value: "eu-west-1" } },
  resource_changes: [
    {
      address: 'module.a["x"].aws_vpc.main[0]',
      previous_address: "aws_vpc.main",
      module_address: 'module.a["x"]',
      mode: "managed",
      type: "aws_vpc",
      name: "main",
      index: 0,
      deposed: "1234",
      action_reason: "replace_because_tainted",
      change: {
        actions: ["delete", "create"],
        before: { id: "vpc-1" },
        after: {},
        after_unknown: { id: true },
        replace_paths: [["cidr_block"], ["tags", 0]],
      },
    },
  ],
  action_invocations: [
    {
      address: "action.aws_ecs.x",
      type: "aws_ecs",
      lifecycle_action_trigger: {
        triggering_resource_address: "aws_vpc.main",
        action_trigger_event: "AfterCreate",
      },
    },
  ],
  configuration: {
    root_module: {
      resources: [
        {
          mode: "managed",
          type: "aws_vpc",
          name: "main",
          expressions: { cidr_block: { references: ["var.cidr"] }, tags: { constant_value: {} } },
          for_each_expression: { references: ["var.all"] },
          count_expression: { constant_value: 1 },
        },
      ],
      outputs: { id: { expression: { references: ["aws_vpc.main.id"] } } },
      module_calls: {
        a: {
          expressions: { cidr: { references: ["var.cidr"] } },
          for_each_expression: { references: ["var.all"] },
          count_expression: { references: ["var.count"] },
          module: { resources: [], module_calls: { b: { module: { resources: [] } } } },
        },
      },
    },
  },
  prior_state: {
    values: {
      root_module: {
        address: "",
        resources: [{ address: "data.aws_vpc.x", mode: "data", type: "aws_vpc", name: "x", index: "k", values: {} }],
        child_modules: [{ address: "module.a", resources: [], child_modules: [] }],
      },
    },
  },
});

/** Puts a value at a path such as `resource_changes.0.address`. */
function put(json: Json, path: string, value: unknown): Json {
  const steps = path.split(".");
  const parent = steps.slice(0, -1).reduce<Json>((at, step) => at[step] as Json, json);
  parent[steps.at(-1)!] = value;
  return json;
}

const change = "resource_changes.0";
const root = "configuration.root_module";
const resource = `${root}.resources.0`;
const call = `${root}.module_calls.a`;
const state = "prior_state.values.root_module";

const optional: readonly (readonly [path: string, expected: string])[] = [
  ["terraform_version", "text"],
  ["errored", "true or false"],
  ["variables", "an object"],
  ["resource_changes", "a list"],
  ["action_invocations", "a list"],
  ["configuration", "an object"],
  ["prior_state", "an object"],
  ["prior_state.values", "an object"],
  [`${change}.previous_address`, "text"],
  [`${change}.module_address`, "text"],
  [`${change}.index`, "text or a number"],
  [`${change}.deposed`, "text"],
  [`${change}.action_reason`, "text"],
  [`${change}.change.before`, "an object"],
  [`${change}.change.after`, "an object"],
  [`${change}.change.replace_paths`, "a list"],
  ["action_invocations.0.type", "text"],
  ["action_invocations.0.lifecycle_action_trigger", "an object"],
  ["action_invocations.0.lifecycle_action_trigger.triggering_resource_address", "text"],
  ["action_invocations.0.lifecycle_action_trigger.action_trigger_event", "text"],
  [root, "an object"],
  [`${root}.resources`, "a list"],
  [`${root}.outputs`, "an object"],
  [`${root}.outputs.id.expression`, "an object"],
  [`${root}.outputs.id.expression.references`, "a list of references"],
  [`${root}.module_calls`, "an object"],
  [`${resource}.expressions`, "an object"],
  [`${resource}.for_each_expression`, "an object"],
  [`${resource}.for_each_expression.references`, "a list of references"],
  [`${resource}.count_expression`, "an object"],
  [`${call}.expressions`, "an object"],
  [`${call}.for_each_expression`, "an object"],
  [`${call}.count_expression`, "an object"],
  [`${call}.module`, "an object"],
  [`${call}.module.resources`, "a list"],
  [`${call}.module.module_calls.b.module.resources`, "a list"],
  [state, "an object"],
  [`${state}.address`, "text"],
  [`${state}.resources`, "a list"],
  [`${state}.resources.0.index`, "text or a number"],
  [`${state}.resources.0.values`, "an object"],
  [`${state}.child_modules`, "a list"],
  [`${state}.child_modules.0.resources`, "a list"],
  [`${state}.child_modules.0.child_modules`, "a list"],
];

const required: readonly (readonly [path: string, expected: string])[] = [
  [`${change}.address`, "text"],
  [`${change}.type`, "text"],
  [`${change}.mode`, "text"],
  [`${change}.name`, "text"],
  [`${change}.change`, "an object"],
  [`${change}.change.actions`, "a list"],
  [`${change}.change.actions.0`, "text"],
  ["action_invocations.0.address", "text"],
  [`${resource}.mode`, "text"],
  [`${resource}.type`, "text"],
  [`${resource}.name`, "text"],
  [`${state}.resources.0.address`, "text"],
  [`${state}.resources.0.mode`, "text"],
  [`${state}.resources.0.type`, "text"],
  [`${state}.resources.0.name`, "text"],
  // Members of what may be left out.
  ["variables.region", "an object"],
  [change, "an object"],
  [`${change}.change.replace_paths.0`, "a list"],
  [`${change}.change.replace_paths.0.0`, "text or a number"],
  ["action_invocations.0", "an object"],
  [resource, "an object"],
  [`${resource}.for_each_expression.references.0`, "a list of references"],
  [`${root}.outputs.id`, "an object"],
  [`${root}.outputs.id.expression.references.0`, "a list of references"],
  [call, "an object"],
  [`${call}.expressions.cidr`, "an object"],
  [`${state}.resources.0`, "an object"],
  [`${state}.child_modules.0`, "an object"],
];

/** `a.0.b` as messages have it: `a[0].b`. */
const inWords = (path: string) => path.replace(/\.(\d+)/g, "[$1]");

describe("a plan", () => {
  it("of Terraform's has no fault", () => {
    expect(malformedPlan(plan())).toBeUndefined();
    expect(malformedPlan({})).toBeUndefined();
  });

  it("is read as it is, without what the review doesn't read", () => {
    const json = plan();
    const parsed = parsePlan({ ...json, planned_values: {}, timestamp: "2025-01-01" });
    expect(parsed).toEqual({ plan: json });
    expect(Object.keys((parsed as { plan: object }).plan)).not.toContain("timestamp");
  });

  it("has to be an object", () => {
    expect(malformedPlan([])).toEqual({ path: "", expected: "an object" });
    expect(malformedPlan(null)).toEqual({ path: "", expected: "an object" });
  });

  it.each(optional)("may lack %s, but have nothing else there than %s", (path, expected) => {
    // Both are read as absent, so that nothing else has to tell them apart.
    for (const nothing of [undefined, null])
      expect(parsePlan(put(plan(), path, nothing))).toEqual({ plan: put(plan(), path, undefined) });
    const wrong = expected.startsWith("a list") ? {} : expected === "an object" ? [] : [{}];
    expect(malformedPlan(put(plan(), path, wrong))).toEqual({ path: inWords(path), expected });
  });

  it.each(required)("must have at %s %s", (path, expected) => {
    const wrong = expected.startsWith("a list") ? {} : expected === "an object" ? [] : [{}];
    const found = path.endsWith("references.0")
      ? { path: inWords(path), expected: expect.any(String) }
      : { path: inWords(path), expected };
    for (const value of [wrong, null]) expect(malformedPlan(put(plan(), path, value))).toEqual(found);
  });

  it.each([true, false, {}, { id: true }, null])("may say %j of what isn't known", (value) => {
    expect(malformedPlan(put(plan(), `${change}.change.after_unknown`, value))).toBeUndefined();
  });

  it.each(["text", [], 5])("must not say %j of what isn't known", (value) => {
    const path = `${change}.change.after_unknown`;
    expect(malformedPlan(put(plan(), path, value))).toEqual({ path: inWords(path), expected: "an object" });
  });

  it("names a key in its message as the file has it", () => {
    const at = (key: string) => malformedPlan({ variables: { [key]: 5 } })!.path;
    expect(["plain-1_a", "a b", 'say "x"', "a.b", ""].map(at)).toEqual([
      "variables.plain-1_a",
      'variables["a b"]',
      'variables["say \\"x\\""]',
      'variables["a.b"]',
      'variables[""]',
    ]);
  });
});

describe("an expression", () => {
  const at = (expressions: unknown) => malformedPlan(put(plan(), `${resource}.expressions`, expressions));
  const wrong = (path: string) => ({
    path: `configuration.root_module.resources[0].expressions.${path}`,
    expected: "a list of references",
  });

  it.each([
    ["of references", { a: { references: ["var.x"] } }],
    ["without any", { a: { references: [] } }],
    ["of a constant", { a: { constant_value: { references: 5 } } }],
    ["that is empty", { a: {} }],
    ["of a block", { a: { inner: { references: ["var.x"] } } }],
    ["of blocks", { a: [{ inner: { constant_value: 1 } }, null, "text"] }],
    ["in no object", { a: null, b: "text", c: 5 }],
    ["of a block with an argument called references", { a: { references: { references: ["var.x"] } } }],
    ["of one whose value is a constant", { a: { references: { constant_value: 5 } } }],
    ["of blocks with such an argument", { a: [{ references: { constant_value: 1 } }, { references: {} }] }],
  ])("is one %s", (_, expressions) => {
    expect(at(expressions)).toBeUndefined();
  });

  it.each<[unknown, string]>([
    [{ a: { references: 5 } }, "a.references"],
    [{ a: { references: "var.x" } }, "a.references"],
    [{ a: { references: null } }, "a.references"],
    [{ a: { references: [5] } }, "a.references"],
    [{ a: { references: ["var.x", null] } }, "a.references"],
    [{ a: { references: {} } }, "a.references"],
    [{ a: { references: { references: 5 } } }, "a.references"],
    [{ a: { references: { constant_value: 5 }, constant_value: 5 } }, "a.references"],
    [{ fine: { references: [] }, b: { references: 5 } }, "b.references"],
    [{ a: { b: { c: { references: 5 } } } }, "a.b.c.references"],
    [{ a: [{}, { b: { references: 5 } }] }, "a[1].b.references"],
    [{ a: [{ b: [{ c: { references: 5 } }] }] }, "a[0].b[0].c.references"],
  ])("is not %j", (expressions, path) => {
    expect(at(expressions)).toEqual(wrong(path));
  });
});

describe("Terraform JSON", () => {
  const configuration = () => ({
    resource: { aws_vpc: { main: { cidr_block: "10.0.0.0/16" } } },
    data: { aws_vpc: { main: {} } },
    variable: { x: { default: 1 } },
    locals: { name: "shop" },
    terraform: [],
  });

  it("of CDKTF has no fault", () => {
    expect(malformedConfiguration(configuration())).toBeUndefined();
    expect(malformedConfiguration({})).toBeUndefined();
  });

  it.each(["resource", "data", "variable", "locals"])("may lack %s", (path) => {
    for (const nothing of [undefined, null])
      expect(malformedConfiguration(put(configuration(), path, nothing))).toBeUndefined();
  });

  it.each([
    "resource",
    "resource.aws_vpc",
    "resource.aws_vpc.main",
    "data",
    "data.aws_vpc",
    "data.aws_vpc.main",
    "variable",
    "variable.x",
    "locals",
  ])("has nothing else at %s than an object", (path) => {
    for (const value of ["text", []])
      expect(malformedConfiguration(put(configuration(), path, value))).toEqual({ path, expected: "an object" });
  });
});
