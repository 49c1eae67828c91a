import { mkdirSync } from "node:fs";
import path from "node:path";
import { PassThrough } from "node:stream";
import type { Command } from "commander";
import { execa } from "execa";
import { logsCommand } from "../../src/cli/operations/logs";
import { rollbackCommand } from "../../src/cli/operations/rollback";
import { statusCommand } from "../../src/cli/operations/status";
import { taskCommand } from "../../src/cli/operations/task";
import { Images } from "../../src/lab/control-plane/images";
import { AppliedChanges } from "../../src/lab/scenarios/steps/applied-changes";
import { runCommand } from "./command";
import { awaitMesh } from "../../src/lab/cluster/mesh";
import { rpc } from "../../src/lab/cluster/release-rpc";
import { runInteractive } from "../../src/lab/prompt/interactive";
import { type RunningLab, type Stage, withStage } from "../../src/lab/stage";
import { pageOf } from "../../src/lab/cluster/task-page";
import { withAws } from "../../src/aws/sdk/clients";
import { readEnvironment } from "../../src/operations/deployed-environment";
import { type Diagnosis, diagnose, type Transport } from "../../src/operations/doctor";
import { nodesExpression, printedNodes } from "../../src/operations/doctor/ask-by-rpc";
import { projectRoot } from "../../src/project-root";
import { describeScenario } from "../lab/scenarios/scenario-here";
import { writeProgram } from "../program";

const texts = ({ findings }: Diagnosis, severity: string) =>
  findings.filter((finding) => finding.severity === severity).map(({ about, text }) => `${about}: ${text}`);

/** Connects to a node of the cluster, as a task that polls DNS finds it. */
const scheduled = [
  '{:ok, [{a, b, c, d} | _]} = :inet.getaddrs(~c"myapp.organization.local", :inet)',
  'IO.puts("connects: #{Node.connect(:"myapp@#{a}.#{b}.#{c}.#{d}")}")',
].join("; ");

const environment = {
  region: "eu-west-1",
  state: { s3: { bucket: "lab-terraform-state", key: "elixir-cluster/lab.tfstate" } },
  vpc: { tags: { Name: "lab" } },
  ecsCluster: { name: "my-cluster" },
  namespace: { create: "organization.local" },
  releaseCookie: { ssmParameter: "/my-org/lab/release-cookie" },
  services: {
    myapp: {
      cluster: "web",
      image: { uri: "registry.example/myapp:1" },
      tasks: 2,
      schedule: { nightly: { cron: "0 3 * * ? *", join: true, command: ["eval", scheduled] } },
    },
    myapp2: { image: { uri: "registry.example/myapp:1" }, cluster: "web", tasks: 1 },
  },
};

const brokenImage = "registry.example/myapp:broken";

/** An image that writes a line and then ends with 137. */
function brokenRelease({ scratch }: Stage): string {
  const command = path.join(scratch, "broken", "bin", "server");
  mkdirSync(path.dirname(command), { recursive: true });
  writeProgram(command, "#!/bin/sh\necho 'could not load the NIF' >&2\nexit 137\n");
  return path.join(scratch, "broken");
}

describeScenario("doctor in the lab", () => {
  it("finds the lost task when one is killed, and status, logs and rollback show and undo broken deployments", async () => {
    await withStage({}, async (stage) => {
      Object.assign(process.env, stage.aws.environment);
      delete process.env.AWS_PROFILE;
      // GIVEN
      await stage.apply(environment);
      const deployed = readEnvironment(path.join(stage.scratch, "environments.json"), "lab");
      const images = new Images([`${brokenImage}=${brokenRelease(stage)}`], (await stage.release()).folder);
      const use = async ({ lab }: RunningLab) => {
        await lab.steady();
        await awaitMesh(lab);
        const ask: Transport = async ({ taskId }) => (await fetch(`${await pageOf(lab.task(taskId))}/cluster`)).text();
        const look = () => withAws("eu-west-1", (aws) => diagnose(aws, deployed, ask));
        // WHEN
        const well = await look();
        // THEN
        expect(well.findings).toEqual([]);
        expect(well.nodes!.map(({ service, sees }) => [service, sees!.length])).toEqual([
          ["myapp", 2],
          ["myapp", 2],
          ["myapp2", 2],
        ]);
        // AND by rpc each says the same
        const [first] = well.nodes!;
        const { stdout } = await rpc(lab.task(first!.taskId).container, nodesExpression);
        const [own, ...others] = printedNodes(stdout);
        expect([own, others.sort()]).toEqual([first!.node, [...first!.sees!].sort()]);
        await runOnce(lab, deployed.file, first!.node!);
        await pasteAndRun(lab, deployed.file);
        // AND so does a schedule's, with the role that Terraform gave it
        const atPrompt = await prompt(lab, "run-schedule nightly");
        expect(atPrompt.said).toMatch(/runs lab-myapp:1\.\nconnects: true\nTask [0-9a-f]{8} ended: exit code 0\.$/m);
        // AND what running tasks have written so far is in the log
        const { out } = await runCommand(logsCommand(), "lab", "myapp", "--environments", deployed.file);
        const running = lab.tasks.filter(({ order }) => order.serviceName === "myapp").map(({ id }) => id.slice(0, 8));
        const wrote = [...out.matchAll(/^([0-9a-f]{8}) .*node up/gm)].map(([, id]) => id!);
        expect([...new Set(wrote)].sort()).toEqual(running.sort());
        // WHEN
        const lost = lab.tasks.find(({ order }) => order.serviceName === "myapp2")!;
        const { address } = lost.networkInterface!;
        await lab.kill(lost.id, 30);
        await lost.stopped;
        await lab.sync();
        // THEN
        expect(texts(await look(), "error")).toContainEqual(
          `myapp2: ${lost.id} (${address}) is registered, but no such task runs: DNS returns a dead address`,
        );
        // AND what it wrote last is in the log, once another runs in its place
        await lab.steady();
        const stopped = (await look()).findings.find(({ text }) => text.startsWith("1 task stopped"));
        expect(stopped).toMatchObject({ about: "myapp2", severity: "note" });
        expect(stopped!.details![0]).toBe(`last lines of myapp2 in ${lost.id}:`);
        expect(stopped!.details!.join("\n")).toContain("node up");
        await breakAndRollBack(stage, lab, deployed.file);
      };
      await stage.lab(use, { images });
    });
  });
});

