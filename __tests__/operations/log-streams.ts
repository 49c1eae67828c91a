import { CreateLogGroupCommand, CreateLogStreamCommand, PutLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { ownNames, serviceTemplates } from "../../src/aws/names";
import type { Deployed } from "./deployed";

/** A line, and how many seconds ago its task wrote it. */
export type AgedLine = readonly [secondsAgo: number, message: string];

/** Writes what a container of a task of `myapp` logged. */
export async function writeLog(
  { clients: { logs } }: Deployed,
  taskId: string,
  lines: readonly AgedLine[],
  container = "myapp",
): Promise<void> {
  const logGroupName = ownNames(serviceTemplates({ resources: "prod-myapp" }), "myapp").logGroup;
  const stream = { logGroupName, logStreamName: `myapp/${container}/${taskId}` };
  await logs.send(new CreateLogGroupCommand({ logGroupName })).catch(() => undefined);
  await logs.send(new CreateLogStreamCommand(stream)).catch(() => undefined);
  const logEvents = lines.map(([ago, message]) => ({ message, timestamp: Date.now() - ago * 1000 }));
  await logs.send(new PutLogEventsCommand({ ...stream, logEvents }));
}
