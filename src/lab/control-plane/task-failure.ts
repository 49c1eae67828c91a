/** A task that could not be started: `message` is ECS's stopped reason, with its error's name in front. */
export class TaskFailedToStart extends Error {
  /** As DescribeTasks gives it. Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html */
  readonly stopCode = "TaskFailedToStart";
}
