/**
 * Failed tasks in a row after which a deployment has failed: half of the desired count, rounded up, at least 3 and at most
 * 200.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
 */
export const failureThreshold = (desiredCount: number): number =>
  Math.min(200, Math.max(3, Math.ceil(desiredCount * 0.5)));

/**
 * Counts the tasks of one deployment that failed in a row.
 *
 * A task has failed when it could not be started, when it stopped by itself before it counted as healthy, or when its
 * health check failed. A task that becomes healthy sets the count to zero; one that merely runs does not.
 * Sources: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html (failedTasks) and
 * https://github.com/aws/containers-roadmap/issues/1206
 */
export class CircuitBreaker {
  #failedTasks = 0;

  get failedTasks(): number {
    return this.#failedTasks;
  }

  taskFailed(): void {
    this.#failedTasks += 1;
  }

  taskHealthy(): void {
    this.#failedTasks = 0;
  }

  /** Whether the deployment has failed, at the desired count of now. */
  isOpen(desiredCount: number): boolean {
    return this.#failedTasks >= failureThreshold(desiredCount);
  }
}
