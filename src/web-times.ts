/**
 * The times that decide whether a deployment costs requests: synthesis checks them with what it sets, the review with what it
 * reads in a plan. A leaf: it imports no room.
 */
import { maxTasks } from "./aws/ecs/deployment-percent";
import { stopTimeoutSeconds } from "./aws/limits";

/** Seconds between two heartbeats of Phoenix's JavaScript client. Source: https://hexdocs.pm/phoenix/js/ (heartbeatIntervalMs) */
export const heartbeatSeconds = 30;

/** Seconds that Phoenix's drainer takes at most by default. Source: https://hexdocs.pm/phoenix/Phoenix.Endpoint.html#socket/3 (drainer, shutdown) */
export const phoenixDrainerSeconds = 30;

/**
 * Seconds after which Phoenix's HTTP servers, Bandit and Cowboy, close an idle connection by default. A load balancer that
 * keeps it as long or longer sends requests into a connection that closes, and answers 502.
 * Sources: https://hexdocs.pm/thousand_island/ThousandIsland.html (read_timeout), https://ninenines.eu/docs/en/cowboy/2.9/manual/cowboy_http/ (idle_timeout)
 */
export const serverIdleSeconds = 60;

/** Seconds between the end of a release's own shutdown and SIGKILL. */
const shutdownMarginSeconds = 5;

/** Seconds that a release takes to stop at most: `-shutdown_time`, which env.sh sets from `SHUTDOWN_TIME`. */
export const shutdownSeconds = (stopTimeout: number): number => Math.max(1, stopTimeout - shutdownMarginSeconds);

/** The times of one service, in seconds; those that are unknown are left out. */
export interface WebTimes {
  /** How long the endpoint asks its sockets to reconnect, at most. */
  readonly drainer?: number | undefined;
  /** How long the release takes to stop, at most. */
  readonly shutdown?: number | undefined;
  /** From SIGTERM to SIGKILL. */
  readonly stopTimeout: number;
  /** How long the load balancer keeps a task that it sends no new requests. */
  readonly deregistrationDelay?: number | undefined;
  /** Silence after which the load balancer closes a connection. */
  readonly idleTimeout?: number | undefined;
  /** The load balancer's health checks: the time between two, and how many make a task healthy or unhealthy. */
  readonly healthCheck?:
    | { readonly interval: number; readonly timeout: number; readonly healthy: number; readonly unhealthy: number }
    | undefined;
  /** How long ECS ignores the load balancer's health checks after a task's start. */
  readonly gracePeriod?: number | undefined;
  /** How long failed checks of the container itself don't count. */
  readonly startPeriod?: number | undefined;
}

/** Which rule is broken: the review has a check for each. */
export type TimeRule =
  "drainer" | "shutdown-time" | "deregistration-delay" | "idle-timeout" | "grace-period" | "health-check-timeout";

/** A rule that the times of a service break: the numbers, and what to do. */
export interface BrokenRule {
  readonly rule: TimeRule;
  /** What is wrong, with the numbers. */
  readonly found: string;
  /** What to change. */
  readonly fix: string;
}

/** The rules of the chain that these times break. */
export function brokenTimes(times: WebTimes): readonly BrokenRule[] {
  return [
    shutdownTime(times),
    drainer(times),
    deregistration(times),
    idle(times),
    healthTimeout(times),
    grace(times),
  ].filter((broken) => broken !== undefined);
}

/** shutdown < stopTimeout. */
function shutdownTime({ shutdown, stopTimeout }: WebTimes): BrokenRule | undefined {
  if (shutdown === undefined || shutdown < stopTimeout) return undefined;
  return {
    rule: "shutdown-time",
    found: `the release takes up to ${shutdown} s to stop, and ECS kills it ${stopTimeout} s after SIGTERM`,
    fix: `let it stop in less than ${stopTimeout} s (-shutdown_time), or raise stopTimeout`,
  };
}

/** drainer < shutdown. */
function drainer({ drainer, shutdown, stopTimeout }: WebTimes): BrokenRule | undefined {
  const end = shutdown ?? stopTimeout;
  if (drainer === undefined || drainer < end) return undefined;
  const ends = shutdown === undefined ? "ECS kills the task" : "the release ends";
  const found = `the drainer takes up to ${drainer} s to ask all sockets to reconnect, and ${ends} ${end} s after SIGTERM`;
  const stop = drainer + 1 + (shutdown === undefined ? 0 : shutdownMarginSeconds);
  const lower = `give the endpoint's sockets a drainer of less than ${end} s`;
  return {
    rule: "drainer",
    found,
    fix: stop <= stopTimeoutSeconds.max ? `raise stopTimeout to ${stop} s or more, or ${lower}` : lower,
  };
}

