import { isDeepStrictEqual } from "node:util";
import type { Clock } from "../clock";
import { Deployments, ServiceEventLog, serviceEvents } from "./deployment";
import type { Deployment, DeploymentConfiguration, RequestedDeployment, ServiceEvent } from "./deployment";
import { defaultRetrySeconds, RetryDelay } from "./retry-delay";
import { rolloutStep, type RolloutTask, taskBounds } from "./rollout-step";

/** What a service should be: read from ECS's API after each change. */
export interface ServiceTarget {
  readonly desiredCount: number;
  readonly configuration: DeploymentConfiguration;
}

/** Starts and stops tasks for a scheduler. It reports what happened to a task later, never from within the call. */
export interface TaskLauncher<Revision> {
  start(order: {
    readonly deploymentId: string;
    readonly revision: Revision;
  }): Pick<RolloutTask, "id" | "availabilityZone">;
  stop(taskId: string, reason: string): void;
}

export interface SchedulerOptions {
  /** Seconds that a task without a health check runs before it counts as healthy. @default 40, as in ECS */
  readonly settleSeconds?: number | (() => number);
  /** Seconds before tasks are started again after one failed; doubles up to 60 while they go on failing. @default 1 */
  readonly retrySeconds?: number;
  /** Gets the message of each service event, worded as in ECS. */
  readonly onEvent?: (message: string) => void;
}

interface ScheduledTask extends RolloutTask {
  readonly deploymentId: string;
  state: "PENDING" | "RUNNING" | "STOPPING";
  healthy: boolean;
  unhealthy: boolean;
  protected: boolean;
  unhealthyReason?: string;
  cancelSettling?: () => void;
}

/** Seconds; see {@link SchedulerOptions}. */
export const defaultSettleSeconds = 40;

/**
 * ECS's service scheduler for one service, and the one owner of what ECS knows of it: tasks, deployments, events. It keeps
 * the desired count, rolls deployments out within their percentages, and lets the circuit breaker and alarms fail them. It acts only
 * on calls and never polls: time and tasks are given to it.
 *
 * Sources: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html,
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html and, for a task without health
 * checks, https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html (40 seconds).
 */
export class ServiceScheduler<Revision> {
  readonly #tasks = new Map<string, ScheduledTask>();
  readonly #events: ServiceEventLog;
  readonly #deployments: Deployments<Revision>;
  #target: ServiceTarget | undefined;
  readonly #retry: RetryDelay;
  #evaluating = false;
  #steady = false;
  #stuck = false;
  /** Protected tasks in the newest event about them. */
  #spared = 0;

  constructor(
    readonly serviceName: string,
    private readonly launcher: TaskLauncher<Revision>,
    private readonly clock: Clock,
    private readonly options: SchedulerOptions = {},
  ) {
    this.#events = new ServiceEventLog(serviceName, clock, options.onEvent);
    this.#deployments = new Deployments(clock);
    this.#retry = new RetryDelay(options.retrySeconds ?? defaultRetrySeconds, clock);
  }

  /** Whether every task is healthy, of the primary deployment, as many as desired, and no other is left. */
  get steady(): boolean {
    return this.#steady;
  }

  /** The primary deployment first, then those that still have tasks. */
  get deployments(): readonly Deployment<Revision>[] {
    const { primary } = this.#deployments;
    const alive = this.#deploymentsWithTasks();
    const others = this.history.filter((deployment) => deployment !== primary && alive.has(deployment.id));
    return primary ? [primary, ...others] : [];
  }

  /** Newest first, also those that have ended; the first one is the one that was requested last. */
  get history(): readonly Deployment<Revision>[] {
    return this.#deployments.newestFirst;
  }

  /** Newest first. */
  get events(): readonly ServiceEvent[] {
    return this.#events.newestFirst;
  }

