import type { Task } from "@aws-sdk/client-ecs";
import type { Deployment } from "./deployment/deployment";
import type { FargateTask } from "./fargate-task";
import type { TaskContainer } from "./task-containers";

/** A record as JSON carries it: what the SDK gives as a `Date` is ISO 8601 text. */
type AsJson<Value> = Value extends Date
  ? string
  : Value extends object
    ? { [Key in keyof Value]: AsJson<Value[Key]> }
    : Value;

/** What DescribeTasks says of a task. Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html */
export function taskRecord(task: FargateTask): AsJson<Task> {
  const { order, end } = task;
  const { definition } = order;
  const time = (milliseconds: number | undefined) =>
    milliseconds === undefined ? undefined : new Date(milliseconds).toISOString();
  return {
    taskArn: task.arn,
    clusterArn: order.clusterArn,
    taskDefinitionArn: definition.arn,
    group: `service:${order.serviceName}`,
    startedBy: order.deploymentId,
    launchType: "FARGATE",
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

/** What DescribeServices says of a deployment. Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html */
export function deploymentRecord<Revision>(
  deployment: Deployment<Revision>,
  taskDefinition: string,
  counts: { readonly desired: number; readonly running: number; readonly pending: number },
) {
  const at = new Date(deployment.createdAt).toISOString();
  return {
    id: deployment.id,
    status: deployment.status,
    taskDefinition,
    desiredCount: counts.desired,
    runningCount: counts.running,
    pendingCount: counts.pending,
    failedTasks: deployment.breaker.failedTasks,
    rolloutState: deployment.rolloutState,
    rolloutStateReason: deployment.rolloutStateReason,
    launchType: "FARGATE",
    platformVersion: "1.4.0",
    platformFamily: "Linux",
    createdAt: at,
    updatedAt: at,
  };
}
