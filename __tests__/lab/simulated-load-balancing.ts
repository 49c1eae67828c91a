import type { AppliedLoadBalancing } from "../../src/lab/control-plane/applied/load-balancers";
import type { AppliedTargetGroup } from "../../src/lab/control-plane/applied/target-groups";
import { LoadBalancing } from "../../src/lab/control-plane/load-balancing/load-balancing";
import { AddressPool } from "../../src/lab/control-plane/task/network-interface";
import type { SimulatedClock } from "./simulated-clock";
import type { SimulatedRuntime } from "./simulated-runtime";

export const groupArn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/shop/0123456789abcdef";

/** A target group that is checked every 10 seconds. */
export const targetGroup = (change: Partial<AppliedTargetGroup> = {}): AppliedTargetGroup => ({
  arn: groupArn,
  protocol: "HTTP",
  algorithm: "round_robin",
  deregistrationDelaySeconds: 30,
  healthCheck: {
    ...{ protocol: "HTTP", path: "/health", intervalSeconds: 10, timeoutSeconds: 5, statuses: "200" },
    ...{ healthyThreshold: 3, unhealthyThreshold: 2 },
  },
  ...change,
});

export const loadBalancingOf = (
  groups: readonly AppliedTargetGroup[] = [targetGroup()],
  forwards = true,
): AppliedLoadBalancing => ({
  loadBalancers: [
    {
      arn: "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/lab/0123456789abcdef",
      ...{ name: "lab", dnsName: "lab.elb.amazonaws.com", internetFacing: true, idleTimeoutSeconds: 60 },
      subnetIds: ["subnet-public"],
      securityGroupIds: ["sg-balancer"],
      listeners: [
        {
          ...{ port: 80, protocol: "HTTP", names: [] },
          rules: forwards ? groups.map(({ arn }) => ({ paths: ["/*"], action: { forward: arn } })) : [],
          defaultAction: { fixedResponse: { status: 404 } },
        },
      ],
    },
  ],
  targetGroups: groups,
  limitations: [],
});

export const publicSubnets = new Map([
  ["subnet-public", { id: "subnet-public", cidr: "10.0.9.0/24", vpcId: "vpc-1", availabilityZone: "eu-west-1a" }],
]);

/** Load balancing without packets, on a simulated clock; `records` has what local AWS would get. */
export function simulatedLoadBalancing(clock: SimulatedClock, runtime: SimulatedRuntime) {
  const records = new Map<string, () => object>();
  const loadBalancing = new LoadBalancing({
    clock,
    runtime,
    addresses: new AddressPool(),
    records: { targetGroup: (arn, record) => void records.set(arn, record) },
    onTarget: () => undefined,
    onError: (error) => {
      throw error;
    },
  });
  return { loadBalancing, records };
}
