import type { Clock } from "../clock";
import { beginDeployment } from "./deployment/deployment";
import type { Deployment } from "./deployment/deployment";
import { rolloutStep, taskBounds } from "./deployment/rollout";
import type { DeploymentConfiguration, RolloutTask } from "./deployment/rollout";
import { serviceEvents } from "./deployment/service-events";

/** What a service shall be: read from ECS's API after each change. `Revision` is whatever makes a new deployment. */
export interface ServiceTarget<Revision> {
  readonly desiredCount: number;
  readonly revision: Revision;
  readonly configuration: DeploymentConfiguration;
}

/** Starts and stops tasks for a scheduler, and tells it later, never at once, what became of them. */
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
  /** Called with each service event, worded as in ECS. */
  readonly onEvent?: (message: string) => void;
}

interface ScheduledTask extends RolloutTask {
  readonly deploymentId: string;
  state: "PENDING" | "RUNNING" | "STOPPING";
  healthy: boolean;
  unhealthy: boolean;
  /** Forgets the settling time. */
  forget?: () => void;
}

/** Seconds; see {@link SchedulerOptions}. */
export const [defaultSettleSeconds, defaultRetrySeconds, longestRetrySeconds] = [40, 1, 60];

/**
 * ECS's service scheduler for one service: keeps the desired count, rolls deployments out within their percentages and
 * lets the circuit breaker fail them. It acts only when told something and never asks: time and tasks are given to it.
 *
 * Sources: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html,
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html and, for a task without health
 * checks, https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html (40 seconds).
 */
export class ServiceScheduler<Revision> {
  readonly #tasks = new Map<string, ScheduledTask>();
  /** The primary one first; then those that still have tasks, and the last one that completed. */
  #deployments: Deployment<Revision>[] = [];
  #target: ServiceTarget<Revision> | undefined;
  #lastCompleted: Deployment<Revision> | undefined;
  #retryAt = 0;
  #retryMs: number;
  #cancelRetry: (() => void) | undefined;
  #evaluating = false;
  #steady = false;
  #stuck = false;

  constructor(
    readonly serviceName: string,
    private readonly launcher: TaskLauncher<Revision>,
    private readonly clock: Clock,
    private readonly options: SchedulerOptions = {},
  ) {
    this.#retryMs = this.#firstRetryMs;
  }

  /** Whether every task is healthy, of the primary deployment, as many as desired, and no other is left. */
  get steady(): boolean {
    return this.#steady;
  }

