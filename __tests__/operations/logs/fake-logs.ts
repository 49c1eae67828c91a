import {
  CloudWatchLogsClient,
  type FilteredLogEvent,
  FilterLogEventsCommand,
  type FilterLogEventsCommandInput,
  type FilterLogEventsCommandOutput,
} from "@aws-sdk/client-cloudwatch-logs";

/** CloudWatch Logs that pages its answers, and never sorts what it has given before into an earlier page. */
export class FakeLogs {
  readonly client = new CloudWatchLogsClient({ region: "eu-west-1" });
  readonly requests: FilterLogEventsCommandInput[] = [];
  readonly #groups = new Map<string, FilteredLogEvent[]>();

  constructor(private readonly pageSize: number) {
    jest.spyOn(this.client, "send").mockImplementation((command: unknown) => {
      if (!(command instanceof FilterLogEventsCommand)) throw new Error("only FilterLogEvents");
      return Promise.resolve(this.#filter(command.input));
    });
  }

  group(name: string): void {
    this.#groups.set(name, []);
  }

  put(group: string, logStreamName: string, timestamp: number, message: string): void {
    const events = this.#groups.get(group)!;
    events.push({ eventId: `${group}-${events.length}`, logStreamName, timestamp, message });
  }

  #filter(input: FilterLogEventsCommandInput): FilterLogEventsCommandOutput {
    this.requests.push(input);
    const { logGroupName = "", logStreamNamePrefix = "", startTime = 0, nextToken = "0" } = input;
    const group = this.#groups.get(logGroupName);
    if (!group) throw Object.assign(new Error("The specified log group does not exist."), { name: missing });
    const found = group
      .filter((one) => one.logStreamName!.startsWith(logStreamNamePrefix) && one.timestamp! >= startTime)
      .sort((a, b) => a.timestamp! - b.timestamp!);
    const end = Number(nextToken) + this.pageSize;
    return {
      events: found.slice(Number(nextToken), end),
      ...(end < found.length ? { nextToken: String(end) } : {}),
      $metadata: {},
    };
  }
}

const missing = "ResourceNotFoundException";
