import { type DeploymentTimes, deploymentTimes, type WebTimes } from "../../web-times";
import type { Service } from "../cluster/services";
import { nowhereKnown } from "../network/addresses";
import type { Endpoint } from "../network/firewall";
import type { Resource, Resources } from "../read/resources";
import { block, blocks, isReference, isUnknown, list, number, type Value } from "../read/value";
import { type Forwarding, forwardingTo, targetGroupNamed } from "./forwarding";

/** A service whose tasks register with a target group of the plan. */
export interface WebService {
  readonly service: Service;
  readonly targetGroup: Resource;
  readonly forwarding: Forwarding;
  /** The port that the load balancer connects to; `undefined` where it isn't known. */
  readonly port: number | undefined;
  /** The network interfaces of each load balancer, by address. */
  readonly loadBalancers: ReadonlyMap<string, Endpoint>;
  readonly times: WebTimes;
  /** What a deployment costs in time; `undefined` where the number of tasks or a time isn't known. */
  readonly deployment: DeploymentTimes | undefined;
}

/** AWS's defaults. Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lb_target_group */
const unset = { delay: 300, idle: 60, interval: 30, timeout: 5, threshold: 3, grace: 0 } as const;

/** All pairs of a service and a target group that its tasks register with. */
export function webServices(services: readonly Service[], resources: Resources): readonly WebService[] {
  return services.flatMap((service) =>
    blocks(service.resource.values.load_balancer).flatMap(({ target_group_arn: arn, container_port: port }) => {
      const targetGroup = targetGroupNamed(arn, resources);
      return targetGroup ? [webService(service, targetGroup, number(port), resources)] : [];
    }),
  );
}

function webService(
  service: Service,
  targetGroup: Resource,
  port: number | undefined,
  resources: Resources,
): WebService {
  const forwarding = forwardingTo(targetGroup, resources);
  const times = timesOf(service, targetGroup, forwarding);
  const loadBalancers = new Map(
    forwarding.loadBalancers.map((balancer) => [balancer.address, endpointOf(balancer, resources)] as const),
  );
  return { service, targetGroup, forwarding, port, loadBalancers, times, deployment: deploymentOf(service, times) };
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

function deploymentOf({ scale }: Service, times: WebTimes): DeploymentTimes | undefined {
  const { tasks, maximumPercent, minimumHealthyPercent } = scale;
  return tasks === undefined ? undefined : deploymentTimes(times, { tasks, maximumPercent, minimumHealthyPercent });
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
