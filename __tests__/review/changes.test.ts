import { renderHtml } from "../../src/review/render/html/page";
import { renderMarkdown } from "../../src/review/render/markdown";
import { renderTerminal } from "../../src/review/render/terminal";
import { reviewPlan } from "../../src/review/review";
import { planText, reviewFixture } from "./fixtures";
import { changedPlan } from "./planned";

describe("what a removed block forgets", () => {
  const address = "aws_ecs_service.stock";
  const review = (...actions: string[]) =>
    reviewPlan(changedPlan((_, at) => Object.assign(at(address), { actions, after: null, after_unknown: {} })));
  const names = ({ services }: ReturnType<typeof review>) => services.map(({ name }) => name);

  it("stays in AWS: a service goes on running its nodes, and one that is destroyed doesn't", () => {
    expect(names(review("forget"))).toEqual(["mail", "shop", "stock"]);
    expect(names(review("delete"))).toEqual(["mail", "shop"]);
  });

  it("is listed as what Terraform doesn't manage any more", () => {
    expect(String(renderTerminal([review("forget")]))).toContain(
      `.   ${address}: it stays in AWS as it is, and Terraform doesn't manage it any more\n`,
    );
  });
});

describe("what a replacement forgets", () => {
  it.each([[["create", "forget"]], [["forget", "create"]]])("stays in AWS: %j", (actions) => {
    const address = "aws_security_group.mail";
    const { changes } = reviewPlan(changedPlan((_, at) => Object.assign(at(address), { actions })));
    expect(changes!.resources.find((change) => change.address === address)).toMatchObject({
      action: "replace",
      meaning: "the old one stays in AWS as it is, and Terraform doesn't manage it any more",
    });
  });
});

describe("a rolling deployment of a DAEMON service", () => {
  it("has no number of tasks", () => {
    const { changes } = reviewPlan(
      changedPlan((_, at) => {
        const { before, after } = at("aws_ecs_service.mail");
        for (const side of [before, after]) Object.assign(side!, { scheduling_strategy: "DAEMON", desired_count: 0 });
      }),
    );
    const mail = changes!.resources.find(({ address }) => address === "aws_ecs_service.mail");
    expect(mail?.meaning).toBe("rolling deployment");
  });
});

describe("what a change means", () => {
  const meaning = (address: string, actions: readonly string[], before: object = {}) =>
    reviewPlan(
      changedPlan((_, at) => {
        const change = at(address);
        Object.assign(change, { actions, before: { ...change.before, ...before } });
      }),
    ).changes!.resources.find((change) => change.address === address)?.meaning;
  const [namespace, logs] = ["aws_service_discovery_private_dns_namespace.main", "aws_cloudwatch_log_group.mail"];
  const deleted = "the logs in it are deleted with it";

  it.each([
    [namespace, ["create", "delete"], "old tasks can't be found once the old one is deleted"],
    [namespace, ["delete", "create"], "it can't be removed while services are registered in it"],
    [namespace, ["delete"], "every DNS name in it is gone"],
    [logs, ["create", "delete"], deleted],
    [logs, ["delete", "create"], deleted],
    [logs, ["delete"], deleted],
  ])("of %s: %j", (address, actions, said) => {
    expect(meaning(address, actions)).toContain(said);
  });

  it("is nothing for a log group that stays in AWS, or only changes", () => {
    expect(meaning(logs, ["delete"], { skip_destroy: true })).toBeUndefined();
    expect(meaning(logs, ["update"])).toBeUndefined();
  });
});

describe("actions of Terraform 1.14", () => {
  const address = "action.aws_lambda_invoke.drain";
  const planOf = (invocation: object) => ({
    format_version: "1.2",
    terraform_version: "1.14.0",
    action_invocations: [{ address, type: "aws_lambda_invoke", name: "drain", config_values: {}, ...invocation }],
  });

  it.each([
    [
      "a resource's change",
      {
        lifecycle_action_trigger: {
          triggering_resource_address: "aws_ecs_service.shop",
          action_trigger_event: "before_update",
          action_trigger_block_index: 0,
          actions_list_index: 0,
        },
      },
      "before update of aws_ecs_service.shop",
    ],
    ["-invoke", { invoke_action_trigger: {} }, "by -invoke"],
  ])("are listed: %s", (_, trigger, occasion) => {
    const review = reviewPlan(planOf(trigger));
    const meaning = `apply runs this action, ${occasion}; what it does isn't in the plan and isn't reviewed`;
    expect(review.changes).toMatchObject({ toInvoke: 1, resources: [{ address, action: "invoke", meaning }] });
    expect(String(renderTerminal([review]))).toContain(`!   ${address}: ${meaning}`);
    expect(String(renderMarkdown([review]))).toContain("0 to destroy, 1 to invoke");
  });

  it("are refused where they aren't what Terraform writes", () => {
    expect(() => reviewPlan({ ...planOf({}), action_invocations: [null] })).toThrow(
      "This plan's action_invocations[0] isn't what Terraform writes there",
    );
  });
});

