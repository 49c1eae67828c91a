import { readFileSync } from "node:fs";
import path from "node:path";
import { parseEnvironments } from "../../../src/environment";
import { environmentsApp } from "../../../src/stacks/app/environments-app";
import { synthesize } from "../../../src/stacks/app/synthesis";
import { exampleFile } from "../../examples";
import { scratchFolder } from "../../scratch";
import { all, type TerraformJson } from "../layout";
import { service, stackJson } from "../../stacks/environment";

/** The example's stack: a canary, a linear and a blue/green deployment. */
function example(): TerraformJson {
  const folder = scratchFolder("out");
  const file = exampleFile("traffic-shifting");
  const app = environmentsApp(parseEnvironments(readFileSync(file, "utf8"), file), folder);
  synthesize(app, () => undefined);
  return JSON.parse(readFileSync(path.join(folder, "stacks/prod/cdk.tf.json"), "utf8")) as TerraformJson;
}

type Named = Record<string, unknown> & { name: string };
const serviceOf = (json: TerraformJson, name: string) =>
  (all(json, "aws_ecs_service") as Named[]).find((one) => one.name === name)!;
const rolling = (options: object) =>
  serviceOf(stackJson({ services: { shop: service(options) } }), "shop") as Record<string, unknown>;

describe("a rolling deployment", () => {
  it("is waited for, fails where ECS goes back, and needs no newer provider", () => {
    const json = stackJson({ services: { shop: service() } });
    const shop = serviceOf(json, "shop");
    expect(shop).toMatchObject({
      deployment_circuit_breaker: { enable: true, rollback: true },
      deployment_minimum_healthy_percent: 100,
      wait_for_steady_state: true,
      timeouts: { create: "20m", update: "20m" },
    });
    expect(JSON.stringify(shop.lifecycle)).toMatch(/self\.task_definition == aws_ecs_task_definition\.[\w-]+\.arn}/);
    expect(shop).not.toHaveProperty("deployment_configuration");
    expect(shop).not.toHaveProperty("alarms");
    expect(JSON.stringify(json.terraform)).toContain(">= 5.100.0, < 7.0.0");
  });

  it("has its percentages and alarms, and the minutes that an option sets", () => {
    const deployment = { strategy: { rolling: { maximumPercent: 150, healthyPercent: 50 } }, alarms: ["shop-5xx"] };
    expect(rolling({ tasks: 2, deployment, waitForSteadyState: { minutes: 45 } })).toMatchObject({
      deployment_maximum_percent: 150,
      deployment_minimum_healthy_percent: 50,
      alarms: { alarm_names: ["shop-5xx"], enable: true, rollback: true },
      timeouts: { create: "45m", update: "45m" },
    });
  });

  it("isn't waited for without the option", () => {
    const shop = rolling({ waitForSteadyState: false });
    expect(shop).not.toHaveProperty("wait_for_steady_state");
    expect(shop).not.toHaveProperty("lifecycle");
  });
});

describe("a deployment that shifts requests", () => {
  it("has the strategy's numbers as AWS provider 6.21 takes them", () => {
    const json = example();
    expect(JSON.stringify(json.terraform)).toContain(">= 6.21.0, < 7.0.0");
    expect(serviceOf(json, "shop").deployment_configuration).toEqual({
      strategy: "CANARY",
      bake_time_in_minutes: "10",
      canary_configuration: { canary_percent: 10, canary_bake_time_in_minutes: "15" },
    });
    expect(serviceOf(json, "shop").timeouts).toEqual({ create: "45m", update: "45m" });
    expect(serviceOf(json, "api").deployment_configuration).toEqual({
      strategy: "LINEAR",
      bake_time_in_minutes: "5",
      linear_configuration: { step_percent: 20, step_bake_time_in_minutes: "3" },
    });
    expect(serviceOf(json, "admin").deployment_configuration).toEqual({
      strategy: "BLUE_GREEN",
      bake_time_in_minutes: "10",
    });
  });

  it("names a second target group, the rules and a role, whose policy exists first", () => {
    const json = example();
    const [balancer] = serviceOf(json, "shop").load_balancer as Record<string, unknown>[];
    expect(balancer!.advanced_configuration).toEqual({
      alternate_target_group_arn: expect.stringMatching(/aws_lb_target_group\.web_shop_alternate-target-group/),
      production_listener_rule: expect.stringMatching(/aws_lb_listener_rule\.web_shop_rule/),
      test_listener_rule: expect.stringMatching(/aws_lb_listener_rule\.web_shop_test-rule/),
      role_arn: expect.stringMatching(/aws_iam_role\.web_shop_traffic-shift/),
    });
    expect(String(serviceOf(json, "shop").depends_on)).toContain(
      "aws_iam_role_policy_attachment.web_shop_traffic-shift",
    );
    const [other] = serviceOf(json, "api").load_balancer as Record<string, Record<string, unknown>>[];
    expect(other!.advanced_configuration).not.toHaveProperty("test_listener_rule");
  });

  it("leaves the weights of its rules to ECS, and tests before visitors", () => {
    const rules = Object.entries(example().resource!.aws_lb_listener_rule as Record<string, Record<string, unknown>>);
    expect(rules.map(([, { lifecycle }]) => lifecycle)).toEqual(rules.map(() => ({ ignore_changes: ["action"] })));
    const ofShop = rules.filter(([id]) => id.startsWith("web_shop")).map(([, rule]) => rule);
    const [test, production] = ofShop.sort((a, b) => Number(a.priority) - Number(b.priority));
    expect(JSON.stringify(test!.condition)).toContain("x-shop-version");
    expect(JSON.stringify(production!.condition)).not.toContain("x-shop-version");
  });
});
