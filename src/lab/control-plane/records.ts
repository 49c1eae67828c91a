import type { Task } from "@aws-sdk/client-ecs";
import type { AppliedService } from "./applied/services";
import { type Deployment, failureThreshold, type ServiceEvent } from "./deployment";
import type { FargateTask, TaskStatus } from "./task/fargate-task";
import type { TaskContainer } from "./task/task-containers";

/** A record as JSON carries it: what the SDK gives as a `Date` is ISO 8601 text. */
type AsJson<Value> = Value extends Date
  ? string
  : Value extends object
    ? { [Key in keyof Value]: AsJson<Value[Key]> }
    : Value;

const time = (milliseconds: number | undefined) =>
  milliseconds === undefined ? undefined : new Date(milliseconds).toISOString();

/** A task as DescribeTasks reports it. Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html */
export function taskRecord(task: FargateTask): AsJson<Task> {
  const { order, end } = task;
  const { definition } = order;
  return {
    taskArn: task.arn,
    clusterArn: order.clusterArn,
    taskDefinitionArn: definition.arn,
    group: order.oneOff?.group ?? `service:${order.serviceName}`,
    startedBy: order.deploymentId,
    launchType: "FARGATE",
    capacityProviderName: order.capacityProvider,
    platformVersion: "1.4.0",
    platformFamily: "Linux",
    availabilityZone: order.subnet.availabilityZone,
    connectivity: "CONNECTED",
    enableExecuteCommand: order.enableExecuteCommand,
    cpu: definition.cpu === undefined ? undefined : String(definition.cpu),
    memory: definition.memory === undefined ? undefined : String(definition.memory),
    lastStatus: task.status,
    desiredStatus: task.end ? "STOPPED" : "RUNNING",
    healthStatus: task.health,
    createdAt: time(task.createdAt),
    startedAt: time(task.startedAt),
    stoppingAt: time(task.stoppingAt),
    stoppedAt: time(task.stoppedAt),
    stopCode: end?.stopCode,
    stoppedReason: end?.stoppedReason,
    attachments: [attachment(task)],
    containers: task.containers.all.map((container) => containerRecord(task, container)),
  };
}

function attachment({ id, status, order, networkInterface: eni }: FargateTask) {
  const details = eni && {
    subnetId: order.subnet.id,
    networkInterfaceId: eni.id,
    macAddress: eni.macAddress,
    privateDnsName: eni.privateDnsName,
    privateIPv4Address: eni.address,
  };
  return {
    id,
    type: "ElasticNetworkInterface",
    status: status === "STOPPED" ? "DELETED" : eni ? "ATTACHED" : "PRECREATED",
    details: Object.entries(details ?? { subnetId: order.subnet.id }).map(([name, value]) => ({ name, value })),
  };
}

function containerRecord(task: FargateTask, { definition, running, exit, health }: TaskContainer) {
  const ended = exit !== undefined || task.status === "STOPPED";
  return {
    containerArn: `${task.arn.replace(":task/", ":container/")}/${definition.name}`,
    taskArn: task.arn,
    name: definition.name,
    image: definition.image,
    lastStatus: ended ? "STOPPED" : running ? "RUNNING" : "PENDING",
    exitCode: exit?.exitCode,
    healthStatus: health,
    networkInterfaces: task.networkInterface
      ? [{ attachmentId: task.id, privateIpv4Address: task.networkInterface.address }]
      : [],
  };
}

/** What a service's record is made from: its applied form, and what the scheduler knows of it. */
export interface RecordedService {
  readonly applied: AppliedService;
  readonly tasks: readonly FargateTask[];
  readonly deployments: readonly RecordedDeployment[];
  /** Newest first, those that have ended too. */
  readonly history: readonly RecordedDeployment[];
  /** Newest first. */
  readonly events: readonly ServiceEvent[];
}

type RecordedDeployment = Deployment<{ readonly definition: { readonly arn: string } }>;

