import { labBounds, type ServiceTiming } from "../../../src/lab/waiting/bounds";
import { secondsOf } from "../../../src/lab/waiting/wait";
import { reviewPlan } from "../../../src/review/review";
import { goodLayout } from "../../review/good-layout";
import { setVariable } from "../../review/layouts";

const healthCheck = {
  command: ["/bin/true"],
  intervalSeconds: 5,
  timeoutSeconds: 2,
  retries: 3,
  startPeriodSeconds: 10,
};
const service = (change: Partial<ServiceTiming> = {}, environment: Record<string, string> = {}): ServiceTiming => ({
  desiredCount: 2,
  configuration: {
    minimumHealthyPercent: 100,
    maximumPercent: 200,
    circuitBreaker: { enable: false, rollback: false },
  },
  containers: [{ environment, essential: true, healthCheck, stopTimeoutSeconds: 30 }],
  dnsTtl: 10,
  settleSeconds: 40,
  retrySeconds: 1,
  ...change,
});

describe("how long things may take by what is applied", () => {
  it("a join is the TTL, the polling interval and the negative TTL of the slowest service", () => {
    const quick = service({ dnsTtl: 1 }, { CLUSTER_NODES: "a@b", CLUSTER_POLLING_INTERVAL: "500" });
    const slow = service({ dnsTtl: 10 }, { CLUSTER_NODES: "a@b" });
    expect(labBounds([quick, slow], 2).join).toEqual({
      timers: 13,
      work: 0.5,
      of: "negative TTL 2 s + DNS TTL 10 s + polling interval 1 s + connecting 0.5 s",
    });
    expect(labBounds([quick], 0).join.timers).toBe(1.5);
  });

  it.each([
    [{ DNS_CLUSTER_QUERY: "a.b" }, 5],
    [{}, 5],
    [{ CLUSTER_NODES: "a@b" }, 1],
  ])("%j polls every %d s", (environment, seconds) => {
    expect(labBounds([service({ dnsTtl: 0 }, environment)], 0).join.timers).toBe(seconds);
  });

  it.each([
    {},
    { CLUSTER_POLLING_INTERVAL: "2500" },
    { CLUSTER_NODES: undefined, DNS_CLUSTER_QUERY: "shop.organization.local" },
    { CLUSTER_NODES: undefined },
  ])("a join is what the review says of the same layout, with %j", (variables) => {
    const layout = goodLayout();
    const own = layout.resource.aws_ecs_task_definition!.shop as { container_definitions: string };
    for (const [name, value] of Object.entries(variables)) setVariable(layout, "shop", name, value);
    const [{ environment }] = JSON.parse(own.container_definitions) as [
      { environment: { name: string; value: string }[] },
    ];
    const applied = service({}, Object.fromEntries(environment.map(({ name, value }) => [name, value])));
    const { join } = reviewPlan(layout).stability.find((each) => each.service.name === "shop")!;
    expect(labBounds([applied], 0).join.timers).toBe(join![1]);
  });

  it("the mesh of a lab that starts: boots, health checks and a join", () => {
    const bound = labBounds([service({}, { CLUSTER_NODES: "a@b" })], 1).mesh;
    expect(bound.of).toBe(
      "boot of 2 nodes 10 s + health checks 12 s + negative TTL 1 s + DNS TTL 10 s + polling interval 1 s + connecting 0.5 s",
    );
  });

  it("a steady state takes as many rounds as the percentages leave, and without a health check the settling time", () => {
    const configuration = { ...service().configuration, minimumHealthyPercent: 50, maximumPercent: 100 };
    const steady = (change: Partial<ServiceTiming>) => labBounds([service(change)], 0).steady.of;
    expect(steady({ desiredCount: 4, configuration })).toBe(
      "boot of 4 nodes 20 s + health checks 24 s + stop timeouts 60 s",
    );
    const containers = service().containers.map((container) => ({ ...container, healthCheck: undefined }));
    expect(steady({ containers })).toBe("boot of 2 nodes 10 s + health checks 40 s + stop timeouts 30 s");
  });

  it("with a circuit breaker there are its failures too, and the way back", () => {
    const configuration = { ...service().configuration, circuitBreaker: { enable: true, rollback: true } };
    expect(labBounds([service({ configuration })], 0).steady.of).toBe(
      // Three failures of 10 s + 3 × 7 s each, with pauses of 1, 2 and 4 s.
      "boot of 4 nodes 20 s + health checks 24 s + stop timeouts 60 s + failed tasks 100 s",
    );
  });

  it("nothing applied, nothing to wait for but a boot", () => {
    const { join, steady } = labBounds([], 0);
    expect([secondsOf(join), secondsOf(steady)]).toEqual([0.5, 0]);
  });
});
