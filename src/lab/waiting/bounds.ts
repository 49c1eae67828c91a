import { pollingIntervalOf } from "../../discovery";
import { defaultPollingIntervalMs, joinSeconds } from "../../distribution";
import type { AppliedContainer } from "../control-plane/applied/task-definitions";
import { type DeploymentConfiguration, failureThreshold } from "../control-plane/deployment";
import { taskBounds } from "../control-plane/rollout-step";
import { longestRetrySeconds } from "../control-plane/retry-delay";
import { type Bound, secondsOf, sumOf, timersOf, workOf } from "./wait";

/** Seconds that a node of the sample takes to boot, on the machine that the lab's figures were measured on. */
const bootSeconds = 0.5;
/** A node that has not booted in ten times that will not: waiting for it longer only delays the failure. */
const bootMargin = 10;

/** Seconds from the answer of DNS to the links of all: 30 nodes took as long, 60 took 0.8 s. */
export const connectingSeconds = 0.5;

/** What of an applied service decides how long it takes to start, to be found and to be replaced. */
export interface ServiceTiming {
  readonly desiredCount: number;
  readonly configuration: DeploymentConfiguration;
  readonly containers: readonly Pick<
    AppliedContainer,
    "environment" | "essential" | "healthCheck" | "stopTimeoutSeconds"
  >[];
  /** Seconds that a resolver may keep its A records; `undefined` where it has none. */
  readonly dnsTtl: number | undefined;
  /** Seconds that a load balancer takes to find a target healthy, and to drain one; left out: no load balancer. */
  readonly targets?: { readonly healthySeconds: number; readonly drainSeconds: number };
  /** Seconds that a task without a health check runs before it counts as healthy. */
  readonly settleSeconds: number;
  /** Seconds before the first retry after a failed task. */
  readonly retrySeconds: number;
}

/** How long things may take in one lab, computed from what is applied. */
export interface LabBounds {
  /** Until all nodes have booted. */
  readonly boot: Bound;
  /** Until all nodes that run and are registered have found each other; what must not connect is watched for as long. */
  readonly join: Bound;
  /** Until all nodes of a lab that has just started see each other. */
  readonly mesh: Bound;
  /** Until ECS has reached a steady state, whatever was changed. */
  readonly steady: Bound;
}

/** @param negativeTtl seconds that the resolver may keep the answer that there is no such name */
export function labBounds(services: readonly ServiceTiming[], negativeTtl: number): LabBounds {
  const boot = bootBound(services.reduce((sum, { desiredCount }) => sum + desiredCount, 0));
  const join = joinBound(services, negativeTtl);
  const healthy = timersOf({ "health checks": Math.max(0, ...services.map(healthySeconds)) });
  const slowest = services.map(steadyBound).reduce((a, b) => (secondsOf(b) > secondsOf(a) ? b : a), timersOf({}));
  return { boot, join, mesh: sumOf(boot, healthy, join), steady: slowest };
}

/** Until so many nodes have booted, one after the other at worst. */
export const bootBound = (nodes: number): Bound =>
  workOf({ [`boot of ${nodes} nodes`]: bootSeconds * bootMargin * Math.max(1, nodes) });

/** What the review says of a join, and before that the time for which the resolver may keep an NXDOMAIN. */
function joinBound(services: readonly ServiceTiming[], negativeTtl: number): Bound {
  const [slowest] = services
    .map(({ dnsTtl = 0, containers }) => ({ dnsTtl, pollingMs: pollingMsOf(containers) }))
    .sort((a, b) => joinSeconds(b.dnsTtl, b.pollingMs) - joinSeconds(a.dnsTtl, a.pollingMs));
  const timers = timersOf({
    "negative TTL": negativeTtl,
    "DNS TTL": slowest?.dnsTtl ?? 0,
    "polling interval": (slowest?.pollingMs ?? 0) / 1000,
  });
  return sumOf(timers, workOf({ connecting: connectingSeconds }));
}

const pollingMsOf = (containers: ServiceTiming["containers"]): number =>
  Math.max(
    0,
    ...containers.map(
      ({ environment }) => pollingIntervalOf((name) => environment[name]) ?? defaultPollingIntervalMs.dnsPoll,
    ),
  );

const checksOf = ({ containers }: ServiceTiming) =>
  containers.filter(({ essential }) => essential).flatMap(({ healthCheck = [] }) => healthCheck);

/** The first check may come before the node answers; then it is the second one that counts. */
function healthySeconds(service: ServiceTiming): number {
  const checks = checksOf(service).map(({ intervalSeconds, timeoutSeconds }) => 2 * intervalSeconds + timeoutSeconds);
  const all = [...checks, ...(service.targets?.healthySeconds ? [service.targets.healthySeconds] : [])];
  return all.length === 0 ? service.settleSeconds : Math.max(...all);
}

/**
 * A rollout in as many rounds as its percentages allow, each with the boot, the health checks and the stop of its tasks.
 * With a circuit breaker it may go forth and back, with the failures in between that open it.
 */
function steadyBound(service: ServiceTiming): Bound {
  const { desiredCount, configuration, containers } = service;
  const { minimum, maximum } = taskBounds(desiredCount, configuration);
  const { enable } = configuration.circuitBreaker;
  const rounds = Math.max(1, Math.ceil(desiredCount / Math.max(1, maximum - minimum))) * (enable ? 2 : 1);
  return sumOf(
    bootBound(desiredCount * (enable ? 2 : 1)),
    timersOf({
      "health checks": healthySeconds(service) * rounds,
      "stop timeouts": Math.max(0, ...containers.map(({ stopTimeoutSeconds }) => stopTimeoutSeconds)) * rounds,
      "deregistration delays": (service.targets?.drainSeconds ?? 0) * rounds,
      "failed tasks": enable ? failingSeconds(service) : 0,
    }),
  );
}

/** Until the circuit breaker opens: that many failures, each found by the health check at the latest, with pauses between them. */
function failingSeconds(service: ServiceTiming): number {
  const count = failureThreshold(service.desiredCount);
  const failing = checksOf(service).map(
    ({ startPeriodSeconds, retries, intervalSeconds, timeoutSeconds }) =>
      startPeriodSeconds + retries * (intervalSeconds + timeoutSeconds),
  );
  let pauses = 0;
  for (let n = 0; n < count; n += 1) pauses += Math.min(longestRetrySeconds, service.retrySeconds * 2 ** n);
  return count * Math.max(0, ...failing) + pauses;
}
