import { dnsRecordLimit } from "../../distribution";

/**
 * Percent of its tasks that a service runs during a deployment, unless it sets them.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
 */
export const deploymentPercent = { maximum: 200, minimumHealthy: 100 } as const;

/** Tasks of a service that may run at once while it is deployed. ECS rounds down. */
export function maxTasks(tasks: number, maximumPercent: number): number {
  return Math.floor((tasks * maximumPercent) / 100);
}

/** The maximum percent of a service that sets none. @param polls whether stock DNSPoll has to find old and new tasks in one answer */
export const defaultMaximumPercent = (tasks: number, polls: boolean): number =>
  polls ? maximumPercentFor(tasks) : deploymentPercent.maximum;

/**
 * The maximum percent of a deployment: 200, ECS's own default, or as much of it as keeps old and new tasks together
 * within one DNS answer, where that leaves room for at least one new task.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
 */
export function maximumPercentFor(tasks: number): number {
  const { maximum } = deploymentPercent;
  if (tasks === 0 || tasks >= dnsRecordLimit || maxTasks(tasks, maximum) <= dnsRecordLimit) return maximum;
  return Math.ceil((dnsRecordLimit * 100) / tasks);
}
