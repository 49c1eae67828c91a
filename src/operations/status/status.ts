import type { Deployment, Service } from "@aws-sdk/client-ecs";
import { lastPartOf } from "../../aws/arn";
import { advice } from "../../advice";
import type { Aws } from "../../aws/sdk/clients";
import { activeServices } from "../../aws/sdk/services";
import { awsFailure } from "../aws-failure";
import type { DeployedEnvironment, DeployedService } from "../deployed-environment";
import { FailedTaskLogs } from "../failed-task-logs";
import { type FailedDeployment, type RecentDeployments, recentDeployments } from "../service-deployments";
import { byReason, isUnexpected } from "../stopped-tasks";
import { type EcsTask, tasksOf } from "../tasks";
import { imageName } from "./image-name";
import { targetsOf, type TargetStatus } from "./target-health";

/** A deployment that has tasks, or should have some. */
export interface DeploymentStatus {
  /** `prod-shop:14`. */
  readonly revision: string;
  /** Image of the service's container, without its registry; `undefined` if the task definition can't be read. */
  readonly image: string | undefined;
  readonly state: "runs" | "is being deployed" | "is being rolled back to" | "failed" | "is being replaced";
  /** What ECS does now in a deployment that shifts traffic, such as `BAKE_TIME`. */
  readonly stage?: string;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  /** Tasks that failed in a row. */
  readonly failed: number;
  /** ISO 8601. */
  readonly since: string | undefined;
}

/** Tasks that stopped unexpectedly within about the last hour, for the same reason. */
export interface FailedTasks {
  readonly revision: string;
  readonly reason: string;
  /** Ids, the newest first. */
  readonly tasks: readonly string[];
  /** When the newest one stopped, ISO 8601. */
  readonly stoppedAt: string | undefined;
  /** The last log lines of the newest one's failed containers. */
  readonly log: readonly string[];
}

/** A service's deployments, failed tasks and targets. */
export interface ServiceStatus {
  readonly name: string;
  /**
   * - `failed`: tasks are missing or unhealthy, or the last deployment failed;
   * - `deploying`: a deployment is in progress;
   * - `unknown`: nothing is wrong, but something couldn't be read.
   */
  readonly state: "steady" | "deploying" | "failed" | "unknown";
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  readonly deployments: readonly DeploymentStatus[];
  /** The last deployment that ended, if it failed. */
  readonly failedDeployment: (FailedDeployment & { readonly image: string | undefined }) | undefined;
  readonly failedTasks: readonly FailedTasks[];
  readonly targets: readonly TargetStatus[];
  /** What is wrong, sentences. */
  readonly problems: readonly string[];
  /** What couldn't be read, sentences. */
  readonly unchecked: readonly string[];
}

/** The services of an environment. */
export interface Status {
  readonly environment: string;
  readonly region: string;
  readonly cluster: string;
  /** ISO 8601. */
  readonly at: string;
  readonly services: readonly ServiceStatus[];
}

/**
 * What the services of an environment do now.
 *
 * @throws what the SDK throws when ECS can't be asked. Other failures of AWS become `unchecked`.
 */
export async function statusOf(aws: Aws, environment: DeployedEnvironment): Promise<Status> {
  const { cluster, services, name } = environment;
  const names = services.map(({ ecsService }) => ecsService);
  const found = await activeServices(aws, cluster, names).catch((error: Error) => {
    if (error.name === "ClusterNotFoundException") return [];
    throw error;
  });
  const statuses = services.map((service) => {
    const ecs = found.find(({ serviceName }) => serviceName === service.ecsService);
    return ecs ? serviceStatus(aws, environment, service, ecs) : notDeployed(environment, service);
  });
  return {
    environment: name,
    region: aws.region,
    cluster,
    at: new Date().toISOString(),
    services: await Promise.all(statuses),
  };
}

/** 0 every service is steady, 1 something failed, 2 something couldn't be read, 3 a deployment is in progress. */
export function exitCodeOf({ services }: Status): number {
  const is = (state: ServiceStatus["state"]) => services.some((service) => service.state === state);
  return is("failed") ? 1 : is("deploying") ? 3 : is("unknown") ? 2 : 0;
}

const notDeployed = (environment: DeployedEnvironment, { name }: DeployedService): ServiceStatus => ({
  name,
  state: "failed",
  desired: 0,
  running: 0,
  pending: 0,
  deployments: [],
  failedDeployment: undefined,
  failedTasks: [],
  targets: [],
  problems: [`is not deployed in the ECS cluster ${environment.cluster}: ${advice.apply(environment)}`],
  unchecked: [],
});