describe("what a plan changes", () => {
  const { changes } = reviewFixture("changed");
  const of = (address: string) => changes!.resources.find((change) => change.address === address);

  it("is counted as Terraform counts it", () => {
    // THEN it is what terraform plan printed: "Plan: 7 to add, 18 to change, 8 to destroy."
    expect(changes).toMatchObject({ toAdd: 7, toChange: 18, toDestroy: 8, toImport: 0 });
  });

  it("names the attribute that forces a replacement, and what it means", () => {
    expect(of("aws_service_discovery_service.stock")).toEqual({
      address: "aws_service_discovery_service.stock",
      action: "replace",
      attributes: ["name"],
      meaning: expect.stringContaining("ECS does not re-register running tasks") as string,
    });
  });

  it("says how many tasks a rolling deployment runs at once", () => {
    expect(of("aws_ecs_service.shop")?.meaning).toBe("new task definition: rolling deployment, up to 4 tasks at once");
  });

  it("says what a removed rule does to connections that stand", () => {
    expect(of("aws_vpc_security_group_ingress_rule.stock_from_shop_epmd")).toMatchObject({
      action: "delete",
      meaning: "connections that stand stay up; new ones are refused",
    });
  });

  it("is shown with what forces it, and what it means, in every format", async () => {
    const review = reviewFixture("changed");
    expect(String(renderTerminal([review]))).toContain(
      "-/+ aws_service_discovery_service.stock (forced by name): replaces the Cloud Map service: ECS does not re-register",
    );
    expect(String(renderMarkdown([review]))).toContain(
      "- replace `aws_service_discovery_service.stock` (forced by name): replaces the Cloud Map service",
    );
    expect(String(await renderHtml([review])).replace(/>\s+</g, "><")).toContain(
      '<td>replace</td><td class="resource"><code>aws_service_discovery_service.stock</code></td><td>forced by name</td><td class="text">replaces the Cloud Map service',
    );
  });
});

describe("a replacement that no attribute forces", () => {
  it.each([
    ["replace_because_tainted", "it is tainted"],
    ["replace_by_request", "-replace asks for it"],
    ["replace_by_triggers", "its replace_triggered_by asks for it"],
  ])("says what asks for it: %s", (action_reason, because) => {
    const plan = JSON.parse(planText("counted")) as { resource_changes: { address: string; change: object }[] };
    for (const resource of plan.resource_changes)
      if (resource.address === "aws_ecs_service.node[0]")
        Object.assign(resource, { action_reason, change: { ...resource.change, actions: ["delete", "create"] } });
    expect(String(renderTerminal([reviewPlan(plan)]))).toContain(
      `-/+ aws_ecs_service.node[0] (${because}): stops all its tasks, then starts new ones: no rolling deployment`,
    );
  });
});

describe("an update that ECS refuses", () => {
  it.each([
    ["CODE_DEPLOY", "ECS refuses this update: CodeDeploy deploys this service"],
    ["EXTERNAL", "ECS refuses this update: an external controller, through task sets, deploys this service"],
  ])("is named for its controller: %s", (type, meaning) => {
    const plan = JSON.parse(planText("changed")) as {
      resource_changes: { address: string; change: { after: object } }[];
    };
    for (const { address, change } of plan.resource_changes)
      if (address === "aws_ecs_service.shop") Object.assign(change.after, { deployment_controller: [{ type }] });
    const { changes } = reviewPlan(plan);
    expect(changes!.resources.find(({ address }) => address === "aws_ecs_service.shop")).toMatchObject({ meaning });
  });
});