  /** The primary deployment first. Those that ended long ago are not among them. */
  get deployments(): readonly Deployment<Revision>[] {
    const alive = new Set([...this.#tasks.values()].map((task) => task.deploymentId));
    return this.#deployments.filter((deployment) => deployment.status === "PRIMARY" || alive.has(deployment.id));
  }

  /** Tasks that are not stopped yet, oldest first. */
  get tasks(): readonly Readonly<ScheduledTask>[] {
    return [...this.#tasks.values()];
  }

  /**
   * What the service shall be from now on.
   * @param redeploy a deployment of its own, even where the revision is the same one (`forceNewDeployment`)
   */
  update(target: ServiceTarget<Revision>, redeploy = this.#target?.revision !== target.revision): void {
    this.#target = target;
    this.#steady = this.#stuck = false;
    if (redeploy) this.#makePrimary(beginDeployment(target.revision, this.clock.now()));
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
    task.forget = this.clock.after(seconds * 1000, () => this.taskHealthy(taskId));
  }

  taskHealthy(taskId: string): void {
    const task = this.#tasks.get(taskId);
    if (task?.state !== "RUNNING") return;
    task.healthy = true;
    task.unhealthy = false;
    this.#deployment(task)?.breaker.taskHealthy();
    this.#retryMs = this.#firstRetryMs;
    this.#evaluate();
  }

  /** An essential container's health check has failed: the task is replaced. */
  taskUnhealthy(taskId: string): void {
    const task = this.#tasks.get(taskId);
    if (task?.state !== "RUNNING" || task.unhealthy) return;
    task.healthy = false;
    task.unhealthy = true;
    this.#deployment(task)?.breaker.taskFailed();
    this.#evaluate();
  }

  /** A task is being stopped, by itself or by somebody else: from now on it counts neither as healthy nor as there. */
  taskStopping(taskId: string): void {
    const task = this.#tasks.get(taskId);
    if (!task || task.state === "STOPPING") return;
    task.forget?.();
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

  #makePrimary(deployment: Deployment<Revision>): void {
    const others = this.deployments.filter((other) => other !== deployment);
    for (const other of others) other.status = "ACTIVE";
    deployment.status = "PRIMARY";
    this.#deployments = [deployment, ...others];
    this.#retryAt = 0;
    this.#retryMs = this.#firstRetryMs;
    this.#steady = false;
  }

  #failed(task: ScheduledTask): void {
    this.#deployment(task)?.breaker.taskFailed();
    if (task.deploymentId !== this.#deployments[0]?.id || this.#retryAt > this.clock.now()) return;
    this.#retryAt = this.clock.now() + this.#retryMs;
    if (this.#retryMs > this.#firstRetryMs) this.#say(serviceEvents.throttled);
    this.#retryMs = Math.min(2 * this.#retryMs, longestRetrySeconds * 1000);
  }

  /** One thing after another until nothing is left to do: whatever the launcher does, this never runs inside itself. */
  #evaluate(): void {
    const primary = this.#deployments[0];
    if (this.#evaluating || !this.#target || !primary) return;
    this.#evaluating = true;
    try {
      this.#judge(primary);
      if (this.#deployments[0]?.rolloutState !== "FAILED" || this.#target.desiredCount === 0) this.#act();
      this.#noticeSteadiness();
    } finally {
      this.#evaluating = false;
    }
  }

  /** The circuit breaker: fails the deployment in progress and goes back to the last one that completed. */
  #judge(primary: Deployment<Revision>): void {
    const { desiredCount, configuration } = this.#target!;
    if (!configuration.circuitBreaker.enable || primary.rolloutState !== "IN_PROGRESS") return;
    if (!primary.breaker.isOpen(desiredCount)) return;
    primary.rolloutState = "FAILED";
    primary.rolloutStateReason = "ECS deployment circuit breaker: tasks failed to start.";
    this.#say(serviceEvents.failed(primary.id));
    const back = this.#lastCompleted;
    if (!configuration.circuitBreaker.rollback || !back || back === primary) return;
    // In progress again, so it is no candidate for another rollback until it has completed once more.
    this.#lastCompleted = undefined;
    back.breaker.taskHealthy();
    back.rolloutState = "IN_PROGRESS";
    back.rolloutStateReason = `ECS deployment circuit breaker: rolling back to deploymentId ${back.id}.`;
    this.#makePrimary(back);
    this.#say(serviceEvents.rollingBack(back.id));
  }

  /** Steps until the bounds leave none: what a stop has made room for is started at once. */
  #act(): void {
    const primary = this.#deployments[0]!;
    const { desiredCount, configuration } = this.#target!;
    const bounds = taskBounds(desiredCount, configuration);
    for (;;) {
      const live = this.tasks.filter((task) => task.state !== "STOPPING");
      const { start, stop } = rolloutStep(live, primary.id, desiredCount, bounds);
      for (const id of stop) this.#stop(this.#tasks.get(id)!, primary);
      if (stop.length > 0) this.#say(serviceEvents.stopped(stop));
      if (start > 0 && !this.#start(primary, start)) return;
      if (start + stop.length === 0) return this.#noticeStandstill();
    }
  }

  #noticeStandstill(): void {
    const waiting = this.tasks.some((task) => task.state === "STOPPING" || (!task.healthy && !task.unhealthy));
    if (waiting || this.#isComplete()) return;
    if (!this.#stuck) this.#say(serviceEvents.stuck);
    this.#stuck = true;
  }

  /** Whether it did, and did not have to wait after a failure. */
  #start(primary: Deployment<Revision>, count: number): boolean {
    const wait = this.#retryAt - this.clock.now();
    if (wait > 0) {
      this.#evaluateAfter(wait);
      return false;
    }
    const started = Array.from({ length: count }, () => {
      const task = this.launcher.start({ deploymentId: primary.id, revision: primary.revision });
      this.#tasks.set(task.id, {
        ...task,
        deploymentId: primary.id,
        state: "PENDING",
        healthy: false,
        unhealthy: false,
      });
      return task.id;
    });
    this.#steady = false;
    this.#say(serviceEvents.started(started));
    return true;
  }

  #evaluateAfter(milliseconds: number): void {
    this.#cancelRetry?.();
    this.#cancelRetry = this.clock.after(milliseconds, () => this.#evaluate());
  }

  #stop(task: ScheduledTask, primary: Deployment<Revision>): void {
    task.forget?.();
    task.state = "STOPPING";
    task.healthy = false;
    this.#steady = false;
    const reason = task.unhealthy
      ? "Task failed container health checks"
      : `Scaling activity initiated by (deployment ${primary.id})`;
    this.launcher.stop(task.id, reason);
  }

  #isComplete(): boolean {
    const primary = this.#deployments[0]!;
    const tasks = this.tasks;
    return (
      tasks.length === this.#target!.desiredCount &&
      tasks.every((task) => task.healthy && task.deploymentId === primary.id)
    );
  }

  #noticeSteadiness(): void {
    const primary = this.#deployments[0]!;
    if (!this.#isComplete()) return void (this.#steady = false);
    if (this.#steady || primary.rolloutState === "FAILED") return;
    this.#steady = true;
    this.#stuck = false;
    if (primary.rolloutState === "IN_PROGRESS") {
      primary.rolloutState = "COMPLETED";
      primary.rolloutStateReason = `ECS deployment ${primary.id} completed.`;
      this.#lastCompleted = primary;
      this.#say(serviceEvents.completed(primary.id));
    }
    this.#say(serviceEvents.steady);
  }

  get #firstRetryMs(): number {
    return (this.options.retrySeconds ?? defaultRetrySeconds) * 1000;
  }

  #deployment(task: ScheduledTask): Deployment<Revision> | undefined {
    return this.#deployments.find((deployment) => deployment.id === task.deploymentId);
  }

  #say(message: string): void {
    this.options.onEvent?.(`(service ${this.serviceName}) ${message}`);
  }
}
