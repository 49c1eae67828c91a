const named = (taskIds: readonly string[]): string => taskIds.map((id) => `(task ${id})`).join(" ");

/**
 * What ECS writes into a service's events, after `(service NAME)`.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
 */
export const serviceEvents = {
  started: (taskIds: readonly string[]) => `has started ${taskIds.length} tasks: ${named(taskIds)}.`,
  stopped: (taskIds: readonly string[]) => `has stopped ${taskIds.length} running tasks: ${named(taskIds)}.`,
  steady: "has reached a steady state.",
  completed: (deploymentId: string) => `(deployment ${deploymentId}) deployment completed.`,
  failed: (deploymentId: string) => `(deployment ${deploymentId}) deployment failed: tasks failed to start.`,
  rollingBack: (deploymentId: string) => `rolling back to deployment ${deploymentId}.`,
  throttled: "is unable to consistently start tasks successfully.",
  stuck:
    "was unable to stop or start tasks during a deployment because of the service deployment configuration. " +
    "Update the minimumHealthyPercent or maximumPercent value and try again.",
} as const;