  /** Tasks that are not stopped yet, oldest first. */
  get tasks(): readonly Readonly<ScheduledTask>[] {
    return [...this.#tasks.values()];
  }

  /** Whether it has begun the deployment of this id. */
  knows(deploymentId: string): boolean {
    return this.#deployments.find(deploymentId) !== undefined;
  }

  /**
   * Sets what the service should be from now on.
   * @param requested begins a deployment unless it has begun already, even where the revision is the same one (`forceNewDeployment`)
   */
  update(target: ServiceTarget, requested?: RequestedDeployment<Revision>): void {
    const begins = requested !== undefined && !this.knows(requested.id);
    if (!begins && isDeepStrictEqual(target, this.#target)) return;
    this.#target = target;
    this.#steady = this.#stuck = false;
    if (target.desiredCount === 0) this.#retry.cancel();
    if (begins) {
      this.#deployments.begin(requested, this.#deploymentsWithTasks());
      this.#retry.reset();
    }
    this.#evaluate();
  }

  /** A task's containers run; with health checks it counts only once it is healthy. */
  taskRunning(taskId: string, hasHealthCheck: boolean): void {
    const task = this.#tasks.get(taskId);
    if (task?.state !== "PENDING") return;
    task.state = "RUNNING";
    if (hasHealthCheck) return;
    const { settleSeconds = defaultSettleSeconds } = this.options;
    const seconds = typeof settleSeconds === "number" ? settleSeconds : settleSeconds();
    task.cancelSettling = this.clock.after(seconds * 1000, () => this.taskHealthy(taskId));
  }

  taskHealthy(taskId: string): void {
    const task = this.#tasks.get(taskId);
    if (task?.state !== "RUNNING" || task.healthy) return;
    task.healthy = true;
    task.unhealthy = false;
    this.#deployments.taskHealthy(task.deploymentId);
    this.#retry.shorten();
    this.#evaluate();
  }

  /** A health check of an essential container or of a load balancer has failed: the task is replaced. */
  taskUnhealthy(taskId: string, reason = "Task failed container health checks"): void {
    const task = this.#tasks.get(taskId);
    if (task?.state !== "RUNNING" || task.unhealthy) return;
    task.healthy = false;
    task.unhealthy = true;
    task.unhealthyReason = reason;
    this.#deployments.taskFailed(task.deploymentId);
    this.#evaluate();
  }

  /** Neither scaling in nor a deployment stops a protected task. */
  taskProtected(taskId: string, isProtected: boolean): void {
    const task = this.#tasks.get(taskId);
    if (!task || task.protected === isProtected) return;
    task.protected = isProtected;
    this.#evaluate();
  }

  /** A task stops, by itself or on request: from now on it counts neither as healthy nor as live. */
  taskStopping(taskId: string): void {
    const task = this.#tasks.get(taskId);
    if (!task || task.state === "STOPPING") return;
    task.cancelSettling?.();
    task.state = "STOPPING";
    if (!task.healthy && !task.unhealthy) this.#failed(task);
    task.healthy = false;
    this.#evaluate();
  }

  /** A task is gone. */
  taskStopped(taskId: string): void {
    this.taskStopping(taskId);
    this.#tasks.delete(taskId);
    this.#evaluate();
  }

  /** A CloudWatch alarm went off. */
  alarmWentOff(name: string): void {
    if (this.#target) this.#deployments.alarmWentOff(name, this.#target.configuration);
    this.#evaluate();
  }

  targetChanged(deploymentId: string, change: "registered" | "deregistered", group: string): void {
    this.#events.targetChanged(deploymentId, change, group);
  }

  #failed(task: ScheduledTask): void {
    this.#deployments.taskFailed(task.deploymentId);
    if (task.deploymentId !== this.#deployments.primary?.id) return;
    if (this.#retry.lengthen()) this.#events.emit(serviceEvents.throttled);
  }

  /** Whatever the launcher does, this never runs inside itself. */
  #evaluate(): void {
    const { primary } = this.#deployments;
    if (this.#evaluating || !this.#target || !primary) return;
    this.#evaluating = true;
    try {
      const current = this.#checkFailure(primary, this.#target);
      if (current.rolloutState !== "FAILED" || this.#target.desiredCount === 0) this.#reconcile(current, this.#target);
      this.#updateSteadiness(current, this.#target);
    } finally {
      this.#evaluating = false;
    }
  }

  /** Fails the deployment in progress where it must. Gives the primary one, after a rollback another. */
  #checkFailure(primary: Deployment<Revision>, { desiredCount, configuration }: ServiceTarget): Deployment<Revision> {
    const failure = this.#deployments.failIfDetected(desiredCount, configuration);
    if (!failure) return primary;
    this.#events.emit(serviceEvents.failed(primary.id, failure.what));
    if (!failure.back) return primary;
    this.#retry.reset();
    this.#steady = false;
    this.#events.emit(serviceEvents.rollingBack(failure.back.id));
    return failure.back;
  }

  /** Steps until the bounds leave none: what a stop has made room for is started at once. */
  #reconcile(primary: Deployment<Revision>, target: ServiceTarget): void {
    const { desiredCount, configuration } = target;
    const bounds = taskBounds(desiredCount, configuration);
    for (;;) {
      const live = this.tasks.filter((task) => task.state !== "STOPPING");
      const { start, stop, spared } = rolloutStep(live, primary.id, desiredCount, bounds);
      for (const id of stop) this.#stop(this.#tasks.get(id)!, primary);
      if (stop.length > 0) this.#events.emit(serviceEvents.stopped(stop));
      if (start > 0 && !this.#start(primary, start)) return;
      if (start + stop.length > 0) continue;
      if (spared === 0) this.#detectStandstill(primary, target);
      else if (spared !== this.#spared) this.#events.emit(serviceEvents.spared(spared), `, taskSet ${primary.id}`);
      this.#spared = spared;
      return;
    }
  }

  #detectStandstill(primary: Deployment<Revision>, target: ServiceTarget): void {
    const waiting = this.tasks.some((task) => task.state === "STOPPING" || (!task.healthy && !task.unhealthy));
    if (waiting || this.#isComplete(primary, target)) return;
    if (!this.#stuck) this.#events.emit(serviceEvents.stuck);
    this.#stuck = true;
  }

  /** Whether it did, and did not have to wait after a failure. */
  #start(primary: Deployment<Revision>, count: number): boolean {
    if (this.#retry.delays(() => this.#evaluate())) return false;
    const started = Array.from({ length: count }, () => {
      const deploymentId = primary.id;
      const task = this.launcher.start({ deploymentId, revision: primary.revision });
      const fresh = { state: "PENDING", healthy: false, unhealthy: false, protected: false } as const;
      this.#tasks.set(task.id, { ...task, deploymentId, ...fresh });
      return task.id;
    });
    this.#steady = false;
    this.#events.emit(serviceEvents.started(started));
    return true;
  }

  #stop(task: ScheduledTask, primary: Deployment<Revision>): void {
    task.cancelSettling?.();
    task.state = "STOPPING";
    task.healthy = false;
    this.#steady = false;
    this.launcher.stop(
      task.id,
      (task.unhealthy && task.unhealthyReason) || `Scaling activity initiated by (deployment ${primary.id})`,
    );
  }

  #isComplete({ id }: Deployment<Revision>, { desiredCount }: ServiceTarget): boolean {
    return (
      this.#tasks.size === desiredCount &&
      this.tasks.every(({ healthy, deploymentId }) => healthy && deploymentId === id)
    );
  }

  #updateSteadiness(primary: Deployment<Revision>, target: ServiceTarget): void {
    if (!this.#isComplete(primary, target)) return void (this.#steady = false);
    if (this.#steady || primary.rolloutState === "FAILED") return;
    this.#steady = true;
    this.#stuck = false;
    if (primary.rolloutState === "IN_PROGRESS") {
      this.#deployments.complete(primary);
      this.#events.emit(serviceEvents.completed(primary.id));
    }
    this.#events.emit(serviceEvents.steady);
  }

  #deploymentsWithTasks(): ReadonlySet<string> {
    return new Set([...this.#tasks.values()].map(({ deploymentId }) => deploymentId));
  }
}
