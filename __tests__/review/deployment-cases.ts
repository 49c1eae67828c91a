import { all, at, put, type Block, type Edit } from "./edits";
import { planned } from "./planned";
import { balanced } from "./web/balanced";

const green = "${aws_lb_target_group.green.arn}";
const rule = "${aws_lb_listener_rule.shop.arn}";

/** Shifts requests of shop, as it should be, with other values of its service and its load balancer. */
export const shifted = (service: Block = {}, advanced: Block | undefined = {}): Edit =>
  all(balanced, (layout) => {
    const blue = at(layout, "aws_lb_target_group", "shop");
    put(layout, "aws_lb_target_group", "green", { ...blue, name: "green" });
    put(layout, "aws_iam_role", "shift", { name: "shift", assume_role_policy: "{}" });
    const weighted = [
      { arn: "${aws_lb_target_group.shop.arn}", weight: 100 },
      { arn: green, weight: 0 },
    ];
    at(layout, "aws_lb_listener_rule", "shop").action = { type: "forward", forward: { target_group: weighted } };
    const shop = at(layout, "aws_ecs_service", "shop");
    const advanced_configuration = {
      alternate_target_group_arn: green,
      production_listener_rule: rule,
      role_arn: "${aws_iam_role.shift.arn}",
      ...advanced,
    };
    Object.assign(shop, {
      deployment_configuration: { strategy: "BLUE_GREEN", bake_time_in_minutes: "5" },
      load_balancer: { ...(shop.load_balancer as Block), advanced_configuration },
      ...service,
    });
  });

export const deployedWith = (strategy: string, bake: string | undefined, more: Block = {}): Block => ({
  deployment_configuration: { strategy, bake_time_in_minutes: bake, ...more },
});

export const alarms = (values: Block = {}): Block => ({
  alarms: { alarm_names: ["shop-5xx"], enable: true, rollback: true, ...values },
});

/** A listener rule with these weights before and after, of a service that shifts requests. */
export const weighted = (before: readonly number[], after: readonly number[], strategy = "CANARY"): Edit =>
  planned((plan, change) => {
    const arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener-rule/app/web/1/2/3";
    const group = (name: string) => `arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/${name}/1`;
    const action = (weights: readonly number[]) => {
      const target_group = weights.map((weight, index) => ({ arn: group(["blue", "green"][index]!), weight }));
      return [{ type: "forward", forward: [{ target_group }] }];
    };
    Object.assign(change("aws_ecs_service.shop").after!, {
      deployment_configuration: [{ strategy, bake_time_in_minutes: "5" }],
      load_balancer: [{ target_group_arn: group("blue"), advanced_configuration: [{ production_listener_rule: arn }] }],
    });
    const [was, is] = [before, after].map((weights) => ({ arn, id: arn, action: action(weights) }));
    plan.resource_changes.push({
      address: "aws_lb_listener_rule.shop",
      mode: "managed",
      type: "aws_lb_listener_rule",
      name: "shop",
      change: { actions: ["update"], before: was!, after: is! },
    });
  });

/** A case for each check of deployments, as in checks.test.ts. */
export const deploymentCases = {
  "traffic-shift-incomplete": {
    wrong: shifted({}, { role_arn: undefined, production_listener_rule: "" }),
    address: "aws_ecs_service.shop",
    says: "shop deploys with BLUE_GREEN, and its load_balancer names no listener rule (production_listener_rule), no role of ECS (role_arn)",
    nearly: shifted(),
  },
  "traffic-weights-reset": {
    wrong: weighted([0, 100], [100, 0]),
    address: "aws_lb_listener_rule.shop",
    says: "requests of shop are sent 0 to green, 100 to blue instead of 0 to blue, 100 to green",
    nearly: weighted([0, 100], [0, 100]),
  },
  "no-bake-time": {
    wrong: shifted({ ...deployedWith("LINEAR", "0"), ...alarms() }),
    address: "aws_ecs_service.shop",
    says: "shop deploys with LINEAR, alarms and a bake time of 0 minutes",
    nearly: all(shifted({ ...deployedWith("LINEAR", "1"), ...alarms() })),
  },
  "deployment-alarms-off": {
    wrong: shifted(alarms({ enable: false })),
    address: "aws_ecs_service.shop",
    says: "shop has deployment alarms that are disabled",
    nearly: shifted(alarms()),
  },
};
