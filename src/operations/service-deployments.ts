import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  ListServiceDeploymentsCommand,
  type ServiceDeployment,
  type ServiceDeploymentBrief,
} from "@aws-sdk/client-ecs";
import type { Aws } from "../aws/sdk/clients";

/** A failed deployment, and the revision that ECS rolled back to. */
export interface FailedDeployment {
  readonly startedAt: Date | undefined;
  /** When ECS began to roll it back, or stopped it. */
  readonly failedAt: Date | undefined;
  /** Whether another deployment has started since. */
  readonly isPast: boolean;
  /** ECS's status, such as `ROLLBACK_SUCCESSFUL`. */
  readonly status: string;
  /** ECS's reason. */
  readonly reason: string | undefined;
  /** Consecutive failed tasks, and the threshold of the circuit breaker. */
  readonly failures: { readonly count: number; readonly threshold: number } | undefined;
  /** ARN of the task definition that failed. */
  readonly taskDefinition: string | undefined;
  /** ARN of the task definition that ECS rolled back to, if it did. */
  readonly rolledBackTo: string | undefined;
}

const underWay = ["PENDING", "IN_PROGRESS"];

/**
 * The newest finished deployment of a service, if it was rolled back or stopped by the circuit breaker. ECS keeps
 * deployments for 90 days.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html
 */
export async function failedDeployment(
  { ecs }: Aws,
  cluster: string,
  service: string,
): Promise<FailedDeployment | undefined> {
  const listed = await ecs.send(new ListServiceDeploymentsCommand({ cluster, service, maxResults: 100 }));
  const newestFirst = [...(listed.serviceDeployments ?? [])].sort((a, b) => createdAt(b) - createdAt(a));
  const newest = newestFirst.find(({ status }) => !underWay.includes(status ?? ""));
  if (!newest?.serviceDeploymentArn) return undefined;
  const { serviceDeployments = [] } = await ecs.send(
    new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [newest.serviceDeploymentArn] }),
  );
  const [deployment] = serviceDeployments;
  if (!deployment || !hasFailed(deployment)) return undefined;
  const definitions = await taskDefinitions(ecs, [
    deployment.targetServiceRevision?.arn,
    deployment.rollback?.serviceRevisionArn,
  ]);
  const breaker = deployment.deploymentCircuitBreaker;
  return {
    startedAt: deployment.startedAt ?? deployment.createdAt,
    failedAt: deployment.rollback?.startedAt ?? deployment.stoppedAt ?? deployment.finishedAt,
    isPast: newest !== newestFirst[0],
    status: deployment.status!,
    reason: deployment.rollback?.reason ?? deployment.statusReason,
    failures:
      breaker?.status === "TRIGGERED"
        ? { count: breaker.failureCount ?? 0, threshold: breaker.threshold ?? 0 }
        : undefined,
    taskDefinition: definitions.get(deployment.targetServiceRevision?.arn ?? ""),
    rolledBackTo: definitions.get(deployment.rollback?.serviceRevisionArn ?? ""),
  };
}

const createdAt = ({ createdAt: at, startedAt }: ServiceDeploymentBrief) => (at ?? startedAt)?.getTime() ?? 0;

const hasFailed = ({ status, deploymentCircuitBreaker }: ServiceDeployment) =>
  status?.startsWith("ROLLBACK") || deploymentCircuitBreaker?.status === "TRIGGERED";

/** Task definitions by the ARNs of service revisions; revisions that ECS no longer knows are missing. */
async function taskDefinitions(
  ecs: Aws["ecs"],
  arns: readonly (string | undefined)[],
): Promise<ReadonlyMap<string, string>> {
  const serviceRevisionArns = [...new Set(arns.flatMap((arn) => arn ?? []))];
  if (serviceRevisionArns.length === 0) return new Map();
  const { serviceRevisions = [] } = await ecs.send(new DescribeServiceRevisionsCommand({ serviceRevisionArns }));
  return new Map(serviceRevisions.map((revision) => [revision.serviceRevisionArn!, revision.taskDefinition!]));
}
