import { type FilteredLogEvent, paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";
import type { Aws } from "../../aws/sdk/clients";
import { UserError } from "../../user-error";
import type { LogSource } from "./log-source";

/** One line that a container wrote. */
export interface LogLine {
  /** Milliseconds since 1970, by the clock of the task's machine. */
  readonly at: number;
  readonly taskId: string;
  readonly container: string;
  /** What the container wrote, with any control characters. */
  readonly text: string;
}

/** Options of {@link LogReader}. */
export interface LogReaderOptions {
  /** Milliseconds since 1970. */
  readonly since: number;
  /** Only the log of this task. @default all tasks */
  readonly taskId?: string;
  /** Ends a read. */
  readonly signal?: AbortSignal;
}

/**
 * Milliseconds by which a line may reach CloudWatch Logs after newer lines: each task's machine sends lines in batches, at
 * least every 5 s. Every read begins this long before the newest known line.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html
 */
const maxDelayMs = 30_000;

/** Reads the log of containers, of one task or of all, as often as new lines are wanted. */
export class LogReader {
  #newest: number;
  /** Time of lines that the next read may find again, by id; the oldest first, except for late ones. */
  readonly #known = new Map<string, number>();

  constructor(
    private readonly aws: Pick<Aws, "logs">,
    private sources: readonly LogSource[],
    private readonly options: LogReaderOptions,
  ) {
    this.#newest = options.since;
  }

  /** Reads from other sources from now on, for instance after a deployment has added a container. */
  read(sources: readonly LogSource[]): void {
    this.sources = sources;
  }

  /**
   * Lines that no earlier call gave, by time. It gives nothing more once the signal aborts.
   * @throws UserError when a log group doesn't exist.
   */
  async *newLines(): AsyncGenerator<LogLine> {
    const startTime = Math.max(this.options.since, this.#newest - maxDelayMs);
    for await (const { source, event } of byTime(this.sources.map((source) => this.#events(source, startTime)))) {
      const { eventId = "", timestamp: at = 0, logStreamName = "", message = "" } = event;
      if (this.#known.has(eventId)) continue;
      this.#remember(eventId, at);
      for (const text of message.replace(/\r?\n$/, "").split(/\r?\n/)) {
        yield { at, taskId: logStreamName.slice(source.streamPrefix.length), container: source.container, text };
      }
    }
  }

  #remember(id: string, at: number): void {
    // A machine whose clock is fast must not hide the lines of others.
    this.#newest = Math.max(this.#newest, Math.min(at, Date.now()));
    this.#known.set(id, at);
    for (const [known, time] of this.#known) {
      if (time >= this.#newest - maxDelayMs) break;
      this.#known.delete(known);
    }
  }

  async *#events(source: LogSource, startTime: number): AsyncGenerator<SourceEvent> {
    const { signal, taskId = "" } = this.options;
    const { group: logGroupName, streamPrefix } = source;
    const request = { logGroupName, logStreamNamePrefix: streamPrefix + taskId, startTime };
    try {
      const pages = paginateFilterLogEvents({ client: this.aws.logs }, request, { abortSignal: signal });
      for await (const { events = [] } of pages) for (const event of events) yield { source, event };
    } catch (error) {
      if (signal?.aborted) return;
      if ((error as Error).name !== "ResourceNotFoundException") throw error;
      throw new UserError(`There is no log group ${logGroupName} in this account and region.`);
    }
  }
}

interface SourceEvent {
  readonly source: LogSource;
  readonly event: FilteredLogEvent;
}

/** Merges events, each list of which CloudWatch Logs gives by time. */
async function* byTime(lists: readonly AsyncGenerator<SourceEvent>[]): AsyncGenerator<SourceEvent> {
  const next = async (list: AsyncGenerator<SourceEvent>) => {
    const { value, done } = await list.next();
    return done ? undefined : { list, first: value };
  };
  let heads = (await Promise.all(lists.map(next))).filter((head) => head !== undefined);
  while (heads.length > 0) {
    const oldest = heads.reduce((a, b) => ((b.first.event.timestamp ?? 0) < (a.first.event.timestamp ?? 0) ? b : a));
    yield oldest.first;
    const following = await next(oldest.list);
    heads = heads.flatMap((head) => (head === oldest ? (following ?? []) : head));
  }
}
