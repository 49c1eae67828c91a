import { type CloudWatchLogsClient, GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import type { ContainerDefinition } from "@aws-sdk/client-ecs";

/** Where a container's output is in CloudWatch Logs. */
export interface LogStreamName {
  readonly logGroupName: string;
  readonly logStreamName: string;
}

/** A line that a container wrote. */
export interface LogEvent {
  /** When it was written; `undefined` if CloudWatch Logs doesn't report it. */
  readonly at: Date | undefined;
  readonly message: string;
}

/**
 * The stream that the `awslogs` driver writes a container's output to; `undefined` with another driver, without a stream
 * prefix, and in another region.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html
 *
 * @param region where it is looked for
 */
export function logStreamOf(
  { name, logConfiguration }: ContainerDefinition,
  taskId: string,
  region: string,
): LogStreamName | undefined {
  const options = logConfiguration?.logDriver === "awslogs" ? (logConfiguration.options ?? {}) : {};
  const { "awslogs-group": logGroupName, "awslogs-stream-prefix": prefix, "awslogs-region": where = region } = options;
  if (!logGroupName || !prefix || where !== region) return undefined;
  return { logGroupName, logStreamName: `${prefix}/${name}/${taskId}` };
}

/** Reads a log stream from its beginning, as it grows. */
export class LogStream {
  #token: string | undefined;

  constructor(
    private readonly logs: CloudWatchLogsClient,
    private readonly name: LogStreamName,
  ) {}

  /**
   * What was written since the last call, oldest first; nothing while the group or the stream doesn't exist.
   * Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html (the token at the end of a stream)
   */
  async next(): Promise<LogEvent[]> {
    const all: LogEvent[] = [];
    for (;;) {
      const { events, token } = await this.#page();
      all.push(...events);
      if (token === undefined || token === this.#token) return all;
      this.#token = token;
    }
  }

  async #page(): Promise<{ readonly events: readonly LogEvent[]; readonly token: string | undefined }> {
    const request = { ...this.name, startFromHead: true, nextToken: this.#token };
    try {
      const { events = [], nextForwardToken } = await this.logs.send(new GetLogEventsCommand(request));
      return { events: events.map(logEvent), token: nextForwardToken };
    } catch (error) {
      if (isMissing(error)) return { events: [], token: undefined };
      throw error;
    }
  }
}

/** The last events of a stream, oldest first; none if the group or the stream doesn't exist. */
export async function lastLogEvents(
  logs: CloudWatchLogsClient,
  name: LogStreamName,
  limit: number,
): Promise<LogEvent[]> {
  try {
    const { events = [] } = await logs.send(new GetLogEventsCommand({ ...name, limit, startFromHead: false }));
    return events.map(logEvent);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

const logEvent = ({ message = "", timestamp }: { readonly message?: string; readonly timestamp?: number }) => ({
  at: timestamp === undefined ? undefined : new Date(timestamp),
  message: message.trimEnd(),
});

const isMissing = (error: unknown) => (error as Error).name === "ResourceNotFoundException";
