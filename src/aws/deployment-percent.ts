import { dnsRecordLimit } from "../distribution";

/** Tasks of a service that may run at once while it is deployed. ECS rounds down. */
export function maxTasks(tasks: number, maximumPercent: number): number {
  return Math.floor((tasks * maximumPercent) / 100);
}

/**
 * The maximum percent of a deployment: 200, ECS's own default, or as much of it as keeps old and new tasks together
 * within one DNS answer, where that leaves room for at least one new task.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
 */
export function maximumPercentFor(tasks: number): number {
  if (tasks === 0 || tasks >= dnsRecordLimit || maxTasks(tasks, 200) <= dnsRecordLimit) return 200;
  return Math.ceil((dnsRecordLimit * 100) / tasks);
}
