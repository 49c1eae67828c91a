import type { Task } from "@aws-sdk/client-ecs";
import { lastPartOf } from "../aws/arn";
import { exitInWords } from "./exit-codes";
import type { Aws } from "../aws/sdk/clients";
import { describeTasks, listTasks, type TaskQuery } from "../aws/sdk/tasks";

/** A container of a task, and how it ended if it has. */
export interface EndedContainer {
  readonly name: string;
  readonly exitCode: number | undefined;
  readonly reason: string | undefined;
}

/** A task as ECS describes it. */
export interface EcsTask {
  /** The last part of its ARN. */
  readonly id: string;
  readonly arn: string;
  readonly status: string;
  readonly health: string;
  /** IPv4 of its network interface; `undefined` before it has one. */
  readonly address: string | undefined;
  /** Id of its network interface, `eni-…`. */
  readonly networkInterfaceId: string | undefined;
  readonly taskDefinitionArn: string;
  readonly startedAt: Date | undefined;
  readonly stoppedAt: Date | undefined;
  readonly executeCommand: boolean;
  /** Status of ECS Exec's agent, by container; no entry if ECS doesn't report one. */
  readonly execAgents: Readonly<Record<string, string>>;
  /** Why it stopped: ECS's reason, and the container's. */
  readonly stopped: string | undefined;
  readonly containers: readonly EndedContainer[];
  /** ECS's kind of that reason, such as `EssentialContainerExited`. */
  readonly stopCode: string | undefined;
}

/** A service's tasks. A task that ECS forgets between the two calls is missing. */
export async function tasksOf(
  aws: Aws,
  cluster: string,
  serviceName: string,
  desiredStatus: TaskQuery["desiredStatus"],
): Promise<EcsTask[]> {
  return ecsTasks(aws, cluster, await listTasks(aws, { cluster, serviceName, desiredStatus }));
}

/** Whether a text has the form of a task's id. */
export const isTaskId = (text: string): boolean => /^[0-9a-f]{32}$|^[0-9a-f-]{36}$/.test(text);

/** Tasks by their ids or ARNs, without those that ECS doesn't know. Ids that can't be a task's are skipped. */
export async function ecsTasks(aws: Aws, cluster: string, ids: readonly string[]): Promise<EcsTask[]> {
  const possible = ids.filter((id) => isTaskId(lastPartOf(id)));
  return (await describeTasks(aws, cluster, possible)).map(ecsTask);
}

function ecsTask(task: Task): EcsTask {
  const detail = (name: string) =>
    task.attachments?.find(({ type }) => type === "ElasticNetworkInterface")?.details?.find((one) => one.name === name)
      ?.value;
  const arn = task.taskArn!;
  return {
    id: lastPartOf(arn),
    arn,
    status: task.lastStatus ?? "UNKNOWN",
    health: task.healthStatus ?? "UNKNOWN",
    address: detail("privateIPv4Address"),
    networkInterfaceId: detail("networkInterfaceId"),
    taskDefinitionArn: task.taskDefinitionArn ?? "",
    startedAt: task.startedAt,
    stoppedAt: task.stoppedAt,
    executeCommand: task.enableExecuteCommand ?? false,
    execAgents: execAgents(task),
    stopped: stoppedReason(task),
    containers: (task.containers ?? []).map(({ name, exitCode, reason }) => ({ name: name!, exitCode, reason })),
    stopCode: task.stopCode,
  };
}

function execAgents({ containers = [] }: Task): Record<string, string> {
  return Object.fromEntries(
    containers.flatMap(({ name, managedAgents = [] }) =>
      managedAgents
        .filter((agent) => agent.name === "ExecuteCommandAgent")
        .map((agent) => [name!, [agent.lastStatus ?? "UNKNOWN", agent.reason].filter(Boolean).join(": ")]),
    ),
  );
}

function stoppedReason({ stoppedReason: reason, stopCode, containers = [] }: Task): string | undefined {
  const failed = containers.filter(({ exitCode, reason }) => (exitCode ?? 0) !== 0 || reason);
  // An essential container that ends without an error also ends its task.
  const ended = failed.length === 0 && stopCode === "EssentialContainerExited" ? containers : failed;
  const ends = ended
    .filter(({ exitCode, reason }) => exitCode !== undefined || reason)
    .map(({ name, exitCode, reason }) =>
      [name, exitCode === undefined ? undefined : exitInWords(exitCode), reason].filter(Boolean).join(", "),
    );
  if (!reason) return undefined;
  return ends.length === 0 ? reason : `${reason} (${ends.join("; ")})`;
}
