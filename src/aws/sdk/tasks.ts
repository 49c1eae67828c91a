import { DescribeTasksCommand, paginateListTasks, type Task } from "@aws-sdk/client-ecs";
import { batches } from "./batches";
import type { Aws } from "./clients";

/** Tasks that one call lists or describes. Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html */
const maxTasks = 100;

/** Which tasks of an ECS cluster are listed: those that run or should run, or those that stopped within about the last hour. */
export interface TaskQuery {
  readonly cluster: string;
  /** @default tasks of all services, and of none */
  readonly serviceName?: string;
  readonly desiredStatus: "RUNNING" | "STOPPED";
}

/** ARNs of tasks. */
export async function listTasks({ ecs: client }: Pick<Aws, "ecs">, query: TaskQuery): Promise<string[]> {
  const arns: string[] = [];
  for await (const { taskArns = [] } of paginateListTasks({ client, pageSize: maxTasks }, query))
    arns.push(...taskArns);
  return arns;
}

/** Tasks by ids or ARNs, without those that ECS doesn't know. ECS rejects the whole call for a malformed one. */
export async function describeTasks(
  { ecs }: Pick<Aws, "ecs">,
  cluster: string,
  ids: readonly string[],
): Promise<Task[]> {
  const found: Task[] = [];
  for (const tasks of batches(ids, maxTasks)) {
    const described = await ecs.send(new DescribeTasksCommand({ cluster, tasks }));
    found.push(...(described.tasks ?? []));
  }
  return found;
}
