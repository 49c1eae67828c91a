import { describeTasks, listTasks } from "../../aws/sdk/tasks";
import type { AwsClients } from "../local-aws/aws-clients";
import type { FargateTask } from "./task/fargate-task";

/** Stops the tasks for which any client has called StopTask. */
export async function stopRequestedTasks(clients: AwsClients, tasks: readonly FargateTask[]): Promise<void> {
  const running = new Map(tasks.filter((task) => !task.end).map((task) => [task.arn, task]));
  for (const cluster of new Set([...running.values()].map((task) => task.order.clusterArn))) {
    const arns = await listTasks(clients, { cluster, desiredStatus: "STOPPED" });
    const requested = arns.filter((arn) => running.has(arn));
    for (const { taskArn, stoppedReason = "Task stopped by user" } of await describeTasks(clients, cluster, requested))
      running.get(taskArn!)?.stop({ stopCode: "UserInitiated", stoppedReason });
  }
}
