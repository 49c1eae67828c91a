import { randomUUID } from "node:crypto";
import type { Clock } from "../clock";

/** One deployment of a service. Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html */
export interface Deployment<Revision> {
  /** Such as `ecs-svc/1234567890123456789`. */
  readonly id: string;
  /** What its tasks are made from. */
  readonly revision: Revision;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  status: "PRIMARY" | "ACTIVE";
  rolloutState: "IN_PROGRESS" | "COMPLETED" | "FAILED";
  rolloutStateReason: string;
  /**
   * Tasks that failed in a row. A task has failed when it could not be started, when it stopped by itself before it counted
   * as healthy, or when its health check failed. A task that becomes healthy sets the count to zero; one that merely runs
   * does not. Source: https://github.com/aws/containers-roadmap/issues/1206
   */
  failedTasks: number;
  /** Failed tasks in a row at which the circuit breaker opened; absent while it is closed. */
  failures?: number;
  /** Names of the alarms that failed it; absent where none did. */
  alarms?: readonly string[];
  /** What the circuit breaker went back to. */
  rollback?: { readonly startedAt: number; readonly to: Deployment<Revision>; readonly reason: string };
  /** Its end, as ECS reports it of a service deployment. */
  end?: { readonly at: number; readonly status: "SUCCESSFUL" | "STOPPED" | "ROLLBACK_SUCCESSFUL" };
}

/** A deployment that a client of ECS's API asked for. */
export type RequestedDeployment<Revision> = Pick<Deployment<Revision>, "id" | "revision">;

/** Deployments that are kept: ECS keeps them for 90 days; here a number limits the memory of a long run. */
const keptDeployments = 100;

/**
 * The deployments of one service, also those that have ended: a rollback is known long after its tasks are gone.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html
 */
export class Deployments<Revision> {
  /** Oldest first. */
  #all: Deployment<Revision>[] = [];
  #lastCompleted: Deployment<Revision> | undefined;
  primary: Deployment<Revision> | undefined;

  constructor(private readonly clock: Clock) {}