/** A service's counts, deployments and events, members as ECS's API gives them. */
export interface ServiceRecord {
  /** Names. */
  readonly cluster: string;
  readonly service: string;
  /**
   * Id of the newest deployment that clients requested, as far as the scheduler knows: local AWS ignores deployments and task
   * definition where a client has requested another one since.
   */
  readonly requestedDeployment: string | undefined;
  readonly [member: string]: unknown;
}

/** A service as DescribeServices, DescribeServiceDeployments and DescribeServiceRevisions report it. It changes nothing. */
export function serviceRecord({ applied, tasks, deployments, history, events }: RecordedService): ServiceRecord {
  const countsOf = (deploymentId?: string) => {
    const own = tasks.filter(({ order }) => !deploymentId || order.deploymentId === deploymentId);
    const count = (...statuses: TaskStatus[]) => own.filter(({ status }) => statuses.includes(status)).length;
    return { runningCount: count("RUNNING"), pendingCount: count("PROVISIONING", "PENDING", "ACTIVATING") };
  };
  return {
    cluster: applied.clusterArn.split("/")[1]!,
    service: applied.name,
    requestedDeployment: history[0]?.id,
    // After a rollback the service names the earlier task definition again.
    taskDefinition: deployments[0]?.revision.definition.arn,
    ...countsOf(),
    deployments: deployments.map((deployment) => ({
      ...deploymentRecord(deployment),
      desiredCount: deployment.status === "PRIMARY" ? applied.desiredCount : 0,
      ...countsOf(deployment.id),
    })),
    events,
    serviceDeployments: history.map((deployment) => serviceDeploymentRecord(applied, deployment)),
    serviceRevisions: history.map((deployment) => serviceRevisionRecord(applied, deployment)),
  };
}

/** Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html */
const deploymentRecord = (deployment: RecordedDeployment) => ({
  id: deployment.id,
  status: deployment.status,
  taskDefinition: deployment.revision.definition.arn,
  failedTasks: deployment.failedTasks,
  rolloutState: deployment.rolloutState,
  rolloutStateReason: deployment.rolloutStateReason,
  launchType: "FARGATE",
  platformVersion: "1.4.0",
  platformFamily: "Linux",
  createdAt: time(deployment.createdAt),
  updatedAt: time(deployment.createdAt),
});

const arnOf = (kind: "service-deployment" | "service-revision", { arn }: AppliedService, { id }: RecordedDeployment) =>
  `${arn.replace(":service/", `:${kind}/`)}/${id.split("/")[1]}`;

/** Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html */
function serviceDeploymentRecord(service: AppliedService, deployment: RecordedDeployment) {
  const { createdAt, end, failures, alarms, failedTasks, rollback, rolloutStateReason } = deployment;
  return {
    serviceDeploymentArn: arnOf("service-deployment", service, deployment),
    serviceArn: service.arn,
    clusterArn: service.clusterArn,
    createdAt: time(createdAt),
    startedAt: time(createdAt),
    finishedAt: time(end?.at),
    status: end?.status ?? (rollback ? "ROLLBACK_IN_PROGRESS" : "IN_PROGRESS"),
    statusReason: rolloutStateReason,
    targetServiceRevision: { arn: arnOf("service-revision", service, deployment) },
    deploymentCircuitBreaker: {
      status: failures === undefined ? (end ? "MONITORING_COMPLETE" : "MONITORING") : "TRIGGERED",
      failureCount: failures ?? failedTasks,
      threshold: failureThreshold(service.desiredCount),
    },
    alarms: alarms && { status: "TRIGGERED", alarmNames: alarms, triggeredAlarmNames: alarms },
    rollback: rollback && {
      reason: rollback.reason,
      startedAt: time(rollback.startedAt),
      serviceRevisionArn: arnOf("service-revision", service, rollback.to),
    },
  };
}

/** Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceRevision.html */
const serviceRevisionRecord = (service: AppliedService, deployment: RecordedDeployment) => ({
  serviceRevisionArn: arnOf("service-revision", service, deployment),
  serviceArn: service.arn,
  clusterArn: service.clusterArn,
  taskDefinition: deployment.revision.definition.arn,
  launchType: "FARGATE",
  createdAt: time(deployment.createdAt),
});
