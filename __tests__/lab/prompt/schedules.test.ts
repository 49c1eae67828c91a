import { PassThrough } from "node:stream";
import type { Lab } from "../../../src/lab/lab";
import { runInteractive } from "../../../src/lab/prompt/interactive";

const overrides = { containerOverrides: [{ name: "shop", command: ["bin/shop", "eval", "Shop.Report.run()"] }] };
const nightly = {
  group: "prod-shop",
  name: "nightly",
  expression: "cron(0 3 * * ? *)",
  timezone: "Europe/Berlin",
  overrides,
};

/** A lab whose schedules run a task that ends like this. */
function labWith(container: object, end?: object): Lab {
  const containers = { all: [container], telling: container };
  const order = { definition: { family: "prod-shop", revision: 3 } };
  const task = { id: "aaaa1111bbbb", order, containers, end, stopped: Promise.resolve() };
  const run = async (name: string) => {
    if (name === "nightly") return task;
    throw new Error(`There is no schedule "${name}".`);
  };
  return { schedules: { all: async () => [nightly], run }, runtime: {} } as unknown as Lab;
}

async function run(lab: Lab, ...lines: string[]) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  input.end(`${lines.join("\n")}\n`);
  const failed = await runInteractive(lab, { input, output });
  return { failed, said: String(output.read() ?? "") };
}

const essential = { essential: true };
const wrote = (text: string) => ({ log: () => text });

describe("schedules at the prompt", () => {
  it("are listed with their times and commands", async () => {
    const { said } = await run(labWith({}), "schedules");
    expect(said).toContain("SCHEDULE           TIMES                            COMMAND\n");
    expect(said).toContain("prod-shop/nightly  cron(0 3 * * ? *) Europe/Berlin  bin/shop eval Shop.Report.run()\n");
  });

  it("run until their task ends, with its output and exit code", async () => {
    const ended = { definition: essential, running: wrote("42 reports\n"), exit: { exitCode: 0 } };
    const { said, failed } = await run(labWith(ended), "run-schedule nightly");
    expect(said).toContain("Task aaaa1111 runs prod-shop:3.\n42 reports\nTask aaaa1111 ended: exit code 0.\n");
    expect(failed).toBe(0);
  });

  it("fail as the command does, and where the task never ran", async () => {
    const crashed = { definition: essential, running: wrote("no database"), exit: { exitCode: 1 } };
    expect(await run(labWith(crashed), "run-schedule nightly")).toMatchObject({
      failed: 1,
      said: expect.stringContaining("no database\nTask aaaa1111 ended: exit code 1.\n"),
    });
    const never = labWith({ definition: essential }, { stoppedReason: "ResourceInitializationError: no secret" });
    expect((await run(never, "run-schedule nightly", "run-schedule hourly")).said).toMatch(
      /Task aaaa1111 ended: ResourceInitializationError: no secret\.\n[^]*There is no schedule "hourly"\./,
    );
  });
});