  get newestFirst(): readonly Deployment<Revision>[] {
    return [...this.#all].reverse();
  }

  find(id: string): Deployment<Revision> | undefined {
    return this.#all.find((deployment) => deployment.id === id);
  }

  /** @param inUse ids of deployments that have tasks: these are kept */
  begin({ id, revision }: RequestedDeployment<Revision>, inUse: ReadonlySet<string>): void {
    const excess = this.#all.length + 1 - keptDeployments;
    const kept = ({ id: other }: Deployment<Revision>) => inUse.has(other) || other === this.#lastCompleted?.id;
    this.#all = this.#all.filter((deployment, index) => index >= excess || kept(deployment));
    const deployment: Deployment<Revision> = {
      id,
      revision,
      createdAt: this.clock.now(),
      status: "PRIMARY",
      rolloutState: "IN_PROGRESS",
      rolloutStateReason: `ECS deployment ${id} in progress.`,
      failedTasks: 0,
    };
    this.#all.push(deployment);
    this.#replacePrimary(deployment);
  }

  taskFailed(id: string): void {
    const deployment = this.find(id);
    if (deployment) deployment.failedTasks += 1;
  }

  taskHealthy(id: string): void {
    const deployment = this.find(id);
    if (deployment) deployment.failedTasks = 0;
  }

  complete(primary: Deployment<Revision>): void {
    const at = this.clock.now();
    primary.rolloutState = "COMPLETED";
    primary.rolloutStateReason = `ECS deployment ${primary.id} completed.`;
    primary.end ??= { at, status: "SUCCESSFUL" };
    for (const one of this.#all) if (one.rollback?.to === primary) one.end ??= { at, status: "ROLLBACK_SUCCESSFUL" };
    this.#lastCompleted = primary;
  }

  /** An alarm went off: the deployment in progress fails if it names it. One that goes back to an earlier revision goes on. */
  alarmWentOff(name: string, { alarms }: DeploymentConfiguration): void {
    const { primary } = this;
    const goesBack = this.#all.some(({ rollback, end }) => rollback?.to === primary && !end);
    if (primary?.rolloutState !== "IN_PROGRESS" || goesBack || !alarms?.names.includes(name)) return;
    primary.alarms = [...(primary.alarms ?? []), name];
  }

  /** Fails the primary one in progress where too many tasks or an alarm failed it, and gives what it went back to. */
  failIfDetected(desiredCount: number, configuration: DeploymentConfiguration) {
    const { primary } = this;
    const cause = primary?.rolloutState === "IN_PROGRESS" && causeOf(primary, desiredCount, configuration);
    if (!primary || !cause) return undefined;
    primary.rolloutState = "FAILED";
    primary.rolloutStateReason = `ECS deployment ${cause.detector}: ${cause.what}.`;
    if (!primary.alarms) primary.failures = primary.failedTasks;
    return { what: cause.what, back: cause.rollback ? this.#rollBack(primary, cause.detector) : undefined };
  }

  /** Makes the last one that completed the primary one again, and gives it; `undefined` when there is none. */
  #rollBack(failed: Deployment<Revision>, detector: string): Deployment<Revision> | undefined {
    const back = this.#lastCompleted;
    if (!back || back === failed) return undefined;
    // In progress again, so not a candidate for another rollback until it has completed once more.
    this.#lastCompleted = undefined;
    failed.rollback = { startedAt: this.clock.now(), to: back, reason: failed.rolloutStateReason };
    back.failedTasks = 0;
    back.rolloutState = "IN_PROGRESS";
    back.rolloutStateReason = `ECS deployment ${detector}: rolling back to deploymentId ${back.id}.`;
    this.#replacePrimary(back);
    return back;
  }

  #replacePrimary(deployment: Deployment<Revision>): void {
    if (this.primary) {
      this.primary.status = "ACTIVE";
      if (!this.primary.rollback) this.primary.end ??= { at: this.clock.now(), status: "STOPPED" };
    }
    deployment.status = "PRIMARY";
    this.primary = deployment;
  }
}

/**
 * Failed tasks in a row at which the circuit breaker opens: half of the desired count, rounded up, at least 3 and at most 200.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
 */
export const failureThreshold = (desiredCount: number): number =>
  Math.min(200, Math.max(3, Math.ceil(desiredCount * 0.5)));

/** What failed a deployment, if anything did; an alarm before the circuit breaker. */
function causeOf(
  { failedTasks, alarms: triggered }: Pick<Deployment<unknown>, "failedTasks" | "alarms">,
  desiredCount: number,
  { circuitBreaker, alarms }: DeploymentConfiguration,
) {
  if (triggered) return { detector: "alarm", what: "alarm detected", rollback: alarms?.rollback ?? false };
  if (!circuitBreaker.enable || failedTasks < failureThreshold(desiredCount)) return undefined;
  return { detector: "circuit breaker", what: "tasks failed to start", rollback: circuitBreaker.rollback };
}

const listed = (taskIds: readonly string[]): string => taskIds.map((id) => `(task ${id})`).join(" ");

/**
 * What ECS writes into a service's events, after `(service NAME)`.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
 */
export const serviceEvents = {
  started: (taskIds: readonly string[]) => `has started ${taskIds.length} tasks: ${listed(taskIds)}.`,
  stopped: (taskIds: readonly string[]) => `has stopped ${taskIds.length} running tasks: ${listed(taskIds)}.`,
  /** One task at a time; ECS takes those together that it registers together. */
  registered: (group: string) => `registered 1 targets in (target-group ${group})`,
  deregistered: (group: string) => `deregistered 1 targets in (target-group ${group})`,
  draining: "has begun draining connections on 1 tasks.",
  steady: "has reached a steady state.",
  completed: (deploymentId: string) => `(deployment ${deploymentId}) deployment completed.`,
  failed: (deploymentId: string, what: string) => `(deployment ${deploymentId}) deployment failed: ${what}.`,
  rollingBack: (deploymentId: string) => `rolling back to deployment ${deploymentId}.`,
  throttled: "is unable to consistently start tasks successfully.",
  spared: (count: number) => `was unable to scale in due to (reason ${count} tasks under protection)`,
  stuck:
    "was unable to stop or start tasks during a deployment because of the service deployment configuration. " +
    "Update the minimumHealthyPercent or maximumPercent value and try again.",
} as const;

/** A service event, as DescribeServices gives it. */
export interface ServiceEvent {
  readonly id: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly message: string;
}

/** The newest events of one service: as many as DescribeServices gives. */
export class ServiceEventLog {
  readonly newestFirst: ServiceEvent[] = [];

  constructor(
    private readonly serviceName: string,
    private readonly clock: Clock,
    private readonly onEvent?: (message: string) => void,
  ) {}

  /** A task of a deployment was registered in a target group, or is taken out of one and drains. */
  targetChanged(deploymentId: string, change: "registered" | "deregistered", group: string): void {
    this.emit(serviceEvents[change](group));
    if (change === "deregistered") this.emit(serviceEvents.draining, `, taskSet ${deploymentId}`);
  }

  emit(text: string, taskSet = ""): void {
    const message = `(service ${this.serviceName}${taskSet}) ${text}`;
    this.newestFirst.unshift({ id: randomUUID(), createdAt: new Date(this.clock.now()).toISOString(), message });
    this.newestFirst.splice(100);
    this.onEvent?.(message);
  }
}

/** How a service replaces its tasks: `deploymentConfiguration` of an ECS service of the rolling-update type. */
export interface DeploymentConfiguration {
  /** Percent of the desired count that must stay healthy. ECS's default is 100. */
  readonly minimumHealthyPercent: number;
  /** Percent of the desired count that may be pending or running at once. ECS's default is 200. */
  readonly maximumPercent: number;
  readonly circuitBreaker: { readonly enable: boolean; readonly rollback: boolean };
  /** CloudWatch alarms that fail a deployment in which they go off; absent where none do. */
  readonly alarms?: { readonly names: readonly string[]; readonly rollback: boolean };
}
