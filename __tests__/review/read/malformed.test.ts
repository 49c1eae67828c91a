import { writeFileSync } from "node:fs";
import path from "node:path";
import { parseInput } from "../../../src/review/read/input";
import { renderTerminal } from "../../../src/review/render/terminal";
import { reviewInput } from "../../../src/review/review";
import { runReview } from "../../../src/review/run";
import { planText } from "../fixtures";
import { goodLayout } from "../good-layout";
import { scratchFolder } from "../../scratch";
import { UserError } from "../../../src/user-error";

type Json = Record<string, unknown>;
interface Plan extends Json {
  configuration: { root_module: { resources: Json[]; module_calls?: Record<string, Json> } };
  resource_changes: { change: Json }[];
}

describe("a malformed file is refused with one sentence and exit code 2", () => {
  const folder = scratchFolder("review");

  async function refusal(json: unknown): Promise<string> {
    const file = path.join(folder, "plan.json");
    writeFileSync(file, JSON.stringify(json));
    const out: string[] = [];
    const err: string[] = [];
    const code = await runReview(
      file,
      {},
      { write: (text) => out.push(text) },
      {
        write: (text) => err.push(text),
      },
    );
    expect([code, out]).toEqual([2, []]);
    expect(err).toHaveLength(1);
    return err[0]!;
  }

  const rule = (plan: Plan) =>
    plan.configuration.root_module.resources.find(({ expressions }) => expressions !== undefined)!;
  const expressions = (plan: Plan) => rule(plan).expressions as Record<string, Json>;
  const firstExpression = (plan: Plan) => Object.values(expressions(plan))[0]!;
  const root = (plan: Plan) => plan.configuration.root_module as unknown as Json;
  const call = (plan: Plan) => Object.values(plan.configuration.root_module.module_calls!)[0]!;

  const cases: readonly [name: string, mutate: (plan: Plan) => void, path: string][] = [
    ["references: a number", (plan) => (firstExpression(plan).references = 5), "references"],
    ["references: text", (plan) => (firstExpression(plan).references = "aws_vpc.main"), "references"],
    ["references: [null]", (plan) => (firstExpression(plan).references = [null]), "references"],
    ["references: {}", (plan) => (firstExpression(plan).references = {}), "references"],
    [
      "references inside a block",
      (plan) => (expressions(plan).block = [{ inner: { references: [7] } }] as unknown as Json),
      "expressions.block[0].inner.references",
    ],
    [
      "for_each_expression.references: an object",
      (plan) => (rule(plan).for_each_expression = { references: { constant_value: null } }),
      "for_each_expression.references",
    ],
    ["resources: text", (plan) => (root(plan).resources = "${"), "configuration.root_module.resources"],
    ["resources: [null]", (plan) => (root(plan).resources = [null]), "configuration.root_module.resources[0]"],
    ["expressions: text", (plan) => (rule(plan).expressions = "__proto__"), "expressions"],
    ["expressions: another text", (plan) => (rule(plan).expressions = "0.0.0.0/0"), "expressions"],
    ["variables: null", (plan) => (plan.variables = { x: null }), "variables.x"],
    ["replace_paths: true", (plan) => (plan.resource_changes[0]!.change.replace_paths = true), "replace_paths"],
    ["replace_paths: [false]", (plan) => (plan.resource_changes[0]!.change.replace_paths = [false]), "[0]"],
    ["after: a list", (plan) => (plan.resource_changes[0]!.change.after = []), "resource_changes[0].change.after"],
    ["outputs: a list", (plan) => (root(plan).outputs = [1]), "configuration.root_module.outputs"],
    ["prior_state: text", (plan) => (plan.prior_state = { values: { root_module: "x" } }), "prior_state.values"],
    ["a module call: null", (plan) => (plan.configuration.root_module.module_calls = { a: null as never }), "calls.a"],
    [
      "a module call's references: a number",
      (plan) => (call(plan).expressions = { x: { references: 1 } }),
      "expressions.x.references",
    ],
    ["a module's resources: a number", (plan) => ((call(plan).module as Json).resources = 1), ".module.resources"],
  ];

  it.each(cases)("%s", async (_, mutate, where) => {
    const plan = JSON.parse(planText("modules")) as Plan;
    mutate(plan);
    const message = await refusal(plan);
    expect(message).toMatch(/^This plan's \S+ isn't what Terraform writes there: [^\n]+\n$/);
    expect(message).toContain(where);
  });

  it.each([
    ["data.<type>: null", { ...goodLayout(), data: { aws_vpc: null } }, "an object at data.aws_vpc,"],
    ["resource: a list", { resource: [] }, "an object at resource,"],
    ["a resource: text", { resource: { aws_vpc: { main: "x" } } }, "an object at resource.aws_vpc.main,"],
    ["variable: text", { ...goodLayout(), variable: { x: "y" } }, "an object at variable.x,"],
  ])("synthesized %s", async (_, configuration, what) => {
    expect(await refusal(configuration)).toContain(`can't be read as Terraform JSON: the review reads ${what}`);
  });

  it.each([
    ["in what isn't known", (plan: Plan) => (plan.resource_changes[0]!.change.after_unknown = { tags: "@deep" })],
    ["in the configuration", (plan: Plan) => (rule(plan).expressions = { x: "@deep" })],
  ])("lists and objects a hundred thousand levels deep %s", (_, put) => {
    const plan = JSON.parse(planText("modules")) as Plan;
    put(plan);
    const deep = `${'{"in":'.repeat(100_000)}true${"}".repeat(100_000)}`;
    const text = JSON.stringify(plan).replace('"@deep"', deep);
    expect(() => renderTerminal([reviewInput(parseInput(text, "plan.json"))])).toThrow(
      new UserError("plan.json is nested too deeply: thousands of lists or objects stand one inside another."),
    );
  });
});

it("takes a block with an argument called references for a block", () => {
  const plan = JSON.parse(planText("counted")) as Plan;
  plan.configuration.root_module.resources[0]!.expressions = {
    block: [{ references: { constant_value: 1 } }, { references: {} }],
    single: { references: { references: ["aws_vpc.main"] } },
  };
  expect(() => parseInput(JSON.stringify(plan), "plan.json")).not.toThrow();
});
