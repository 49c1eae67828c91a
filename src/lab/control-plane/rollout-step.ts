import { maxTasks } from "../../aws/ecs/deployment-percent";
import type { DeploymentConfiguration } from "./deployment";

/** Numbers of tasks that a deployment has to keep within. */
export interface TaskBounds {
  readonly minimum: number;
  readonly maximum: number;
}

/** A task whose desired status is RUNNING: one that is being stopped counts neither for the minimum nor for the maximum. */
export interface RolloutTask {
  readonly id: string;
  readonly deploymentId: string;
  /** Counts towards the minimum. */
  readonly healthy: boolean;
  /** Its health check has failed: to be replaced. */
  readonly unhealthy: boolean;
  /** Scaling in takes from the fullest zone first. */
  readonly availabilityZone?: string;
  /** Neither scaling in nor a deployment stops it; a failed health check does. */
  readonly protected?: boolean;
}

/** What the scheduler does next: tasks of the primary deployment to start, and tasks to stop. */
export interface RolloutStep {
  readonly start: number;
  readonly stop: readonly string[];
  /** Tasks that it would stop if they weren't protected. */
  readonly spared: number;
}

/**
 * Minimum, rounded up, and maximum, rounded down, as numbers of tasks.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
 */
export function taskBounds(desiredCount: number, configuration: DeploymentConfiguration): TaskBounds {
  return {
    minimum: Math.ceil((desiredCount * configuration.minimumHealthyPercent) / 100),
    maximum: maxTasks(desiredCount, configuration.maximumPercent),
  };
}

/**
 * The next step of a rolling update, from the tasks as they are (oldest first).
 *
 * New tasks are started as far as the maximum goes. Old ones are stopped as far as the minimum goes, without waiting for
 * a replacement that it does not ask for: the API's reference says that at 50 percent the scheduler may stop two of four
 * before it starts any, and for a cluster that is the harder case. A task that failed its health check is replaced first
 * and stopped then, unless the maximum leaves no room. Protected tasks stay.
 * Sources: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html,
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection.html
 */
export function rolloutStep(
  tasks: readonly RolloutTask[],
  primaryDeploymentId: string,
  desiredCount: number,
  bounds: TaskBounds,
): RolloutStep {
  const ofPrimary = tasks.filter((task) => task.deploymentId === primaryDeploymentId);
  const sound = ofPrimary.filter((task) => !task.unhealthy);
  const missing = Math.max(0, desiredCount - sound.length);
  const start = Math.min(missing, Math.max(0, bounds.maximum - tasks.length));

  const healthy = tasks.filter((task) => task.healthy).length;
  const replaced = sound.filter((task) => task.healthy).length >= desiredCount;
  const unhealthy = ofPrimary.filter((task) => task.unhealthy);
  const old = tasks.filter((task) => task.deploymentId !== primaryDeploymentId && !isSpared(task));
  const surplusCount = Math.max(0, sound.length - desiredCount);
  const surplus = stopOrder(sound.filter((task) => !isSpared(task))).slice(0, surplusCount);

  const withoutLoss = [
    ...old.filter((task) => !task.healthy),
    ...(replaced ? unhealthy : unhealthy.slice(0, missing - start)),
    ...surplus.filter((task) => !task.healthy),
  ];
  const withLoss = [...stopOrder(old), ...surplus].filter((task) => task.healthy);
  const spare = Math.max(0, healthy - bounds.minimum);
  return {
    start,
    stop: [...withoutLoss, ...withLoss.slice(0, spare)].map((task) => task.id),
    spared: tasks.length - ofPrimary.length - old.length + surplusCount - surplus.length,
  };
}

const isSpared = (task: RolloutTask): boolean => task.protected === true && !task.unhealthy;

/** Those that are not healthy yet first, then from the fullest Availability Zone, of equals the oldest. */
function stopOrder(tasks: readonly RolloutTask[]): RolloutTask[] {
  const left = [...tasks];
  const ordered: RolloutTask[] = [];
  const inZone = (zone: string | undefined) => left.filter((task) => task.availabilityZone === zone).length;
  while (left.length > 0) {
    const pending = left.find((task) => !task.healthy);
    const fullest = Math.max(...left.map((task) => inZone(task.availabilityZone)));
    const next = pending ?? left.find((task) => inZone(task.availabilityZone) === fullest)!;
    ordered.push(...left.splice(left.indexOf(next), 1));
  }
  return ordered;
}
