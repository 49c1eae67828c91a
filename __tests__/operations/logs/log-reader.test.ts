import fc from "fast-check";
import { LogReader, type LogLine } from "../../../src/operations/logs/log-reader";
import { logSources } from "../../../src/operations/logs/log-source";
import { UserError } from "../../../src/user-error";
import { FakeLogs } from "./fake-logs";

const main = { container: "shop", group: "/ecs/prod-shop", streamPrefix: "shop/shop/" };
const migrate = { container: "migrate", group: "/ecs/prod-shop", streamPrefix: "migrate/migrate/" };

function fake(pageSize = 3): FakeLogs {
  const logs = new FakeLogs(pageSize);
  logs.group("/ecs/prod-shop");
  return logs;
}

const reader = ({ client }: FakeLogs, since = 0, further: { taskId?: string; signal?: AbortSignal } = {}) =>
  new LogReader({ logs: client }, [main, migrate], { since, ...further });

async function all(lines: AsyncIterable<LogLine>): Promise<LogLine[]> {
  const got = [];
  for await (const line of lines) got.push(line);
  return got;
}
const texts = async (one: LogReader) => (await all(one.newLines())).map(({ text }) => text);

/** A time that is not in the future. */
const start = Date.now() - 3_600_000;

describe("LogReader", () => {
  it("merges the lines of all tasks and containers by time, over pages", async () => {
    const logs = fake(2);
    for (const at of [1, 4, 5, 8, 9]) logs.put(main.group, "shop/shop/a", start + at, `shop a ${at}\n`);
    for (const at of [2, 6]) logs.put(main.group, "shop/shop/b", start + at, `shop b ${at}`);
    for (const at of [3, 7, 10]) logs.put(main.group, "migrate/migrate/a", start + at, `migrate ${at}`);
    logs.put(main.group, "other/other/a", start + 5, "of another service");
    const lines = await all(reader(logs).newLines());
    expect(lines.map(({ at }) => at - start)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(lines.slice(0, 3)).toEqual([
      { at: start + 1, taskId: "a", container: "shop", text: "shop a 1" },
      { at: start + 2, taskId: "b", container: "shop", text: "shop b 2" },
      { at: start + 3, taskId: "a", container: "migrate", text: "migrate 3" },
    ]);
  });

  it("gives what a container wrote in several lines one by one", async () => {
    const logs = fake();
    logs.put(main.group, "shop/shop/a", start, "** (RuntimeError)\r\n  lib/shop.ex:1\n");
    expect(await texts(reader(logs))).toEqual(["** (RuntimeError)", "  lib/shop.ex:1"]);
  });

  it("begins where it should, and reads the log of one task alone when asked", async () => {
    const logs = fake();
    logs.put(main.group, "shop/shop/a", start, "before");
    logs.put(main.group, "shop/shop/a", start + 1000, "a");
    logs.put(main.group, "shop/shop/b", start + 1000, "b");
    expect(await texts(reader(logs, start + 1))).toEqual(["a", "b"]);
    expect(await texts(reader(logs, 0, { taskId: "b" }))).toEqual(["b"]);
  });

  it("loses and doubles no line, whatever arrives late between the reads", async () => {
    const arrivals = fc.array(
      fc.record({ step: fc.nat(20_000), late: fc.nat(29_000), read: fc.boolean(), task: fc.constantFrom("a", "b") }),
      { maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(arrivals, fc.integer({ min: 1, max: 4 }), async (written, pageSize) => {
        const logs = fake(pageSize);
        const one = reader(logs, start);
        const got: string[] = [];
        let now = start + 30_000;
        for (const [number, { step, late, read, task }] of written.entries()) {
          now += step;
          logs.put(main.group, `shop/shop/${task}`, now - late, `line ${number}`);
          if (read) got.push(...(await texts(one)));
        }
        got.push(...(await texts(one)));
        expect(got.sort()).toEqual(written.map((_, number) => `line ${number}`).sort());
      }),
    );
  });

  it("reads no more than the newest half minute again", async () => {
    const logs = fake();
    const one = reader(logs, start);
    logs.put(main.group, "shop/shop/a", start + 100_000, "a");
    await texts(one);
    await texts(one);
    expect(logs.requests.map(({ startTime }) => startTime! - start)).toEqual([0, 0, 70_000, 70_000]);
  });

  it("isn't misled by a machine whose clock is fast", async () => {
    const logs = fake();
    const one = reader(logs, start);
    logs.put(main.group, "shop/shop/a", Date.now() + 3_600_000, "from the future");
    await texts(one);
    logs.put(main.group, "shop/shop/b", Date.now(), "now");
    expect(await texts(one)).toEqual(["now"]);
  });

  it("ends quietly when its signal aborts during a request", async () => {
    const logs = fake();
    jest.spyOn(logs.client, "send").mockImplementation(() => Promise.reject(new Error("aborted")));
    expect(await texts(reader(logs, 0, { signal: AbortSignal.abort() }))).toEqual([]);
    await expect(texts(reader(logs, 0, { signal: new AbortController().signal }))).rejects.toThrow("aborted");
  });

  it("names a log group that doesn't exist", async () => {
    await expect(texts(reader(new FakeLogs(1)))).rejects.toThrow(
      new UserError("There is no log group /ecs/prod-shop in this account and region."),
    );
  });
});

describe("logSources", () => {
  const awslogs = (options: Record<string, string>) => ({ logDriver: "awslogs" as const, options });
  const own = { "awslogs-group": "/ecs/prod-shop", "awslogs-stream-prefix": "shop", "awslogs-region": "eu-west-1" };

  it("gives each source once, whatever revision it is from", () => {
    const container = { name: "shop", logConfiguration: awslogs(own) };
    expect(logSources("eu-west-1", [container, container])).toEqual({ sources: [main], elsewhere: [] });
  });

  it.each([
    ["none", undefined, "shop has no log configuration, so its output is lost."],
    [
      "another driver",
      { logDriver: "awsfirelens" as const },
      "shop logs through awsfirelens, not to CloudWatch Logs. Read its log where awsfirelens sends it.",
    ],
    [
      "another region",
      awslogs({ ...own, "awslogs-region": "us-east-1" }),
      "shop logs to CloudWatch Logs in us-east-1, not in eu-west-1.",
    ],
    [
      "no prefix",
      awslogs({ "awslogs-group": "/ecs/prod-shop" }),
      "shop has no awslogs-group or no awslogs-stream-prefix.",
    ],
  ])("says where a container logs instead: %s", (_, logConfiguration, sentence) => {
    expect(logSources("eu-west-1", [{ name: "shop", logConfiguration }])).toEqual({
      sources: [],
      elsewhere: [sentence],
    });
  });
});