async function serviceStatus(
  aws: Aws,
  { cluster }: DeployedEnvironment,
  service: DeployedService,
  ecs: Service,
): Promise<ServiceStatus> {
  const logs = new FailedTaskLogs(aws);
  const unchecked: string[] = [];
  const [recent, targets, current, stopped] = await Promise.all([
    unlessRefused("its deployments", recentDeployments(aws, cluster, service.ecsService), noDeployments, unchecked),
    unlessRefused("the health of its targets", targetsOf(aws, ecs), [], unchecked),
    tasksOf(aws, cluster, service.ecsService, "RUNNING"),
    tasksOf(aws, cluster, service.ecsService, "STOPPED"),
  ]);
  const imageOf = async (definition: string | undefined) =>
    definition === undefined ? undefined : image(service, await logs.definition(definition));
  const deployments = await Promise.all(
    (ecs.deployments ?? []).map(async (one) => deploymentStatus(one, await imageOf(one.taskDefinition), recent)),
  );
  const { failed } = recent;
  const failedTasks = await failures(stopped.filter(isUnexpected), logs);
  const problems = problemsOf(ecs, recent, current, targets);
  unchecked.push(...logs.refused.map((why) => `the logs of its tasks: ${why}`));
  return {
    name: service.name,
    state: stateOf(ecs, problems, unchecked),
    desired: ecs.desiredCount ?? 0,
    running: ecs.runningCount ?? 0,
    pending: ecs.pendingCount ?? 0,
    deployments,
    failedDeployment: failed && { ...failed, image: await imageOf(failed.taskDefinition) },
    failedTasks,
    targets,
    problems,
    unchecked,
  };
}

const noDeployments: RecentDeployments = { failed: undefined, inProgress: undefined };

/** A missing permission must not hide everything else. */
async function unlessRefused<Value>(
  what: string,
  asked: Promise<Value>,
  otherwise: Value,
  unchecked: string[],
): Promise<Value> {
  try {
    return await asked;
  } catch (failure) {
    const why = awsFailure(failure);
    if (why === undefined) throw failure;
    unchecked.push(`${what}: ${why}`);
    return otherwise;
  }
}

type Definition = Awaited<ReturnType<FailedTaskLogs["definition"]>>;

function image({ name }: DeployedService, definition: Definition): string | undefined {
  const uri = definition?.containerDefinitions?.find((container) => container.name === name)?.image;
  return uri === undefined ? undefined : imageName(uri);
}

/** `prod-shop:14`. */
const revisionOf = (arn: string | undefined): string => (arn === undefined ? "an unknown revision" : lastPartOf(arn));

function deploymentStatus(
  deployment: Deployment,
  image: string | undefined,
  { inProgress }: RecentDeployments,
): DeploymentStatus {
  const stage = isInProgress(deployment) ? inProgress?.lifecycleStage : undefined;
  return {
    revision: revisionOf(deployment.taskDefinition),
    image,
    state: deploymentState(deployment),
    ...(stage ? { stage } : {}),
    desired: deployment.desiredCount ?? 0,
    running: deployment.runningCount ?? 0,
    pending: deployment.pendingCount ?? 0,
    failed: deployment.failedTasks ?? 0,
    since: deployment.createdAt?.toISOString(),
  };
}

function deploymentState({ status, rolloutState, rolloutStateReason = "" }: Deployment): DeploymentStatus["state"] {
  if (rolloutState === "FAILED") return "failed";
  if (status !== "PRIMARY") return "is being replaced";
  if (rolloutState !== "IN_PROGRESS") return "runs";
  return /rolling back/i.test(rolloutStateReason) ? "is being rolled back to" : "is being deployed";
}

async function failures(tasks: readonly EcsTask[], logs: FailedTaskLogs): Promise<FailedTasks[]> {
  const all: FailedTasks[] = [];
  for (const { reason, all: same } of byReason(tasks).slice(0, shownReasons)) {
    const [newest] = same;
    all.push({
      revision: revisionOf(newest.taskDefinitionArn),
      reason,
      tasks: same.map(({ id }) => id),
      stoppedAt: newest.stoppedAt?.toISOString(),
      log: await logs.of(newest.taskDefinitionArn, newest.id, newest.containers),
    });
  }
  return all;
}

/** Maximum of reasons of one service, the newest first. */
const shownReasons = 3;

const isInProgress = ({ status, rolloutState }: Deployment): boolean =>
  status === "PRIMARY" && rolloutState === "IN_PROGRESS";

const isDeploying = ({ deployments = [] }: Service): boolean => deployments.some(isInProgress);

function problemsOf(
  ecs: Service,
  { failed }: RecentDeployments,
  tasks: readonly EcsTask[],
  targets: readonly TargetStatus[],
): string[] {
  const { desiredCount = 0, runningCount = 0, deployments = [] } = ecs;
  const unhealthy = tasks.filter(({ health, status }) => status === "RUNNING" && health === "UNHEALTHY");
  const bad = targets.filter(({ state }) => state.startsWith("unhealthy"));
  return [
    ...(failed && !failed.isPast ? ["its last deployment failed"] : []),
    ...(!failed && deployments.some(({ rolloutState }) => rolloutState === "FAILED") ? ["its deployment failed"] : []),
    ...(runningCount < desiredCount && !isDeploying(ecs)
      ? [`${desiredCount - runningCount} of its tasks are missing`]
      : []),
    ...unhealthy.map(({ id }) => `task ${id} fails its container's health check`),
    ...bad.map(({ address, port }) => `the target ${address}:${port} is unhealthy`),
  ];
}

function stateOf(ecs: Service, problems: readonly string[], unchecked: readonly string[]): ServiceStatus["state"] {
  if (problems.length > 0) return "failed";
  const replacing = (ecs.deployments ?? []).some(({ status }) => status === "ACTIVE");
  if (isDeploying(ecs) || replacing) return "deploying";
  return unchecked.length > 0 ? "unknown" : "steady";
}
