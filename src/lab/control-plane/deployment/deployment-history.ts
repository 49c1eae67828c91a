import type { Deployment } from "./deployment";

/** A deployment from its beginning to its end, rollback included. */
interface Past<Revision> {
  readonly deployment: Deployment<Revision>;
  /** Tasks that had failed in a row when the circuit breaker opened. */
  failures?: number;
  rollback?: { readonly startedAt: number; readonly to: Deployment<Revision>; readonly reason: string };
  end?: { readonly at: number; readonly status: "SUCCESSFUL" | "STOPPED" | "ROLLBACK_SUCCESSFUL" };
}

/** What {@link DeploymentHistory.records} needs to know of the service. */
export interface HistoryOf<Revision> {
  readonly serviceArn: string;
  readonly clusterArn: string;
  /** ARN of a revision's task definition. */
  readonly taskDefinition: (revision: Revision) => string;
  /** Failed tasks in a row at which the circuit breaker opens. */
  readonly threshold: number;
}

/** Deployments that are kept: ECS keeps them for 90 days, a long run's memory is bounded by their number. */
const kept = 100;

/**
 * The deployments of a service, those that have ended too: a rollback can be told long after its tasks are gone.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html
 */
export class DeploymentHistory<Revision> {
  readonly #past = new Map<string, Past<Revision>>();

  /** Notes what has changed. @param deployments as the scheduler has them, the primary one first */
  observe(deployments: readonly Deployment<Revision>[], now: number): void {
    const [primary] = deployments;
    for (const deployment of deployments) {
      const one = this.#past.get(deployment.id) ?? { deployment };
      this.#past.set(deployment.id, one);
      if (deployment.rolloutState === "FAILED") one.failures ??= deployment.breaker.failedTasks;
    }
    if (primary) for (const one of this.#past.values()) if (!one.end) this.#update(one, primary, now);
    for (const id of [...this.#past.keys()].slice(0, -kept)) this.#past.delete(id);
  }

  #update(one: Past<Revision>, primary: Deployment<Revision>, now: number): void {
    const { deployment, failures } = one;
    const isReplaced = primary !== deployment;
    // An earlier deployment that is the primary one again: what it went back to.
    if (failures !== undefined && isReplaced && primary.createdAt < deployment.createdAt)
      one.rollback ??= { startedAt: now, to: primary, reason: deployment.rolloutStateReason };
    if (one.rollback) {
      if (one.rollback.to.rolloutState === "COMPLETED") one.end = { at: now, status: "ROLLBACK_SUCCESSFUL" };
    } else if (deployment.rolloutState === "COMPLETED") one.end = { at: now, status: "SUCCESSFUL" };
    else if (isReplaced) one.end = { at: now, status: "STOPPED" };
  }

  /** As DescribeServiceDeployments and DescribeServiceRevisions give them, the newest first. */
  records({ serviceArn, clusterArn, taskDefinition, threshold }: HistoryOf<Revision>) {
    const arn = (kind: string, { deployment }: Pick<Past<Revision>, "deployment">) =>
      `${serviceArn.replace(":service/", `:${kind}/`)}/${deployment.id.split("/")[1]}`;
    const time = (at: number | undefined) => (at === undefined ? undefined : new Date(at).toISOString());
    const newestFirst = [...this.#past.values()].reverse();
    return {
      serviceDeployments: newestFirst.map((one) => ({
        serviceDeploymentArn: arn("service-deployment", one),
        serviceArn,
        clusterArn,
        createdAt: time(one.deployment.createdAt),
        startedAt: time(one.deployment.createdAt),
        finishedAt: time(one.end?.at),
        status: one.end?.status ?? (one.rollback ? "ROLLBACK_IN_PROGRESS" : "IN_PROGRESS"),
        statusReason: one.deployment.rolloutStateReason,
        targetServiceRevision: { arn: arn("service-revision", one) },
        deploymentCircuitBreaker: {
          status: one.failures === undefined ? (one.end ? "MONITORING_COMPLETE" : "MONITORING") : "TRIGGERED",
          failureCount: one.failures ?? one.deployment.breaker.failedTasks,
          threshold,
        },
        rollback: one.rollback && {
          reason: one.rollback.reason,
          startedAt: time(one.rollback.startedAt),
          serviceRevisionArn: arn("service-revision", { deployment: one.rollback.to }),
        },
      })),
      serviceRevisions: newestFirst.map((one) => ({
        serviceRevisionArn: arn("service-revision", one),
        serviceArn,
        clusterArn,
        taskDefinition: taskDefinition(one.deployment.revision),
        launchType: "FARGATE",
        createdAt: time(one.deployment.createdAt),
      })),
    };
  }
}
