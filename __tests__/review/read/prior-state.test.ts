import { reviewPlan } from "../../../src/review/review";
import type { PlanJson } from "../../../src/review/read/plan-format";
import { leftOutOfPlan } from "../../../src/review/read/prior-state";
import { readStack } from "../../../src/review/read/stack";
import { pairsOf, planText } from "../fixtures";

/** The plan of the fixture `changed` as Terraform writes it with `-target`: without changes for most of what it doesn't change. */
function targeted(isLeftOut: (address: string) => boolean): PlanJson {
  const plan = JSON.parse(planText("changed")) as PlanJson;
  const all = plan.resource_changes!;
  return { ...plan, resource_changes: all.filter(({ address }) => !isLeftOut(address)) };
}
const whole = targeted(() => false);
const unchanged = new Set(
  whole.resource_changes!.filter(({ change }) => change.actions[0] === "no-op").map(({ address }) => address),
);

describe("a plan that leaves out resources of the state", () => {
  const part = targeted((address) => unchanged.has(address));

  it("is reviewed as if it named them", () => {
    const [review, expected] = [part, whole].map((plan) => reviewPlan(plan));
    expect(part.resource_changes!.length).toBeLessThan(whole.resource_changes!.length);
    expect(pairsOf(review!)).toEqual(pairsOf(expected!));
    expect(review!.findings).toEqual(expected!.findings);
    expect(review!.changes).toEqual(expected!.changes);
    expect(expected!.assumptions).toEqual([]);
    expect(review!.assumptions).toEqual([
      `${unchanged.size} resources of the state that the plan leaves out (-target, -exclude, -refresh-only) stay as they are`,
    ]);
  });

  it("has them before and after apply, with what the configuration sets", () => {
    const of = (plan: PlanJson) => {
      const { resources, before } = readStack({ plan });
      const { nearby, ...resource } = resources.at("aws_security_group.stock")!;
      return { resource, before: before!.at("aws_security_group.stock"), nearby: nearby !== undefined };
    };
    expect(of(part)).toEqual(of(whole));
    expect(of(part).resource.configured).toHaveProperty("vpc_id");
  });

  it("has all of them where nothing but the state is refreshed", () => {
    const { resource_changes, ...rest } = whole;
    const names = (plan: PlanJson) => reviewPlan(plan).services.map(({ name }) => name);
    expect(resource_changes).not.toEqual([]);
    expect(names(rest)).toEqual(names(whole));
    expect(reviewPlan(rest).changes).toMatchObject({ toAdd: 0, toChange: 0, toDestroy: 0, resources: [] });
  });
});

describe("what a plan leaves out", () => {
  const resource = (address: string, more: object = {}) => ({
    address,
    mode: "managed",
    type: "aws_vpc",
    name: address.split(".").at(-1)!,
    values: { id: address },
    ...more,
  });
  const leftOut = (resources: object[], resource_changes: object[] = []) =>
    leftOutOfPlan({
      format_version: "1.2",
      resource_changes,
      prior_state: {
        values: { root_module: { resources, child_modules: [{ address: 'module.a["x"]', resources: [inModule] }] } },
      },
    } as unknown as PlanJson);
  const inModule = resource('module.a["x"].aws_vpc.b', { index: 0 });

  it("is known by its module and key", () => {
    expect(leftOut([])).toMatchObject([
      { address: 'module.a["x"].aws_vpc.b', module_address: 'module.a["x"]', index: 0, change: { actions: ["no-op"] } },
    ]);
  });

  it("omits data sources, deposed objects, and what the plan names, under its old address too", () => {
    const change = (address: string, more: object = {}) => ({ address, ...more });
    expect(
      leftOut(
        [
          resource("data.aws_vpc.d", { mode: "data" }),
          resource("aws_vpc.replaced", { deposed_key: "0a1b2c3d" }),
          resource("aws_vpc.same"),
          resource("aws_vpc.old"),
        ],
        [change("aws_vpc.same"), change("aws_vpc.new", { previous_address: "aws_vpc.old" })],
      ).map(({ address }) => address),
    ).toEqual([inModule.address]);
  });
});
