import { advice } from "../../../advice";
import { dnsRecordLimit } from "../../../distribution";
import type { DeployedEnvironment } from "../../deployed-environment";
import type { Registration } from "../../unstick/registrations";
import type { EcsTask } from "../../tasks";
import { counted, error, type Finding, note } from "./finding";
import type { Observation } from "../observation";

/** Statuses in which a task should be registered. */
const present = ["RUNNING", "DEACTIVATING"];

/** The addresses that one DNS answer is chosen from, and how many it contains. */
export interface DnsAnswer {
  /** Addresses that the answer is chosen from. */
  readonly candidates: readonly string[];
  /** Addresses in one answer. */
  readonly holds: number;
}

/**
 * One DNS answer contains up to eight of the healthy instances, or of all if none is healthy.
 * Source: https://docs.aws.amazon.com/cloud-map/latest/api/API_DnsConfig.html
 */
export function dnsAnswer(registrations: readonly Registration[]): DnsAnswer {
  const healthy = registrations.filter((registration) => registration.healthy);
  const candidates = (healthy.length > 0 ? healthy : registrations).flatMap(({ address }) => address ?? []);
  return { candidates, holds: Math.min(candidates.length, dnsRecordLimit) };
}

/** Instances in Cloud Map compared with the addresses of running tasks. */
export function registrationFindings(environment: DeployedEnvironment, observation: Observation): Finding[] {
  const { service, ecs, registrations, tasks } = observation;
  if (!ecs) return [];
  if (!registrations) {
    return [error(service.name, "doesn't register its tasks: no node can find them", advice.apply(environment))];
  }
  return [
    ...stale(environment, service.name, registrations, tasks),
    ...missing(environment, service.name, registrations, tasks),
    ...unhealthy(service.name, registrations, tasks),
    ...tooMany(observation, dnsAnswer(registrations)),
  ];
}

function stale(
  environment: DeployedEnvironment,
  service: string,
  registrations: readonly Registration[],
  tasks: readonly EcsTask[],
): Finding[] {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  return registrations.flatMap(({ id, address }) => {
    const task = byId.get(id);
    if (!task) {
      const text = `${id}${address ? ` (${address})` : ""} is registered, but no such task runs: DNS returns a dead address`;
      return [
        error(
          service,
          text,
          `ECS deregisters a stopped task within a minute; if it remains: ${advice.unstickYes(environment)}`,
        ),
      ];
    }
    if (task.address === undefined || address === task.address) return [];
    return [error(service, `task ${id} has the address ${task.address}, but is registered with ${address}`)];
  });
}

function missing(
  { cluster, options: { region } }: DeployedEnvironment,
  service: string,
  registrations: readonly Registration[],
  tasks: readonly EcsTask[],
): Finding[] {
  const registered = new Set(registrations.map(({ id }) => id));
  return tasks
    .filter(({ id, status }) => status === "RUNNING" && !registered.has(id))
    .map(({ id, address }) =>
      error(
        service,
        `task ${id} (${address}) runs, but isn't registered: no node can find it`,
        `ECS registers a task within a minute; if it remains unregistered, replace it: ${advice.stopTask({ region, cluster }, id)}`,
      ),
    );
}

function unhealthy(service: string, registrations: readonly Registration[], tasks: readonly EcsTask[]): Finding[] {
  const running = new Set(tasks.filter(({ status }) => present.includes(status)).map(({ id }) => id));
  return registrations
    .filter(({ id, healthy }) => !healthy && running.has(id))
    .map(({ id, address }) =>
      error(
        service,
        `task ${id} (${address}) is registered as unhealthy: DNS omits it`,
        "its container fails the health check",
      ),
    );
}

function tooMany({ service }: Observation, { candidates, holds }: DnsAnswer): Finding[] {
  if (candidates.length <= holds) return [];
  const text = `${counted(candidates.length, "address", "es")} are registered, but one DNS answer contains ${holds}`;
  const { discovery } = service.options;
  if (discovery === "none") return [];
  if (discovery !== "dnspoll") return [note(service.name, `${text}; its nodes keep the others connected`)];
  return [
    error(
      service.name,
      `${text}: libcluster's DNSPoll disconnects the nodes that are missing from it`,
      'use the discovery "dns" or "dns_cluster"',
    ),
  ];
}
