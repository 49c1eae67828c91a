import { maxTasks } from "../../aws/ecs/deployment-percent";
import { cleanLeaveSeconds, dnsRecordLimit, joinSeconds, silentLossSeconds } from "../../distribution";
import type { Service } from "./services";

/** A span of seconds, both ends included. */
export type Seconds = readonly [from: number, to: number];

/** Whether a service's nodes stay together, in numbers. */
export interface ClusterStability {
  readonly service: Service;
  /** Names of the other services whose tasks are registered in the same Cloud Map service: their records add up. */
  readonly sharedWith: readonly string[];
  /** Tasks registered under its DNS name in quiet times, at most; `undefined` where it isn't known. */
  readonly registered: number | undefined;
  /** Tasks registered while a deployment runs: old and new ones together, rounded down as ECS does. */
  readonly whileDeploying: number | undefined;
  /** What a DNS answer of at most 8 records means for this many tasks and this discovery. */
  readonly verdict: "together" | "flaps" | "flaps-while-deploying" | "unknown";
  /** Seconds within which the others notice a task that came, counted from its registration. */
  readonly join: Seconds | undefined;
  /** Seconds for which an address that was taken out of DNS may still be dialled. */
  readonly staleAddress: Seconds | undefined;
  /** Seconds within which a node that closes its connections is noticed. */
  readonly cleanLeave: Seconds;
  /** Seconds within which a node that falls silent is noticed. Source: https://www.erlang.org/doc/apps/kernel/kernel_app.html#net_ticktime */
  readonly silentLoss: Seconds;
}

/** Adds up tasks, percentages, TTL, polling interval and net_ticktime of each service. */
export function clusterStability(services: readonly Service[]): readonly ClusterStability[] {
  return services.map((service) => numbersOf(service, services));
}

function numbersOf(service: Service, services: readonly Service[]): ClusterStability {
  const { distribution, registration } = service;
  const registry = registryOf(service);
  const under = registry === undefined ? [service] : services.filter((other) => registryOf(other) === registry);
  const registered = sum(under.map(({ scale }) => scale.most));
  const whileDeploying = sum(under.map(maxWhileDeploying));
  const ttl = registration.kind === "registered" ? registration.discovery.ttl : undefined;
  const noticed = ttl === undefined ? undefined : joinSeconds(ttl, distribution.pollingInterval.value);
  return {
    service,
    sharedWith: under.filter((other) => other !== service).map(({ name }) => name),
    registered,
    whileDeploying,
    verdict: verdict(service, registered, whileDeploying),
    join: noticed === undefined ? undefined : [0, noticed],
    staleAddress: noticed === undefined ? undefined : [0, noticed],
    cleanLeave: [0, cleanLeaveSeconds],
    silentLoss: silentLossSeconds(distribution.netTicktime.value),
  };
}

function registryOf({ registration }: Service): string | undefined {
  return registration.kind === "none" ? undefined : registration.registry;
}

function maxWhileDeploying({ scale: { most, maximumPercent } }: Service): number | undefined {
  return most === undefined ? undefined : Math.max(most, maxTasks(most, maximumPercent));
}

/** `undefined` where one of them is. */
function sum(numbers: readonly (number | undefined)[]): number | undefined {
  return numbers.reduce<number | undefined>(
    (total, each) => (total === undefined || each === undefined ? undefined : total + each),
    0,
  );
}

/** Only a plain DNSPoll drops the nodes that an answer leaves out. */
function verdict(
  { distribution, registration }: Service,
  registered: number | undefined,
  whileDeploying: number | undefined,
): ClusterStability["verdict"] {
  if (distribution.discovery.value !== "dnspoll") return "together";
  const records =
    registration.kind === "registered" && registration.discovery.routingPolicy === "WEIGHTED" ? 1 : dnsRecordLimit;
  if (registered === undefined || whileDeploying === undefined) return "unknown";
  if (registered > records) return distribution.discovery.assumed ? "unknown" : "flaps";
  if (whileDeploying > records) return distribution.discovery.assumed ? "unknown" : "flaps-while-deploying";
  return "together";
}
