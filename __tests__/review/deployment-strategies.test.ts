import Ajv from "ajv";
import schema from "../../docs/review.schema.json";
import { renderJson } from "../../src/review/render/json";
import { renderMarkdown } from "../../src/review/render/markdown";
import { reviewPlan } from "../../src/review/review";
import { strategyOf } from "../../src/review/web/deployment-strategy";
import { alarms, deployedWith, shifted, weighted } from "./deployment-cases";
import { at, edited, found, ingress, set, type Block, type Edit } from "./edits";
import { balanced } from "./web/balanced";

const messages = (id: string, edit: Edit) => found(edit, id).map(({ severity, message }) => `${severity}: ${message}`);
const service = (values: Block) => set("aws_ecs_service", "shop", values);

describe("what a shift of requests needs", () => {
  const needs = (edit: Edit) => messages("traffic-shift-incomplete", edit);

  it("is reported in full where the load balancer says nothing of it", () => {
    const plain: Edit = (layout) => {
      balanced(layout);
      service(deployedWith("CANARY", "5"))(layout);
    };
    expect(needs(plain)).toEqual([
      "error: shop deploys with CANARY, and its load_balancer names no second target group (alternate_target_group_arn), no listener rule (production_listener_rule), no role of ECS (role_arn)",
    ]);
  });

  it("is another target group than the first", () => {
    expect(needs(shifted({}, { alternate_target_group_arn: "${aws_lb_target_group.shop.arn}" }))).toEqual([
      "error: shop deploys with BLUE_GREEN, and its second target group is the first one",
    ]);
  });

  it("is a bake time, with BLUE_GREEN alone", () => {
    expect(needs(shifted(deployedWith("BLUE_GREEN", undefined)))).toEqual([
      "error: shop deploys with BLUE_GREEN, and sets no bake_time_in_minutes, which ECS requires",
    ]);
    expect(needs(shifted(deployedWith("LINEAR", undefined)))).toEqual([]);
  });

  it("is a load balancer: without one CANARY is an error, and BLUE_GREEN shifts nothing", () => {
    const headless = "and has no load balancer whose requests could shift";
    expect(needs(service(deployedWith("CANARY", "5")))).toEqual([`error: shop deploys with CANARY, ${headless}`]);
    expect(needs(service(deployedWith("BLUE_GREEN", "5")))).toEqual([
      `warning: shop deploys with BLUE_GREEN, ${headless}`,
    ]);
    const connect = { service_connect_configuration: { enabled: true } };
    expect(needs(service({ ...deployedWith("CANARY", "5"), ...connect }))).toEqual([]);
  });

  it.each<[string, Block]>([
    ["a rolling deployment", deployedWith("ROLLING", undefined)],
    ["an unknown strategy", deployedWith("${var.strategy}", undefined)],
    ["CodeDeploy", { ...deployedWith("BLUE_GREEN", "5"), deployment_controller: { type: "CODE_DEPLOY" } }],
  ])("is nothing with %s", (_, values) => {
    expect(needs(service(values))).toEqual([]);
  });

  it("isn't reported where a block is unknown", () => {
    expect(needs(shifted({ load_balancer: "${var.balancers}" }))).toEqual([]);
    const unknown: Edit = (layout) => {
      shifted()(layout);
      (at(layout, "aws_ecs_service", "shop").load_balancer as Block).advanced_configuration = "${var.advanced}";
    };
    expect(needs(unknown)).toEqual([]);
  });
});

it("checks the second target group as it checks the first", () => {
  const instances: Edit = (layout) => {
    shifted()(layout);
    at(layout, "aws_lb_target_group", "green").target_type = "instance";
  };
  expect(found(instances, "target-type")).toMatchObject([{ address: "aws_lb_target_group.green" }]);
});

it("reports a blocked load balancer once, not for each target group", () => {
  const blocked: Edit = (layout) => {
    shifted()(layout);
    Object.assign(at(layout, ingress, "shop_from_balancer"), { from_port: 80, to_port: 80 });
  };
  expect(found(blocked, "load-balancer-blocked")).toHaveLength(1);
});

