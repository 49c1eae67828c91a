import { renderTerminal } from "../../src/review/render/terminal";
import { reviewPlan } from "../../src/review/review";
import { planText, pairsOf, reviewFixture } from "./fixtures";

interface Plan {
  configuration: { root_module: { module_calls: Record<string, { expressions: Record<string, object> }> } };
  resource_changes: { address: string; change: object }[];
}
const plan = () => JSON.parse(planText("registry")) as Plan;

describe("services by modules of the public registry", () => {
  const review = reviewFixture("registry");
  const pairs = pairsOf(review);

  it("are followed through dynamic blocks, locals and each.value, where one resource alone can be meant", () => {
    // WHEN a plan records neither the groups, nor the Cloud Map service, nor the task definition of a service
    // THEN each is found all the same
    expect(pairs["shop→shop"]).toEqual(["connects"]);
    expect(pairs["stock→stock"]).toEqual(["connects"]);
    expect(pairs["stock→shop"]).toEqual(["connects"]);
    expect(pairs["shop→stock"]).toEqual([
      "blocked",
      "no rule for 4369 and 9000–9010 from module.shop.aws_security_group.this[0] to module.stock.aws_security_group.this[0]",
    ]);
    // The group that the module is given counts, its load balancer's doesn't.
    expect(pairs["mail→mail"]).toEqual(["connects"]);
    expect(review.services.find(({ name }) => name === "mail")?.endpoint.groups).toEqual([
      'module.task["mail"].aws_security_group.ecs_service[0]',
      "aws_security_group.nodes",
    ]);
  });

  it("are listed with what was taken for what, and why", () => {
    expect(review.assumptions.filter((each) => /^(shop:|module\.shop\.)/.test(each))).toEqual([
      "shop: its task definition read as module.shop.aws_ecs_task_definition.this[0]: it goes through local.task_definition, and a plan doesn't record locals",
      'shop: its Cloud Map service read as aws_service_discovery_service.this["shop"]: a dynamic block sets it, and plans don\'t record dynamic blocks',
      "shop: its security groups read as module.shop.aws_security_group.this[0]: a dynamic block sets it, and plans don't record dynamic blocks",
      'module.shop.aws_security_group_rule.this["peer"]: its source read as module.stock.aws_security_group.this[0]: it goes through each.value, and a plan doesn\'t record which part of for_each that is',
    ]);
    expect(String(renderTerminal([review]))).toContain("\n  shop: its task definition read as module.shop");
  });

  it("name all resources where several can be meant", () => {
    const [state, reason] = pairs["audit→audit"]!;
    expect(state).toBe("unknown");
    expect(reason).toContain("it goes through each.value");
    expect(reason).toContain(
      "it may be any of module.shop.aws_security_group.this[0], module.audit.aws_security_group.this",
    );
  });

  it.each([
    // Not told apart from the load balancer's, the rules' or a database's: nothing is certain then.
    ["nodes_reachable_from", "unknown"],
    ["alb_security_group_id", "blocked"],
    ["security_group_ids", "connects"],
  ])("take a group that is given as %s: %s", (argument, state) => {
    const changed = plan();
    const references = ["aws_security_group.nodes.id", "aws_security_group.nodes"];
    changed.configuration.root_module.module_calls.shop!.expressions[argument] = { references };
    changed.configuration.root_module.module_calls.stock!.expressions[argument] = { references };
    expect(pairsOf(reviewPlan(changed))["shop→stock"]![0]).toBe(state);
  });

  it("name several Cloud Map services, and take none", () => {
    const changed = plan();
    const references = [
      'aws_service_discovery_service.this["mail"].arn',
      'aws_service_discovery_service.this["shop"].arn',
    ];
    changed.configuration.root_module.module_calls.shop!.expressions.service_registries = { references };
    const reasons = pairsOf(reviewPlan(changed))["stock→shop"]!;
    expect(reasons).toEqual([
      "unknown",
      "stock polls shop.organization.local but where shop's service registers isn't known: which Cloud Map service isn't known: a dynamic block sets it, and plans don't record dynamic blocks; it may be aws_service_discovery_service.this[\"mail\"] or aws_service_discovery_service.this[\"shop\"]",
    ]);
  });
});

describe('"unknown before apply"', () => {
  it("is reported for a plan that changes something", () => {
    expect(String(renderTerminal([reviewFixture("registry")]))).toContain("1 unknown before apply");
  });

  it("is not said once everything is applied", () => {
    const applied = plan();
    for (const { change } of applied.resource_changes) Object.assign(change, { actions: ["no-op"] });
    const text = String(renderTerminal([reviewPlan(applied)]));
    expect(text).toContain("1 unknown)");
    expect(text).not.toContain("unknown before apply");
  });
});
