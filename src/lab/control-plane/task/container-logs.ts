import { CreateLogStreamCommand, PutLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import type { AwsClients } from "../../local-aws/aws-clients";
import type { TaskContainer } from "./task-containers";

/**
 * Writes the newest lines of a container that has ended to CloudWatch Logs, as the `awslogs` driver does. It writes them only
 * at the end, since the lab's own prompt shows the output of containers that run. A log group that doesn't exist gets none.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html (the stream's name)
 */
export async function writeLogs(
  { logs }: AwsClients,
  taskId: string,
  { definition, running }: TaskContainer,
): Promise<void> {
  const lines = (running?.log() ?? "").split("\n").filter((line) => line.trim() !== "");
  if (!definition.logs || lines.length === 0) return;
  const { group, streamPrefix } = definition.logs;
  const stream = { logGroupName: group, logStreamName: `${streamPrefix}/${definition.name}/${taskId}` };
  const timestamp = Date.now();
  try {
    await logs.send(new CreateLogStreamCommand(stream));
    const logEvents = lines.map((message) => ({ message, timestamp }));
    await logs.send(new PutLogEventsCommand({ ...stream, logEvents }));
  } catch (error) {
    if ((error as Error).name !== "ResourceNotFoundException") throw error;
  }
}
