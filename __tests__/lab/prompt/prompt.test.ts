import { PassThrough } from "node:stream";
import type { Faults } from "../../../src/lab/data-plane/data-plane";
import { completions, runInteractive } from "../../../src/lab/prompt/interactive";
import type { Lab } from "../../../src/lab/lab";

const task = (id: string, serviceName: string, address: string) => ({
  id,
  order: { serviceName },
  networkInterface: { address },
  status: "RUNNING",
  health: "HEALTHY",
  protection: { enabled: false },
  createdAt: Date.now(),
  stopped: new Promise(() => undefined),
});

/** A lab of three tasks that notes what is done to it. */
function labOfThree() {
  const applied: Faults[] = [];
  const killed: unknown[][] = [];
  const lab = {
    tasks: [
      task("aaaa1111", "myapp", "10.0.1.4"),
      task("aaaa2222", "myapp", "10.0.2.4"),
      task("bbbb", "myapp2", "10.0.1.5"),
    ],
    services: [{ name: "myapp" }, { name: "myapp2" }],
    options: { aws: { endpoint: "http://127.0.0.1:5000", region: "eu-west-1" } },
    runtime: { applyFaults: async (faults: Faults) => void applied.push(faults) },
    kill: async (...args: unknown[]) => void killed.push(args),
  } as unknown as Lab;
  return { lab, applied, killed };
}

async function run(lab: Lab, ...lines: string[]) {
  const input = new PassThrough();
  const output = new PassThrough();
  input.end(`${lines.join("\n")}\n`);
  const failed = await runInteractive(lab, { input, output });
  return { failed, said: String(output.read() ?? "") };
}

describe("the prompt, from a pipe", () => {
  it("reads commands until quit, shows each, and goes on after one that fails", async () => {
    const { said, failed } = await run(labOfThree().lab, "# comment", "tsaks", "tasks", "kill", "quit", "tasks");
    expect(failed).toBe(2);
    expect(said).toContain('lab> tsaks\nThere is no command "tsaks". Did you mean tasks? help lists them.\n');
    expect(said).toContain("aaaa1111  myapp    10.0.1.4  RUNNING  HEALTHY  0 s\n");
    expect(said).toContain("lab> kill\nUsage: kill <task> [<seconds>]\n");
    expect(said.endsWith("lab> quit\n")).toBe(true);
  });

  it("prints the line that makes another shell use the lab, and no real account", async () => {
    const { said } = await run(labOfThree().lab, "aws");
    expect(said).toMatch(
      /^unset AWS_PROFILE AWS_SESSION_TOKEN; export AWS_ENDPOINT_URL=http:\/\/127\.0\.0\.1:5000 AWS_REGION=eu-west-1 .*AWS_CONFIG_FILE=\/dev\/null/m,
    );
  });

  it("ends what a command waits for when it is interrupted", async () => {
    const controller = new AbortController();
    const given: (AbortSignal | undefined)[] = [];
    const steady = async ({ signal }: { signal?: AbortSignal }) => {
      given.push(signal);
      controller.abort();
      return new Promise(() => undefined);
    };
    const lab = { ...labOfThree().lab, steady } as unknown as Lab;
    const input = new PassThrough();
    input.write("wait\n");
    await runInteractive(lab, { input, output: new PassThrough(), signal: controller.signal });
    expect(given).toEqual([controller.signal]);
  });

  it("ends with its input", async () => {
    expect(await run(labOfThree().lab, "")).toMatchObject({ failed: 0 });
  });

  it("finds a task by address, node name, beginning of its id, and its service where that has one", async () => {
    const { lab, killed } = labOfThree();
    await run(lab, "kill 10.0.2.4 30", "kill myapp@10.0.1.4", "kill bb", "kill myapp2");
    expect(killed).toEqual([["aaaa2222", 30], ["aaaa1111", 0], ["bbbb", 0], ["bbbb", 0]]); // prettier-ignore
  });

  it("refuses a task that is none, or more than one, and names them", async () => {
    const { lab, killed } = labOfThree();
    const { said, failed } = await run(lab, "kill cc", "kill aa", "kill myapp", "kill bb soon");
    expect(failed).toBe(4);
    expect(said).toContain("There is no task cc. Tasks are: myapp aaaa1111 (10.0.1.4), myapp aaaa2222");
    expect(said).toContain("aa is 2 tasks. Which one: myapp aaaa1111 (10.0.1.4), myapp aaaa2222 (10.0.2.4)?");
    expect(said).toContain("myapp is 2 tasks.");
    expect(said).toContain(`"soon" isn't a number of seconds: give a whole number from 0 on.`);
    expect(killed).toEqual([]);
  });

  it("sets an alarm off for the services whose deployments name it", async () => {
    const wentOff: string[] = [];
    const named = (name: string, ...deploymentAlarms: string[]) => ({
      name,
      deploymentAlarms,
      deployments: [{ rolloutStateReason: `${name} rolls back` }],
      alarmWentOff: (alarm: string) => void wentOff.push(`${name} ${alarm}`),
    });
    const lab = { ...labOfThree().lab, services: [named("shop", "shop 5xx"), named("stock")] } as unknown as Lab;
    const { said, failed } = await run(lab, "alarm shop 5xx", "alarm stock-5xx");
    expect(wentOff).toEqual(["shop shop 5xx"]);
    expect(said).toContain("shop rolls back\n");
    expect(said).toContain('No service\'s deployment names the alarm "stock-5xx".');
    expect(failed).toBe(1);
  });

  it("adds one fault to another, and heals all of them", async () => {
    const { lab, applied } = labOfThree();
    const { said } = await run(lab, "cut bb", "cut aaaa1 10.0.2.4", "freeze bb", "cut bb bb", "heal");
    expect(applied.at(-2)).toEqual({
      cutTasks: ["10.0.1.5"],
      cutLinks: [["10.0.1.4", "10.0.2.4"]],
      frozenTasks: ["10.0.1.5"],
    });
    expect(applied.at(-1)).toEqual({ cutTasks: [], cutLinks: [], frozenTasks: [] });
    expect(applied).toHaveLength(4);
    expect(said).toContain("Both are myapp2 bbbb (10.0.1.5). Name two tasks, or one.");
  });

  it("refuses what needs a terminal", async () => {
    const { said } = await run(labOfThree().lab, "remote bb");
    expect(said).toContain("remote needs a terminal. In a script, rpc evaluates one expression.");
  });

  it("completes commands, tasks and services", () => {
    const { lab } = labOfThree();
    expect(completions(lab, "he")).toEqual([["heal ", "help "], "he"]);
    expect(completions(lab, "scale ")).toEqual([["myapp ", "myapp2 "], ""]);
    expect(completions(lab, "cut aaaa1111 10.0.1")).toEqual([["10.0.1.4 ", "10.0.1.5 "], "10.0.1"]);
    expect(completions(lab, "scale myapp ")).toEqual([[], ""]);
  });
});
