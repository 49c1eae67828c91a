import { spawn, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { buildSync, stop } from "esbuild";
import { projectRoot } from "../../src/project-root";
import { describeWithSandbox } from "./sandbox-here";
import { waitFor, workOf } from "../../src/lab/waiting/wait";
import { scratchFolder } from "../scratch";

/** A lab with three tasks, one frozen, of which one ignores SIGTERM: what is hard to end. */
const lab = `
import { startTaskRuntime } from ${JSON.stringify(path.join(projectRoot, "src/lab/data-plane/runtime"))};
import { openGroup, runTask, taskAt } from ${JSON.stringify(path.join(projectRoot, "__tests__/lab/sandbox-here"))};
const runtime = await startTaskRuntime({ vpcCidrs: ["10.0.0.0/16"], region: "eu-west-1" });
await runtime.applySecurityGroups([openGroup]);
for (const host of [11, 12, 13]) {
  const command = ["sh", "-c", "trap '' TERM HUP INT; setsid sleep " + process.argv[3] + " & touch /tmp/x /app/x; wait"];
  await (await runTask(runtime, taskAt(host), command)).task.forward(8080);
}
await runtime.applyFaults({ frozenTasks: ["10.0.1.12"] });
console.log("up");
if (process.argv[2] === "throw") throw new Error("as planned");
if (process.argv[2] === "close") await runtime.close();
`;

/** Names this run's processes: other labs may run at the same time. */
const seconds = 900_000 + process.pid;

/** Everything of this machine that this lab could leave behind. */
function leftovers() {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const read = (pid: string, file: string): string => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, "utf8");
    } catch {
      return "";
    }
  };
  const lines = (text: string, pattern: RegExp) => text.split("\n").filter((line) => pattern.test(line));
  return {
    containers: pids.filter((pid) => read(pid, "cmdline").includes(`sleep\0${seconds}`)),
    sandboxes: pids.filter(
      (pid) => read(pid, "environ").includes(`LAB_OF_TEST=${seconds}`) && read(pid, "cmdline").includes("vpc/main.ts"),
    ),
    links: lines(spawnSync("ip", ["-o", "link"], { encoding: "utf8" }).stdout, /eni|outside/),
    mounts: lines(readFileSync("/proc/self/mountinfo", "utf8"), /\/run\/containers/),
    files: readdirSync("/run").filter((name) => name === "containers"),
  };
}

describeWithSandbox("a lab that has ended", () => {
  const folder = scratchFolder("lab-cleanup");
  const file = path.join(projectRoot, ".cache", `cleanup-${process.pid}.mjs`);

  beforeAll(async () => {
    const source = path.join(folder, "lab.ts");
    writeFileSync(source, lab);
    const banner = {
      js: "import{createRequire}from'module';const require=createRequire(import.meta.url);const __dirname=import.meta.dirname??new URL('.',import.meta.url).pathname;",
    };
    buildSync({ entryPoints: [source], outfile: file, bundle: true, platform: "node", format: "esm", banner });
    await stop();
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
    rmSync(file);
  });

  it.each([
    ["SIGKILL", (pid: number) => process.kill(pid, "SIGKILL"), "stay"],
    ["SIGTERM", (pid: number) => process.kill(pid, "SIGTERM"), "stay"],
    ["an error that no one has caught", () => undefined, "throw"],
    ["close()", () => undefined, "close"],
  ])("by %s leaves no process, namespace, link, mount or file", async (_, end, way) => {
    // GIVEN
    const process = spawn(globalThis.process.execPath, [file, way, String(seconds)], {
      env: { ...globalThis.process.env, LAB_OF_TEST: String(seconds) },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    process.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    process.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    const ended = new Promise((resolve) => process.once("exit", resolve));
    await waitFor(() => output.includes("up"), workOf({ "start of a lab": 10 }));
    expect(output).toContain("up");
    if (way === "stay") {
      expect(leftovers().containers).toHaveLength(3);
      expect(leftovers().sandboxes.length).toBeGreaterThan(0);
    }
    // WHEN
    end(process.pid ?? 0);
    await ended;
    // THEN soon
    const processes = () => leftovers().containers.length + leftovers().sandboxes.length;
    await waitFor(() => processes() === 0, workOf({ "end of its processes": 2 }));
    expect(leftovers()).toEqual({ containers: [], sandboxes: [], links: [], mounts: [], files: [] });
  });
});
