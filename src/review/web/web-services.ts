import { type DeploymentStrategy, shiftMinutes } from "../../deployment";
import { type DeploymentTimes, deploymentTimes, type WebTimes } from "../../web-times";
import type { Service } from "../cluster/services";
import { nowhereKnown } from "../network/addresses";
import type { Endpoint } from "../network/firewall";
import type { Resource, Resources } from "../read/resources";
import { block, blocks, isReference, isUnknown, list, number, type Value } from "../read/value";
import { strategyOf } from "./deployment-strategy";
import { type Forwarding, forwardingTo, targetGroupNamed } from "./forwarding";

/** A service whose tasks register with a target group of the plan. */
export interface WebService {
  readonly service: Service;
  readonly targetGroup: Resource;
  /** Whether it is the second target group, which a strategy that shifts requests takes in turn with the first. */
  readonly alternate: boolean;
  readonly forwarding: Forwarding;
  /** The port that the load balancer connects to; `undefined` where it isn't known. */
  readonly port: number | undefined;
  /** The network interfaces of each load balancer, by address. */
  readonly loadBalancers: ReadonlyMap<string, Endpoint>;
  readonly times: WebTimes;
  /** How a deployment replaces the tasks; `undefined` where that isn't known. */
  readonly strategy: DeploymentStrategy | undefined;
  /** What a deployment costs in time; `undefined` where the number of tasks, a time or the strategy isn't known. */
  readonly deployment: DeploymentTimes | undefined;
}

/** AWS's defaults. Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lb_target_group */
const unset = { delay: 300, idle: 60, interval: 30, timeout: 5, threshold: 3, grace: 0 } as const;

/** All pairs of a service and a target group that its tasks register with. */
export function webServices(services: readonly Service[], resources: Resources): readonly WebService[] {
  return services.flatMap((service) =>
    blocks(service.resource.values.load_balancer).flatMap((balancer) => {
      const port = number(balancer.container_port);
      const second = blocks(balancer.advanced_configuration).map(({ alternate_target_group_arn: arn }) => arn);
      return [balancer.target_group_arn, ...second].flatMap((arn, index) => {
        const targetGroup = targetGroupNamed(arn, resources);
        return targetGroup ? [{ ...webService(service, targetGroup, resources), port, alternate: index > 0 }] : [];
      });
    }),
  );
}

function webService(service: Service, targetGroup: Resource, resources: Resources) {
  const forwarding = forwardingTo(targetGroup, resources);
  const times = timesOf(service, targetGroup, forwarding);
  const strategy = strategyOf(service.resource);
  const loadBalancers = new Map(
    forwarding.loadBalancers.map((balancer) => [balancer.address, endpointOf(balancer, resources)] as const),
  );
  const deployment = deploymentOf(service, times, strategy);
  return { service, targetGroup, forwarding, loadBalancers, times, strategy, deployment };
}

/** Seconds that an attribute sets; `undefined` where it isn't known before apply. */
function seconds(value: Value | undefined, fallback: number): number | undefined {
  if (isUnknown(value) || isReference(value)) return undefined;
  return value === undefined || value === null ? fallback : number(value);
}

function timesOf(service: Service, targetGroup: Resource, { loadBalancers }: Forwarding): WebTimes {
  const { values } = targetGroup;
  const check = isUnknown(values.health_check) ? undefined : (block(values.health_check) ?? {});
  const interval = check && seconds(check.interval, unset.interval);
  const timeout = check && seconds(check.timeout, unset.timeout);
  const healthy = check && seconds(check.healthy_threshold, unset.threshold);
  const unhealthy = check && seconds(check.unhealthy_threshold, unset.threshold);
  const idle = loadBalancers.map(({ values: { idle_timeout: idle } }) => seconds(idle, unset.idle));
  return {
    drainer: number(service.node?.environment.get("DRAIN_SECONDS")),
    shutdown: number(service.node?.environment.get("SHUTDOWN_TIME")),
    stopTimeout: service.node?.stopTimeout ?? 0,
    deregistrationDelay: service.node ? seconds(values.deregistration_delay, unset.delay) : undefined,
    idleTimeout: idle.length === 0 || idle.includes(undefined) ? undefined : Math.min(...(idle as number[])),
    healthCheck:
      interval === undefined || timeout === undefined || healthy === undefined || unhealthy === undefined
        ? undefined
        : { interval, timeout, healthy, unhealthy },
    gracePeriod: seconds(service.resource.values.health_check_grace_period_seconds, unset.grace),
  };
}

function deploymentOf(
  { scale }: Service,
  times: WebTimes,
  strategy: DeploymentStrategy | undefined,
): DeploymentTimes | undefined {
  const { tasks, maximumPercent, minimumHealthyPercent } = scale;
  if (tasks === undefined || strategy === undefined) return undefined;
  const rounds = deploymentTimes(times, { tasks, maximumPercent, minimumHealthyPercent });
  const shift = shiftMinutes({ strategy }) * 60;
  return rounds && { ...rounds, total: [rounds.total[0] + shift, rounds.total[1] + shift] };
}

function endpointOf(balancer: Resource, resources: Resources): Endpoint {
  const { members, open } = list(balancer.values.security_groups);
  const groups = members.flatMap((member) => resources.groupKey(member) ?? []);
  const unclear = open !== undefined || groups.length < members.length || groups.length === 0;
  return {
    groups,
    ...(unclear && { groupsOpen: `the security groups of ${balancer.address} aren't all known` }),
    addresses: nowhereKnown,
  };
}
