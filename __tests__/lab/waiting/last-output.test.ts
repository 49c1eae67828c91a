import type { FargateTask } from "../../../src/lab/control-plane/task/fargate-task";
import { lastOutput, whyNotSteady } from "../../../src/lab/waiting/last-output";

const task = (name: string, log: string): FargateTask =>
  ({
    id: `${name}-0123456789`,
    order: { serviceName: name },
    status: "RUNNING",
    containers: { telling: { running: { log: () => log } } },
  }) as unknown as FargateTask;

/** As the sample writes it with `"metrics": true`, every 10 seconds. */
const metrics = JSON.stringify({
  _aws: { Timestamp: 1, CloudWatchMetrics: [] },
  NodeDowns: 0,
  Padding: "x".repeat(600),
});

describe("the last output of a task", () => {
  it("leaves out metric lines, so that a task's words are shown", () => {
    const log = ["starting", "ERROR: no cookie", ...Array<string>(20).fill(metrics)].join("\n");
    expect(lastOutput([task("myapp", log)])).toBe(
      "Last output of task myapp-01 (myapp, RUNNING):\n  starting\n  ERROR: no cookie",
    );
  });

  it("says that there are only metrics, or nothing", () => {
    expect(lastOutput([task("myapp", `${metrics}\n`)])).toMatch(/:\n {2}\(only metrics\)$/);
    expect(lastOutput([task("myapp", "\n")])).toMatch(/:\n {2}\(nothing\)$/);
  });

  it("keeps other JSON, and lines that mention the header of metrics", () => {
    const log = '{"level":"error","message":"no cookie"}\nno "_aws": in a report';
    expect(lastOutput([task("myapp", log)])).toContain(
      `\n  {"level":"error","message":"no cookie"}\n  no "_aws": in a report`,
    );
  });

  it("shortens long lines", () => {
    const [, line] = lastOutput([task("myapp", "x".repeat(5000))]).split("\n");
    expect(line).toMatch(/^ {2}x{199}…$/);
  });
});

describe("why services aren't steady", () => {
  it("takes at most 40 lines, with each service's status and the output of tasks of each", () => {
    const log = Array.from({ length: 30 }, (_, at) => `line ${at}`).join("\n");
    const service = (name: string) => ({
      lastStatusMessage: `(service ${name}) is waiting.`,
      newestTasks: Array.from({ length: 9 }, () => task(name, log)),
    });
    const text = whyNotSteady([service("myapp"), service("worker"), service("untrusted")]);
    const lines = text.split("\n");
    expect(lines.length).toBeLessThanOrEqual(40);
    expect(lines.slice(0, 4)).toEqual([
      "(service myapp) is waiting.",
      "(service worker) is waiting.",
      "(service untrusted) is waiting.",
      "Last output of task myapp-01 (myapp, RUNNING):",
    ]);
    expect(text).toContain("(worker, RUNNING)");
    expect(text).toContain("(untrusted, RUNNING)");
    expect(lines.at(-1)).toBe("and of 23 more tasks, not shown");
  });

  it("is the status alone of a service without tasks", () => {
    expect(whyNotSteady([{ lastStatusMessage: "(service myapp) has no events yet.", newestTasks: [] }])).toBe(
      "(service myapp) has no events yet.",
    );
  });
});
