import type { ElixirServiceProps } from "../../../src/constructs/service/elixir-service-props";
import type { ScaledTasks } from "../../../src/constructs/service/service-scaling";
import { Layout, problemsOf, the, type TerraformJson } from "../layout";

const route = {
  targetGroupArn: "arn:tg",
  securityGroupId: "sg-0abc1234",
  metrics: [{ LoadBalancer: "app/prod/1", TargetGroup: "targetgroup/shop/2" }],
};

function layoutOf(tasks: ScaledTasks, props: Partial<ElixirServiceProps> = {}): Layout {
  const layout = new Layout();
  layout.service("my-app", { nameTemplates: { resources: "prod-{service}" }, tasks, ...props });
  return layout;
}
const jsonOf = (tasks: ScaledTasks, props: Partial<ElixirServiceProps> = {}): TerraformJson =>
  layoutOf(tasks, props).json;
const policies = (json: TerraformJson) => Object.values(json.resource!.aws_appautoscaling_policy ?? {});

describe("autoscaling of a service", () => {
  it("sets the number of tasks, which plans then ignore", () => {
    const json = jsonOf({ min: 2, max: 12, cpuPercent: 60 });
    expect(the(json, "aws_ecs_service")).toMatchObject({
      desired_count: 2,
      lifecycle: { ignore_changes: ["desired_count"] },
    });
    expect(the(json, "aws_appautoscaling_target")).toMatchObject({
      service_namespace: "ecs",
      scalable_dimension: "ecs:service:DesiredCount",
      // The service's own name is a reference: the target goes before the service.
      resource_id: expect.stringMatching(/^service\/my-cluster\/\$\{aws_ecs_service\.[\w-]+\.name\}$/) as string,
      min_capacity: 2,
      max_capacity: 12,
    });
    expect(the(json, "aws_appautoscaling_target")).not.toHaveProperty("lifecycle");
  });

  it("keeps each metric that it is given at its target", () => {
    const cooldownSeconds = 60;
    const tasks = { max: 12, cpuPercent: 60, memoryPercent: 80, requestsPerTask: 1000, cooldownSeconds };
    const found = policies(jsonOf(tasks, { web: route })).map(
      ({ name, policy_type, target_tracking_scaling_policy_configuration: configuration }) => ({
        name,
        policy_type,
        ...(configuration as object),
      }),
    );
    const tracking = { policy_type: "TargetTrackingScaling", scale_in_cooldown: 60, scale_out_cooldown: 60 };
    const metric = (predefined_metric_type: string, more = {}) => ({
      predefined_metric_specification: { predefined_metric_type, ...more },
    });
    expect(found).toEqual([
      { ...tracking, name: "prod-my-app-cpu", target_value: 60, ...metric("ECSServiceAverageCPUUtilization") },
      { ...tracking, name: "prod-my-app-memory", target_value: 80, ...metric("ECSServiceAverageMemoryUtilization") },
      {
        ...tracking,
        name: "prod-my-app-requests",
        target_value: 1000,
        ...metric("ALBRequestCountPerTarget", { resource_label: "app/prod/1/targetgroup/shop/2" }),
      },
    ]);
  });

  it("has other limits by the clock, which plans don't undo", () => {
    const schedule = [
      { cron: "0 7 ? * MON-FRI *", timezone: "Europe/Berlin", min: 4 },
      { cron: "0 19 * * ? *", max: 3 },
    ];
    const json = jsonOf({ min: 2, max: 12, schedule });
    expect(the(json, "aws_appautoscaling_target").lifecycle).toEqual({
      ignore_changes: ["min_capacity", "max_capacity"],
    });
    expect(policies(json)).toEqual([]);
    expect(Object.values(json.resource!.aws_appautoscaling_scheduled_action!)).toMatchObject([
      {
        name: "prod-my-app-1",
        schedule: "cron(0 7 ? * MON-FRI *)",
        timezone: "Europe/Berlin",
        scalable_target_action: { min_capacity: "4", max_capacity: "12" },
      },
      {
        name: "prod-my-app-2",
        schedule: "cron(0 19 * * ? *)",
        timezone: "UTC",
        scalable_target_action: { min_capacity: "2", max_capacity: "3" },
      },
    ]);
  });

  it.each<[string, Partial<ElixirServiceProps>, string]>([
    ["without web", {}, "requestsPerTask counts the requests of a load balancer: set web, or use cpuPercent"],
    [
      "with a target group elsewhere",
      { web: { ...route, metrics: undefined } },
      "requestsPerTask needs the names of load balancer and target group: set web.metrics",
    ],
  ])("counts no requests %s", (_, props, message) => {
    expect(problemsOf(layoutOf({ max: 4, requestsPerTask: 10 }, props).stack)).toEqual([
      expect.stringContaining(message),
    ]);
  });

  it("is refused with DNSPoll where the most tasks exceed one DNS answer, also by the clock", () => {
    const said = (tasks: ScaledTasks) => problemsOf(layoutOf(tasks, { discovery: "dnspoll" }).stack);
    expect(said({ max: 4, cpuPercent: 60 })).toEqual([]);
    expect(said({ max: 12, cpuPercent: 60 })).toEqual([expect.stringContaining("runs up to 24 tasks (12 at 200 %)")]);
    expect(said({ max: 4, schedule: [{ cron: "0 19 * * ? *", max: 10 }] })).toEqual([
      expect.stringContaining("runs up to 20 tasks"),
    ]);
  });
});