/** A request that the load balancer waits for must end before the task does, even where SIGTERM comes first. */
function deregistration({ deregistrationDelay: delay, stopTimeout }: WebTimes): BrokenRule | undefined {
  if (delay === undefined || delay <= stopTimeout) return undefined;
  return {
    rule: "deregistration-delay",
    found: `the load balancer keeps a stopping task for ${delay} s, and stopTimeout is ${stopTimeout} s`,
    fix: `set the deregistration delay to ${stopTimeout} s or less, or raise stopTimeout`,
  };
}

/** A connection that only carries heartbeats must stay open, and the server must not be the first to close an idle one. */
function idle({ idleTimeout }: WebTimes): BrokenRule | undefined {
  if (idleTimeout === undefined || idleTimeout > heartbeatSeconds) return undefined;
  return {
    rule: "idle-timeout",
    found: `the load balancer closes a connection after ${idleTimeout} s of silence, and Phoenix's client sends a heartbeat every ${heartbeatSeconds} s`,
    fix: `set the idle timeout above ${heartbeatSeconds} s`,
  };
}

function healthTimeout({ healthCheck }: WebTimes): BrokenRule | undefined {
  if (healthCheck === undefined || healthCheck.timeout < healthCheck.interval) return undefined;
  return {
    rule: "health-check-timeout",
    found: `a health check may take ${healthCheck.timeout} s, and the next one begins after ${healthCheck.interval} s`,
    fix: `set the timeout below ${healthCheck.interval} s`,
  };
}

/** A task that starts as slowly as its container's health check allows must become healthy before ECS replaces it. */
function grace({ healthCheck, gracePeriod, startPeriod = 0 }: WebTimes): BrokenRule | undefined {
  if (healthCheck === undefined || gracePeriod === undefined) return undefined;
  const { interval, healthy } = healthCheck;
  const least = startPeriod + interval * healthy;
  if (gracePeriod >= least) return undefined;
  const start = startPeriod > 0 ? `${startPeriod} s to start + ` : "";
  return {
    rule: "grace-period",
    found: `a task needs up to ${least} s to become healthy (${start}${healthy} checks, ${interval} s apart), and ECS replaces it ${gracePeriod} s after its start`,
    fix: `set the grace period to ${least} s or more`,
  };
}

/** How a service replaces its tasks. */
export interface DeploymentScale {
  readonly tasks: number;
  readonly maximumPercent: number;
  readonly minimumHealthyPercent: number;
}

/** How long a deployment takes, in seconds, without pulling the image and booting. */
export interface DeploymentTimes {
  readonly tasks: number;
  /** Tasks are replaced in so many rounds, one after another. */
  readonly rounds: number;
  /** All rounds together, from and to. */
  readonly total: readonly [number, number];
  /** From the moment a task is taken out until its release asks its sockets to reconnect. */
  readonly reconnect: number;
  /** From SIGTERM until the task has ended, from and to. */
  readonly stop: readonly [number, number];
}

/**
 * How long these times let a deployment take; `undefined` where one of them is unknown, or nothing can be replaced. A new task is
 * healthy after one check, at the latest after as many as an unhealthy one needs. Then ECS takes old tasks out: the target
 * group keeps each of them `draining` for the whole delay, and SIGTERM follows.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/load-balancer-connection-draining.html
 */
export function deploymentTimes(
  { healthCheck, deregistrationDelay: delay, stopTimeout }: WebTimes,
  { tasks, maximumPercent, minimumHealthyPercent }: DeploymentScale,
): DeploymentTimes | undefined {
  if (tasks === 0 || healthCheck === undefined || delay === undefined) return undefined;
  const atOnce = maxTasks(tasks, maximumPercent) - Math.min(tasks, Math.ceil((tasks * minimumHealthyPercent) / 100));
  if (atOnce <= 0) return undefined;
  const rounds = Math.ceil(tasks / atOnce);
  const slowest = healthCheck.interval * healthCheck.healthy + delay + stopTimeout;
  return { tasks, rounds, total: [rounds * delay, rounds * slowest], reconnect: delay, stop: [0, stopTimeout] };
}