/** What the lab's prompt prints for some lines. */
async function prompt(lab: RunningLab["lab"], ...lines: string[]) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  input.end(`${lines.join("\n")}\n`);
  const failed = await runInteractive(lab, { input, output });
  return { failed, said: String(output.read() ?? "") };
}

/** The prompt's line, pasted into a shell with a profile of a real account, makes each command of docs/local.md talk to the lab. */
async function pasteAndRun(lab: RunningLab["lab"], file: string): Promise<void> {
  // GIVEN
  const { said } = await prompt(lab, "aws");
  const line = /^unset .*; export .*$/m.exec(said)![0];
  const { PATH } = process.env;
  const env = { PATH, ENVIRONMENTS_FILE: file, AWS_PROFILE: "production", AWS_ENDPOINT_URL: "http://127.0.0.1:1" };
  const shell = async (args: string) => {
    const command = `${line}; node bin/run.mjs src/cli.ts ${args}`;
    const run = await execa("sh", ["-c", command], {
      cwd: projectRoot,
      env,
      extendEnv: false,
      reject: false,
      all: true,
    });
    return `${run.exitCode} ${run.all}`;
  };
  // WHEN
  const outcomes = await Promise.all(
    ["doctor lab", "status lab", "secrets lab --check", "unstick lab", "rollback lab myapp", "logs lab myapp"].map(
      shell,
    ),
  );
  // THEN
  expect(outcomes).toEqual([
    expect.stringMatching(/^0 .*Everything matches the configuration\.$/s),
    expect.stringMatching(/^0 .*2 of 2 tasks run, steady/s),
    "0 exists  /my-org/lab/release-cookie (RELEASE_COOKIE)",
    expect.stringContaining("3 registrations of living tasks stay."),
    expect.stringContaining("lab-myapp:1  runs now"),
    expect.stringMatching(/^0 /),
  ]);
}

/** A task without `--join` is not a node and can't connect to one; with it, it is and does. Its exit code is the command's. */
async function runOnce(lab: RunningLab["lab"], file: string, node: string): Promise<void> {
  const before = lab.tasks.map(({ id }) => id);
  const expression = `IO.puts("#{node()} connects: #{inspect(Node.connect(:"${node}"))}"); System.halt(3)`;
  const run = (...options: string[]) =>
    runCommand(taskCommand(), "lab", "myapp", "--environments", file, ...options, "--", "eval", expression);
  // WHEN
  const alone = await run();
  const joined = await run("--join");
  // THEN
  expect(alone).toMatchObject({ out: "nonode@nohost connects: :ignored", code: 3 });
  expect(joined.out).toMatch(/^myapp@10\.\S+ connects: true$/);
  expect(joined.code).toBe(3);
  expect(joined.err).toMatch(/Task [0-9a-f]{32}: STOPPED\nTask [0-9a-f]{32} ended: exit code 3/);
  // AND the service has its own tasks still
  expect(lab.tasks.map(({ id }) => id)).toEqual(before);
}

/** A broken image is rolled back by ECS, then a good one is deployed and rolled back by hand: the commands say what happened. */
async function breakAndRollBack(stage: Stage, lab: RunningLab["lab"], file: string): Promise<void> {
  const changes = new AppliedChanges(stage.clients);
  const run = (command: Command, ...args: string[]) => runCommand(command, "lab", ...args, "--environments", file);
  // WHEN
  await changes.revise("myapp2", (container) => ({ ...container, image: brokenImage }));
  await lab.sync();
  await lab.steady();
  // THEN
  const broken = await run(statusCommand());
  expect(broken.code).toBe(1);
  const paragraphs = broken.out.replace(/\n {6}(?! )/g, " ");
  expect(paragraphs).toMatch(
    /lab-myapp2:2 \(myapp:broken\) was rolled back to lab-myapp2:1 at \S+ by the circuit breaker/,
  );
  expect(paragraphs).toMatch(/of lab-myapp2:2 stopped at .*exit code 137: it was killed \(SIGKILL\)/);
  expect(paragraphs).toContain("could not load the NIF");
  const { out: lines } = await run(logsCommand(), "myapp2", "--since", "1h");
  expect(lines).toMatch(/^[0-9a-f]{8} could not load the NIF$/m);
  expect(lines).toMatch(/^[0-9a-f]{8} .*node up/m);
  // WHEN
  await changes.revise("myapp2", (container) => ({ ...container, image: "registry.example/myapp:2" }));
  await lab.sync();
  await lab.steady();
  expect((await run(statusCommand())).out).toMatch(/lab-myapp2:3 runs; image myapp:2/);
  const rolledBack = await run(rollbackCommand(), "myapp2", "--to", "1", "--yes");
  // THEN
  expect(rolledBack).toMatchObject({ err: "", code: 0 });
  expect(rolledBack.out).toContain("lab-myapp2:1 runs.");
  await lab.steady();
  await awaitMesh(lab);
  expect((await run(statusCommand())).code).toBe(0);
}
