import { RegisterTaskDefinitionCommand } from "@aws-sdk/client-ecs";
import { logsCommand } from "../../../src/cli/operations/logs";
import { pointInTime } from "../../../src/cli/arguments";
import { runCommand } from "../command";
import { deployBefore } from "../deploy-before";
import { Deployed } from "../deployed";
import { FaultyAws } from "../faulty-aws";
import { writeLog } from "../log-streams";

/** The pauses between two reads take no time here. */
jest.mock("node:timers/promises", () => ({
  ...jest.requireActual<object>("node:timers/promises"),
  setTimeout: () => new Promise((resolve) => setImmediate(resolve)),
}));

let deployed: Deployed;
let faulty: FaultyAws;

deployBefore((own) => ({ deployed, faulty } = own));

const logs = (...args: string[]) => runCommand(logsCommand(), "prod", ...args, "--environments", deployed.file);
const id = (digit: string) => digit.repeat(32);

describe("logs", () => {
  it("prints the lines of all tasks by time, each with its task's short id", async () => {
    await writeLog(deployed, id("a"), [
      [30, "first"],
      [10, "third"],
    ]);
    await writeLog(deployed, id("b"), [[20, "second"]]);
    expect(await logs("myapp")).toEqual({
      out: ["aaaaaaaa first", "bbbbbbbb second", "aaaaaaaa third"].join("\n"),
      err: "",
      code: 0,
    });
  });

  it("names a container other than the service's own, also of a revision that was rolled back", async () => {
    const { ecs } = deployed.clients;
    const awslogs = { logDriver: "awslogs" as const, options: { "awslogs-stream-prefix": "myapp" } };
    const options = { ...awslogs.options, "awslogs-group": "/ecs/prod-myapp", "awslogs-region": "eu-west-1" };
    const { taskDefinition } = await ecs.send(
      new RegisterTaskDefinitionCommand({
        family: "prod-myapp",
        containerDefinitions: [
          { name: "migrate", image: "myapp:2", memory: 512, logConfiguration: { ...awslogs, options } },
        ],
      }),
    );
    const record = { taskDefinitionArn: taskDefinition!.taskDefinitionArn };
    await deployed.tasks({ service: "myapp", id: id("c"), status: "STOPPED", record });
    await writeLog(deployed, id("c"), [[5, "migrating"]], "migrate");
    await writeLog(deployed, id("c"), [[4, "booting"]]);
    expect((await logs("myapp")).out).toBe("cccccccc migrate: migrating\ncccccccc booting");
  });

  it("begins at --since, and says what to do when there is nothing", async () => {
    await writeLog(deployed, id("a"), [
      [3600, "an hour ago"],
      [60, "a minute ago"],
    ]);
    expect((await logs("myapp", "--since", "2h")).out).toBe("aaaaaaaa an hour ago\naaaaaaaa a minute ago");
    const { out, err, code } = await logs("myapp", "--since", "30s");
    expect([out, code]).toEqual(["", 0]);
    expect(err).toMatch(/^myapp logged nothing since \d{4}-.*Z\. Look further back: --since 1d$/);
  });

  it("shows control characters as escapes", async () => {
    await writeLog(deployed, id("a"), [[5, "\u001b[31mred\u001b[0m\u0007"]]);
    expect((await logs("myapp")).out).toBe("aaaaaaaa \\u{1b}[31mred\\u{1b}[0m\\u{7}");
  });

  it("follows until Ctrl-C, through a failure of AWS, and ends with 0 and no further word", async () => {
    // GIVEN
    await writeLog(deployed, id("a"), [[5, "before"]]);
    const written = new Map([
      [2, () => writeLog(deployed, id("b"), [[0, "from a new task"]])],
      [4, () => writeLog(deployed, id("a"), [[6, "late"]])],
    ]);
    faulty.add({ operation: "FilterLogEvents", error: "InternalServerError", message: "a moment", after: 1, times: 1 });
    // WHEN
    let reads = 0;
    const each = async (): Promise<void> => {
      reads += 1;
      await written.get(reads)?.();
      if (reads === 6) process.emit("SIGINT");
      else faulty.meanwhile("FilterLogEvents", each);
    };
    faulty.meanwhile("FilterLogEvents", each);
    const { out, err, code } = await logs("myapp", "--follow");
    // THEN
    expect(out.split("\n")).toEqual(["aaaaaaaa before", "bbbbbbbb from a new task", "aaaaaaaa late"]);
    expect([err, code]).toEqual(["AWS answered InternalServerError: a moment.", 0]);
  });

  it("says where the log is when it isn't in CloudWatch Logs", async () => {
    const { taskDefinition } = await deployed.clients.ecs.send(
      new RegisterTaskDefinitionCommand({
        family: "prod-myapp",
        containerDefinitions: [
          { name: "myapp", image: "myapp:2", memory: 512, logConfiguration: { logDriver: "splunk" } },
        ],
      }),
    );
    await deployed.counts("myapp", { taskDefinition: taskDefinition!.taskDefinitionArn, deployments: [] });
    expect(await logs("myapp")).toEqual({
      out: "",
      err: "myapp logs through splunk, not to CloudWatch Logs. Read its log where splunk sends it.",
      code: 2,
    });
  });

  it("says so when the service isn't deployed, the time is none, or a permission is missing", async () => {
    expect(await logs("myap")).toMatchObject({ err: expect.stringContaining('Did you mean "myapp"'), code: 2 });
    expect((await logs("myapp", "--since", "10 minutes")).err).toBe(
      '"10 minutes" is not a time. Give how long ago (90s, 10m, 2h, 7d), or a time such as 2026-11-26T09:30Z.',
    );
    faulty.add({ operation: "FilterLogEvents", error: "AccessDeniedException", message: "no logs" });
    expect(await logs("myapp")).toMatchObject({ err: expect.stringContaining("AWS refused: no logs."), code: 2 });
  });
});

describe("pointInTime", () => {
  const now = Date.parse("2026-11-26T12:00:00Z");
  it.each([
    ["90s", "2026-11-26T11:58:30.000Z"],
    ["10m", "2026-11-26T11:50:00.000Z"],
    ["1.5h", "2026-11-26T10:30:00.000Z"],
    ["7d", "2026-11-19T12:00:00.000Z"],
    ["2026-11-26T09:30Z", "2026-11-26T09:30:00.000Z"],
  ])("%s", (text, time) => expect(new Date(pointInTime(text, now)).toISOString()).toBe(time));

  it.each(["", "10", "m", "1w", "yesterday", "2026-13-45"])("refuses %p", (text) =>
    expect(() => pointInTime(text, now)).toThrow(/is not a time/),
  );
});
