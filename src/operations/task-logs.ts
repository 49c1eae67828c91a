import type { ContainerDefinition } from "@aws-sdk/client-ecs";
import type { Aws } from "../aws/sdk/clients";
import { lastLogEvents, logStreamOf } from "./log-stream";

/** Number of log lines shown for a failed container. */
const shownLogLines = 8;

/** The last log lines of a container; none if it wrote none, or not to CloudWatch Logs in this region. */
export async function lastLogLines(
  { logs, region }: Aws,
  container: ContainerDefinition,
  taskId: string,
): Promise<string[]> {
  const stream = logStreamOf(container, taskId, region);
  const events = stream ? await lastLogEvents(logs, stream, shownLogLines) : [];
  return events.map(({ message }) => message);
}
