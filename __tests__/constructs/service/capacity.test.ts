import { EcsCluster } from "../../../src/constructs/service/ecs-cluster";
import { capacityOf } from "../../../src/constructs/service/capacity";
import { Layout, the } from "../layout";

describe("capacity of a service", () => {
  it("is Fargate unless it says otherwise", () => {
    expect(capacityOf(undefined)).toEqual({ launchType: "FARGATE" });
  });

  it("is a strategy instead of a launch type", () => {
    const layout = new Layout();
    layout.service("myapp", { capacity: { spot: { weight: 3 }, onDemand: { base: 1 } } });
    const service = the(layout.json, "aws_ecs_service");
    expect(service).toMatchObject({
      capacity_provider_strategy: [
        { capacity_provider: "FARGATE", base: 1, weight: 1 },
        { capacity_provider: "FARGATE_SPOT", base: 0, weight: 3 },
      ],
      force_new_deployment: true,
    });
    expect(service).not.toHaveProperty("launch_type");
  });

  it("waits until a new cluster has its capacity providers", () => {
    const layout = new Layout();
    const cluster = new EcsCluster(layout.stack, "new-cluster", { cluster: { create: "prod" }, spot: true });
    layout.service("myapp", { cluster, capacity: { spot: {} } });
    layout.service("other", { cluster });
    const dependencies = Object.values(layout.json.resource!.aws_ecs_service!).map(({ depends_on: on }) =>
      (on as string[]).some((address) => address.startsWith("aws_ecs_cluster_capacity_providers.")),
    );
    expect(dependencies).toEqual([true, false]);
  });
});
