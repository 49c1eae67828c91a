import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  ListServiceDeploymentsCommand,
  type ServiceDeployment,
  type ServiceDeploymentBrief,
} from "@aws-sdk/client-ecs";
import { batches } from "../aws/sdk/batches";
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
  /** Names of the CloudWatch alarms that ended it. */
  readonly alarms: readonly string[];
  /** ARN of the task definition that failed. */
  readonly taskDefinition: string | undefined;
  /** ARN of the task definition that ECS rolled back to, if it did. */
  readonly rolledBackTo: string | undefined;
}

const inProgress = ["PENDING", "IN_PROGRESS"];

/** The deployments of a service that matter now. */
export interface RecentDeployments {
  /** The newest finished deployment, if it was rolled back or stopped by the circuit breaker. */
  readonly failed: FailedDeployment | undefined;
  /** The newest deployment, if it is in progress. */
  readonly inProgress: ServiceDeployment | undefined;
}

/**
 * The newest deployments of a service. ECS keeps deployments for 90 days.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html
 */
export async function recentDeployments(aws: Aws, cluster: string, service: string): Promise<RecentDeployments> {
  const newestFirst = await listDeployments(aws, cluster, service);
  const finished = newestFirst.find(({ status }) => !inProgress.includes(status ?? ""));
  const newest = newestFirst[0] === finished ? undefined : newestFirst[0];
  const arns = [newest, finished].flatMap((one) => one?.serviceDeploymentArn ?? []);
  if (arns.length === 0) return { failed: undefined, inProgress: undefined };
  const { serviceDeployments = [] } = await aws.ecs.send(
    new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: arns }),
  );
  const described = (brief: ServiceDeploymentBrief | undefined) =>
    serviceDeployments.find(({ serviceDeploymentArn: arn }) => arn && arn === brief?.serviceDeploymentArn);
  const ended = described(finished);
  const failed = ended && hasFailed(ended) ? await failure(aws, ended, newest !== undefined) : undefined;
  return { failed, inProgress: described(newest) };
}

/** As {@link recentDeployments}, only the failed one. */
export const failedDeployment = async (
  aws: Aws,
  cluster: string,
  service: string,
): Promise<FailedDeployment | undefined> => (await recentDeployments(aws, cluster, service)).failed;

/** Up to 100 deployments of a service, the newest first. */
export async function listDeployments(
  { ecs }: Aws,
  cluster: string,
  service: string,
): Promise<ServiceDeploymentBrief[]> {
  const listed = await ecs.send(new ListServiceDeploymentsCommand({ cluster, service, maxResults: 100 }));
  return [...(listed.serviceDeployments ?? [])].sort((a, b) => createdAt(b) - createdAt(a));
}

async function failure({ ecs }: Aws, deployment: ServiceDeployment, isPast: boolean): Promise<FailedDeployment> {
  const { targetServiceRevision, rollback, deploymentCircuitBreaker: breaker, alarms } = deployment;
  const definitions = await taskDefinitions(ecs, [targetServiceRevision?.arn, rollback?.serviceRevisionArn]);
  return {
    startedAt: deployment.startedAt ?? deployment.createdAt,
    failedAt: rollback?.startedAt ?? deployment.stoppedAt ?? deployment.finishedAt,
    isPast,
    status: deployment.status!,
    reason: rollback?.reason ?? deployment.statusReason,
    failures:
      breaker?.status === "TRIGGERED"
        ? { count: breaker.failureCount ?? 0, threshold: breaker.threshold ?? 0 }
        : undefined,
    alarms: alarms?.triggeredAlarmNames ?? [],
    taskDefinition: definitions.get(targetServiceRevision?.arn ?? ""),
    rolledBackTo: definitions.get(rollback?.serviceRevisionArn ?? ""),
  };
}

const createdAt = ({ createdAt: at, startedAt }: ServiceDeploymentBrief) => (at ?? startedAt)?.getTime() ?? 0;

const hasFailed = ({ status, deploymentCircuitBreaker }: ServiceDeployment) =>
  status?.startsWith("ROLLBACK") || deploymentCircuitBreaker?.status === "TRIGGERED";

/** Service revisions that one call describes. Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServiceRevisions.html */
const maxRevisions = 20;

/** Task definitions by the ARNs of service revisions; revisions that ECS no longer knows are missing. */
export async function taskDefinitions(
  ecs: Aws["ecs"],
  arns: readonly (string | undefined)[],
): Promise<ReadonlyMap<string, string>> {
  const definitions = new Map<string, string>();
  for (const serviceRevisionArns of batches([...new Set(arns.flatMap((arn) => arn ?? []))], maxRevisions)) {
    const { serviceRevisions = [] } = await ecs.send(new DescribeServiceRevisionsCommand({ serviceRevisionArns }));
    for (const one of serviceRevisions) definitions.set(one.serviceRevisionArn!, one.taskDefinition!);
  }
  return definitions;
}
