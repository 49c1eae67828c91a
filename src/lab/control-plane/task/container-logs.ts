import { CreateLogStreamCommand, type InputLogEvent, PutLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import type { Clock } from "../../clock";
import type { AwsClients } from "../../local-aws/aws-clients";
import type { AppliedContainer } from "../applied/task-definitions";

/** Milliseconds for which lines are gathered. The `awslogs` driver sends them at least every 5 s. */
const gatherMs = 1000;

/** Around a task's logs. */
export interface TaskLogsOptions {
  readonly clients: Pick<AwsClients, "logs">;
  readonly clock: Clock;
  /** Whether lines are written now. @default never */
  readonly writesLogs?: () => boolean;
  readonly onError: (error: Error) => void;
}

/**
 * Writes the output of a task's containers to CloudWatch Logs as it comes, as the `awslogs` driver does. A log group that doesn't
 * exist gets nothing.
 */
export class TaskLogs {
  readonly #containers: ReadonlyMap<string, ContainerLogs>;

  constructor(
    taskId: string,
    containers: readonly Pick<AppliedContainer, "name" | "logs">[],
    private readonly options: TaskLogsOptions,
  ) {
    this.#containers = new Map(containers.map((one) => [one.name, new ContainerLogs(taskId, one, options)]));
  }

  take(container: string, line: string): void {
    if (this.options.writesLogs?.()) this.#containers.get(container)?.take(line);
  }

  /** Done when CloudWatch Logs has each line so far. */
  async flush(): Promise<void> {
    await Promise.all([...this.#containers.values()].map((one) => one.flush()));
  }
}

/** Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html (the stream's name) */
class ContainerLogs {
  readonly #stream: { readonly logGroupName: string; readonly logStreamName: string } | undefined;
  #lines: InputLogEvent[] = [];
  #created = false;
  #sending: Promise<unknown> = Promise.resolve();
  #cancel: (() => void) | undefined;

  constructor(
    taskId: string,
    { name, logs }: Pick<AppliedContainer, "name" | "logs">,
    private readonly options: TaskLogsOptions,
  ) {
    this.#stream = logs && { logGroupName: logs.group, logStreamName: `${logs.streamPrefix}/${name}/${taskId}` };
  }

  take(message: string): void {
    if (!this.#stream || message.trim() === "") return;
    const { clock } = this.options;
    this.#lines.push({ message, timestamp: clock.now() });
    this.#cancel ??= clock.after(gatherMs, () => void this.flush());
  }

  flush(): Promise<unknown> {
    this.#cancel?.();
    this.#cancel = undefined;
    const { writesLogs, onError } = this.options;
    // Local AWS may end with the lab.
    const report = (error: Error) => writesLogs?.() && onError(error);
    return (this.#sending = this.#sending.then(() => this.#send()).catch(report));
  }

  async #send(): Promise<void> {
    const logEvents = this.#lines;
    this.#lines = [];
    if (!this.#stream || logEvents.length === 0 || !this.options.writesLogs?.()) return;
    const { logs } = this.options.clients;
    try {
      if (!this.#created) await logs.send(new CreateLogStreamCommand(this.#stream));
      this.#created = true;
      await logs.send(new PutLogEventsCommand({ ...this.#stream, logEvents }));
    } catch (error) {
      if ((error as Error).name !== "ResourceNotFoundException") throw error;
    }
  }
}
