import { controllerOf, scaleOf } from "../../../../src/review/cluster/tasks/scale";
import { Resources, type Resource } from "../../../../src/review/read/resources";
import { Unknown, type Value, type Values } from "../../../../src/review/read/value";
import { ref, resource } from "../../resource";

const unknown = new Unknown("a variable");
const scale = (values: Values, ...others: readonly Resource[]) => {
  const service = resource("aws_ecs_service.shop", { name: "shop", ...values });
  return scaleOf(service, new Resources([service, ...others]));
};
const usual = { maximumPercent: 200, minimumHealthyPercent: 100 };

describe("how many tasks a service has", () => {
  it.each<[Values, object]>([
    [{ desired_count: 3 }, { tasks: 3, most: 3, ...usual }],
    [{ desired_count: "3" }, { tasks: 3, most: 3, ...usual }],
    [{}, { tasks: 0, most: 0, ...usual }],
    [{ desired_count: null }, { tasks: 0, most: 0, ...usual }],
    [{ desired_count: unknown }, { tasks: undefined, most: undefined, ...usual }],
    [
      { desired_count: 4, deployment_maximum_percent: 150, deployment_minimum_healthy_percent: 50 },
      { tasks: 4, most: 4, maximumPercent: 150, minimumHealthyPercent: 50 },
    ],
    // How many tasks a deployment runs is unknown then.
    [
      { desired_count: 4, deployment_maximum_percent: unknown },
      { tasks: 4, most: undefined, ...usual },
    ],
  ])("%j", (values, expected) => {
    expect(scale(values)).toEqual(expected);
  });

  it("isn't in a plan for one task an instance, for task sets, and for a strategy that isn't known", () => {
    expect(scale({ scheduling_strategy: "DAEMON", desired_count: 2 })).toEqual({
      tasks: undefined,
      most: undefined,
      because: expect.stringContaining("(DAEMON)") as string,
      maximumPercent: 100,
      minimumHealthyPercent: 0,
    });
    const nothing = { tasks: undefined, most: undefined, ...usual };
    expect(scale({ scheduling_strategy: unknown, desired_count: 2 })).toEqual({
      ...nothing,
      because: "its scheduling strategy isn't known",
    });
    expect(scale({ deployment_controller: [{ type: "EXTERNAL" }], desired_count: 2 })).toEqual({
      ...nothing,
      because: expect.stringContaining("(EXTERNAL)") as string,
    });
  });

  it("doubles in a blue/green deployment, whatever the percentages", () => {
    const percentages = { desired_count: 2, deployment_maximum_percent: 100, deployment_minimum_healthy_percent: 0 };
    const twice = { tasks: 2, most: 2, ...usual };
    expect(scale({ ...percentages, deployment_controller: [{ type: "CODE_DEPLOY" }] })).toEqual(twice);
    expect(scale({ ...percentages, deployment_configuration: [{ strategy: "BLUE_GREEN" }] })).toEqual(twice);
    const rolling = { tasks: 2, most: 2, maximumPercent: 100, minimumHealthyPercent: 0 };
    expect(scale({ ...percentages, deployment_configuration: [{ strategy: "ROLLING" }] })).toEqual(rolling);
    expect(scale({ ...percentages, deployment_controller: [{ type: "ECS" }] })).toEqual(rolling);
  });
});

describe("autoscaling", () => {
  const target = (resource_id: Value, max_capacity: Value = 12) =>
    resource("aws_appautoscaling_target.a", { resource_id, max_capacity });
  const scaled = { tasks: 2, most: 12, ...usual };
  const alone = { tasks: 2, most: 2, ...usual };

  it.each<[Value, object]>([
    ["service/prod/shop", scaled],
    [ref("aws_ecs_service.shop"), scaled],
    [new Unknown("an expression", [ref("aws_ecs_cluster.a") as never, ref("aws_ecs_service.shop") as never]), scaled],
    ["service/prod/workshop", alone],
    ["service/prod/shop/more", alone],
    [ref("aws_ecs_service.stock"), alone],
    [new Unknown("an expression", [ref("aws_ecs_service.stock") as never]), alone],
  ])("%j", (id, expected) => {
    expect(scale({ desired_count: 2 }, target(id))).toEqual(expected);
  });

  it("may be about this service where its id isn't known", () => {
    const perhaps = {
      tasks: undefined,
      most: undefined,
      because: "an autoscaling target may be about it: its resource_id isn't known",
      ...usual,
    };
    expect(scale({ desired_count: 2 }, target(unknown))).toEqual(perhaps);
    const cluster = new Unknown("an expression", [ref("aws_ecs_cluster.a") as never]);
    expect(scale({ desired_count: 2 }, target(cluster))).toEqual(perhaps);
    // One that surely is wins.
    const other = resource("aws_appautoscaling_target.b", { resource_id: "service/prod/shop", max_capacity: "5" });
    expect(scale({ desired_count: 2 }, target(unknown), other)).toEqual({ ...scaled, most: 5 });
  });

  it("may go further by the clock", () => {
    const action = (resource_id: Value, max: Value) =>
      resource("aws_appautoscaling_scheduled_action.a", {
        resource_id,
        scalable_target_action: [{ min_capacity: "1", max_capacity: max }],
      });
    const most = (...actions: Parameters<typeof action>) =>
      scale({ desired_count: 2 }, target("service/prod/shop"), action(...actions)).most;
    expect(most("service/prod/shop", "20")).toBe(20);
    expect(most("service/prod/shop", "3")).toBe(12);
    expect(most("service/prod/shop", "")).toBe(12);
    expect(most("service/prod/other", "20")).toBe(12);
    expect(most("service/prod/shop", unknown)).toBeUndefined();
  });

  it("without a known maximum leaves it open", () => {
    expect(scale({ desired_count: 2 }, target("service/prod/shop", unknown)).most).toBeUndefined();
  });
});

it("deploys by ECS itself, unless the service names another controller", () => {
  expect(controllerOf({})).toBe("ECS");
  expect(controllerOf({ deployment_controller: [{ type: "CODE_DEPLOY" }] })).toBe("CODE_DEPLOY");
});