it("finds nothing wrong with a service that shifts requests as it should", () => {
  expect(reviewPlan(edited(shifted(alarms()))).findings).toEqual([]);
});

it("reports weights only of rules that a shift uses", () => {
  expect(messages("traffic-weights-reset", weighted([0, 100], [100, 0], "ROLLING"))).toEqual([]);
});

it("reports alarms without bake time only where they are on", () => {
  const bake = (values: Block) =>
    messages("no-bake-time", shifted({ ...deployedWith("CANARY", undefined), ...values }));
  expect(bake(alarms())).toEqual(["warning: shop deploys with CANARY, alarms and no bake time"]);
  expect(bake(alarms({ enable: false }))).toEqual([]);
  expect(bake(alarms({ alarm_names: [] }))).toEqual([]);
  expect(bake({})).toEqual([]);
  expect(messages("no-bake-time", service(alarms()))).toEqual([]);
});

it("reports alarms that stop a deployment and leave it there", () => {
  expect(messages("deployment-alarms-off", service(alarms({ rollback: false })))).toEqual([
    "warning: shop stops a deployment at an alarm but doesn't roll it back",
  ]);
  expect(messages("deployment-alarms-off", service(alarms({ alarm_names: [], enable: false })))).toEqual([]);
});

const validate = new Ajv({ allErrors: true }).compile(schema);

describe("a strategy in the report", () => {
  const canary = { canary_configuration: { canary_percent: 10, canary_bake_time_in_minutes: "15" } };
  const linear = { linear_configuration: { step_percent: 25, step_bake_time_in_minutes: "2" } };

  it.each<[string, Block, string, readonly number[] | undefined]>([
    [
      "BLUE_GREEN",
      deployedWith("BLUE_GREEN", "5"),
      "blue/green: all requests at once, old tasks stay 5 min",
      [330, 380],
    ],
    [
      "CANARY",
      deployedWith("CANARY", "1", canary),
      "canary: 10 % of the requests for 15 min, old tasks stay 1 min",
      [990, 1040],
    ],
    [
      "LINEAR",
      deployedWith("LINEAR", undefined, linear),
      "linear: 25 % more of the requests every 2 min, old tasks stay 0 min",
      [510, 560],
    ],
    [
      "AWS's values",
      deployedWith("CANARY", "0"),
      "canary: 5 % of the requests for 10 min, old tasks stay 0 min",
      [630, 680],
    ],
    ["ROLLING", deployedWith("ROLLING", undefined), "rolling", [30, 80]],
    ["an unknown one", deployedWith("${var.strategy}", "5"), "unknown", undefined],
    ["an unknown bake time", deployedWith("LINEAR", "${var.minutes}"), "unknown", undefined],
  ])("is that of %s", (_, values, text, total) => {
    const review = reviewPlan(edited(shifted(values)));
    expect(review.web.map(({ targetGroup }) => targetGroup.address)).toEqual(["aws_lb_target_group.shop"]);
    expect(review.web[0]?.deployment?.total).toEqual(total);
    expect(String(renderMarkdown([review]))).toContain(`| shop | ${text} |`);
    validate(JSON.parse(String(renderJson([review]))));
    expect(validate.errors).toBeNull();
  });

  it("is rolling where AWS provider 6 shows the block as known after apply", () => {
    const plan = weighted([1], [1]);
    const edit: Edit = (layout) => {
      plan(layout);
      const { resource_changes: changes } = layout as unknown as {
        resource_changes: { address: string; change: { after: Block; after_unknown: Block } }[];
      };
      const { change } = changes.find(({ address }) => address === "aws_ecs_service.shop")!;
      delete change.after.deployment_configuration;
      change.after_unknown = { ...change.after_unknown, deployment_configuration: true };
    };
    const { services } = reviewPlan(edited(edit));
    expect(strategyOf(services.find(({ name }) => name === "shop")!.resource)).toEqual({ rolling: {} });
  });
});
