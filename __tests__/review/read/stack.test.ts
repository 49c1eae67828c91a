import type { PlanJson } from "../../../src/review/read/plan-format";
import { readStack } from "../../../src/review/read/stack";

const change = (name: string, more: object = {}, mode = "managed") => ({
  address: `${mode === "data" ? "data." : ""}aws_vpc.${name}`,
  mode,
  type: "aws_vpc",
  name,
  change: { actions: ["update"], before: { id: `old-${name}` }, after: { id: name } },
  ...more,
});
const plan = (more: object = {}): PlanJson =>
  ({
    format_version: "1.2",
    terraform_version: "1.11.4",
    resource_changes: [
      change("a"),
      change("b", { change: { actions: ["create"], before: null, after: { id: "b" } } }),
      change("a", { deposed: "1234", change: { actions: ["delete"], before: { id: "deposed" }, after: null } }),
      change("gone", { change: { actions: ["delete"], before: { id: "gone" }, after: null } }),
      change("d", { change: { actions: ["read"], after: { id: "d" } } }, "data"),
    ],
    ...more,
  }) as unknown as PlanJson;
const synthesized = {
  terraform: { backend: { s3: { bucket: "states" } } },
  resource: { aws_vpc: { a: { "//": { metadata: { path: "prod/vpc" } }, cidr_block: "10.0.0.0/16" } } },
};
const ids = (resources: ReturnType<typeof readStack>["resources"] | undefined) =>
  resources!.all().map(({ address, values }) => [address, values.id]);

describe("a plan", () => {
  it("has its resources after and before apply, what it destroys, and what changes", () => {
    const stack = readStack({ plan: plan() });
    expect(stack).toMatchObject({ kind: "plan", terraformVersion: "1.11.4", invocations: [], indexed: 0 });
    expect(ids(stack.resources)).toEqual([
      ["aws_vpc.a", "a"],
      ["aws_vpc.b", "b"],
      ["data.aws_vpc.d", "d"],
    ]);
    expect(ids(stack.before)).toEqual([
      ["aws_vpc.a", "old-a"],
      ["aws_vpc.gone", "gone"],
      ["data.aws_vpc.d", "d"],
    ]);
    expect(stack.before!.at("aws_vpc.a")!.actions).toEqual(["no-op"]);
    expect(stack.resources.destroyed).toEqual([{ address: "aws_vpc.gone", type: "aws_vpc", before: { id: "gone" } }]);
    expect(stack.changes!.map(({ address }) => address)).toEqual([
      "aws_vpc.a",
      "aws_vpc.b",
      "aws_vpc.a",
      "aws_vpc.gone",
    ]);
    expect(stack).not.toHaveProperty("s3Backend");
  });

  it("has the values of variables, and the actions that apply runs", () => {
    const invocation = { address: "action.a.b" };
    const stack = readStack({
      plan: plan({ variables: { region: { value: "eu-west-1" }, unset: {} }, action_invocations: [invocation] }),
    });
    expect(stack.variables).toEqual(
      new Map([
        ["region", "eu-west-1"],
        ["unset", undefined],
      ]),
    );
    expect(stack.invocations).toEqual([invocation]);
    expect(readStack({ plan: plan() }).variables).toEqual(new Map());
  });

  it("may be empty", () => {
    const stack = readStack({ plan: { format_version: "1.2" } });
    expect(stack).not.toHaveProperty("terraformVersion");
    expect([stack.resources.all(), stack.before!.all(), stack.changes]).toEqual([[], [], []]);
  });

  it("is completed by the configuration behind it", () => {
    const stack = readStack({ plan: plan(), synthesized });
    expect(stack.resources.at("aws_vpc.a")).toMatchObject({ constructPath: "prod/vpc", values: { id: "a" } });
    expect(stack.s3Backend).toEqual({ bucket: "states" });
  });
});

describe("a configuration alone", () => {
  it("has neither a state nor changes", () => {
    const stack = readStack({ synthesized });
    expect(stack).toEqual({
      kind: "synthesized",
      place: {},
      resources: expect.anything(),
      invocations: [],
      variables: new Map(),
      indexed: 0,
      leftOut: 0,
      s3Backend: { bucket: "states" },
    });
    expect(stack.resources.at("aws_vpc.a")!.values).toEqual({ cidr_block: "10.0.0.0/16" });
  });

  it.each([
    ["is another one", { backend: { local: {} } }],
    ["isn't configured", {}],
    ["has no arguments", { backend: { s3: null } }],
    ["is text", { backend: { s3: "states" } }],
    ["isn't there at all", undefined],
  ])("has no S3 backend where it %s", (_, terraform) => {
    expect(readStack({ synthesized: { terraform } })).not.toHaveProperty("s3Backend");
  });
});
