import { EcsCluster } from "../../../src/constructs/service/ecs-cluster";
import { emptyStack, jsonOf, the } from "../layout";

describe("EcsCluster", () => {
  it("looks an existing one up, so that the plan fails when it isn't there", () => {
    const stack = emptyStack();
    const cluster = new EcsCluster(stack, "ecs-cluster", { cluster: { name: "my-cluster" } });
    const json = jsonOf(stack);
    expect(the(json, "aws_ecs_cluster", "data")).toEqual({ cluster_name: "my-cluster" });
    expect(json.resource).toBeUndefined();
    expect(cluster.name).toBe("my-cluster");
    expect(cluster.execSessions).toEqual({});
  });

  it("makes one with Container Insights", () => {
    const stack = emptyStack();
    new EcsCluster(stack, "ecs-cluster", { cluster: { create: "prod" } });
    expect(the(jsonOf(stack), "aws_ecs_cluster")).toMatchObject({
      name: "prod",
      setting: [{ name: "containerInsights", value: "enabled" }],
    });
  });

  it("gives a new one the capacity providers when services of it run on Spot, and leaves an existing one alone", () => {
    const withSpot = (cluster: { create: string } | { name: string }, spot?: boolean) => {
      const stack = emptyStack();
      new EcsCluster(stack, "ecs-cluster", { cluster, spot });
      return Object.values(jsonOf(stack).resource?.aws_ecs_cluster_capacity_providers ?? {});
    };
    expect(withSpot({ create: "prod" }, true)).toMatchObject([
      {
        cluster_name: expect.stringMatching(/^\$\{aws_ecs_cluster\.[\w-]+\.name\}$/) as string,
        capacity_providers: ["FARGATE", "FARGATE_SPOT"],
      },
    ]);
    expect(withSpot({ create: "prod" })).toEqual([]);
    expect(withSpot({ name: "prod" }, true)).toEqual([]);
  });

  it("logs the ECS Exec sessions of a new one to CloudWatch", () => {
    const stack = emptyStack();
    const cluster = new EcsCluster(stack, "ecs-cluster", {
      cluster: { create: "prod" },
      execSessions: { logRetentionDays: 7 },
    });
    const json = jsonOf(stack);
    expect(the(json, "aws_cloudwatch_log_group")).toMatchObject({ name: "/ecs/prod/exec", retention_in_days: 7 });
    expect(the(json, "aws_ecs_cluster").configuration).toEqual({
      execute_command_configuration: {
        logging: "OVERRIDE",
        log_configuration: {
          cloud_watch_log_group_name: expect.stringMatching(/^\$\{aws_cloudwatch_log_group\.[\w-]+\.name\}$/),
        },
      },
    });
    expect(cluster.execSessions.logGroupArn).toBeDefined();
  });
});
