import { GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import type { ContainerDefinition } from "@aws-sdk/client-ecs";
import type { Aws } from "../aws/sdk/clients";

/** Number of log lines shown for a failed container. */
const shownLogLines = 8;

/**
 * The last log lines of a container; none if it wrote none, or not to CloudWatch Logs in this region.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html (the stream's name)
 */
export async function lastLogLines(
  { logs, region }: Aws,
  { name, logConfiguration }: ContainerDefinition,
  taskId: string,
): Promise<string[]> {
  const options = logConfiguration?.logDriver === "awslogs" ? (logConfiguration.options ?? {}) : {};
  const { "awslogs-group": logGroupName, "awslogs-stream-prefix": prefix, "awslogs-region": where = region } = options;
  if (!logGroupName || !prefix || where !== region) return [];
  const request = { logGroupName, logStreamName: `${prefix}/${name}/${taskId}`, limit: shownLogLines };
  try {
    const { events = [] } = await logs.send(new GetLogEventsCommand({ ...request, startFromHead: false }));
    return events.map(({ message = "" }) => message.trimEnd());
  } catch (error) {
    if ((error as Error).name === "ResourceNotFoundException") return [];
    throw error;
  }
}
