import { DescribeTasksCommand, paginateListTasks } from "@aws-sdk/client-ecs";
import type { AwsClients } from "../local-aws/aws-clients";
import type { FargateTask } from "./fargate-task";

/** Stops the tasks for which any client has called StopTask. */
export async function stopRequestedTasks({ ecs: client }: AwsClients, tasks: readonly FargateTask[]): Promise<void> {
  const running = new Map(tasks.filter((task) => !task.end).map((task) => [task.arn, task]));
  for (const cluster of new Set([...running.values()].map((task) => task.order.clusterArn))) {
    const arns: string[] = [];
    const query = { cluster, desiredStatus: "STOPPED" } as const;
    for await (const page of paginateListTasks({ client }, query)) arns.push(...(page.taskArns ?? []));
    const stopped = arns.filter((arn) => running.has(arn));
    if (stopped.length === 0) continue;
    const described = await client.send(new DescribeTasksCommand({ cluster, tasks: stopped }));
    for (const { taskArn, stoppedReason = "Task stopped by user" } of described.tasks ?? []) {
      running.get(taskArn!)?.stop({ stopCode: "UserInitiated", stoppedReason });
    }
  }
}
