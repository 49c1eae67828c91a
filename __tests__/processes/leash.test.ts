import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import path from "node:path";
import { execa } from "execa";
import { leash, leashed, leashedVariables, withoutLeash } from "../../src/processes/leash";
import { startTimeOf } from "../../src/processes/start-time";
import { projectRoot } from "../../src/project-root";

/** Prints the ids of a shell and of a grandchild, and goes on for longer than any test. */
const family = "sleep 600 & echo $$ $!; wait";

const alive = (pids: readonly number[]) => pids.filter((pid) => startTimeOf(pid) !== undefined);

async function untilGone(pids: readonly number[]): Promise<void> {
  while (alive(pids).length > 0) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** What a test that failed left running. */
const parents: ChildProcess[] = [];
afterEach(() => parents.splice(0).forEach((parent) => parent.kill("SIGKILL")));

const shells = ["sh", "dash", "bash", "busybox"].filter((name) => {
  try {
    execFileSync("which", [name]);
    return true;
  } catch {
    return false;
  }
});

describe("a command on a leash", () => {
  it.each(shells)("ends with a parent that SIGKILL ends, and its children too, under %s", async (shell) => {
    // GIVEN a process that has started a command which has started another
    const script = path.join(projectRoot, "src", "processes", "leash.sh");
    const line = JSON.stringify([...(shell === "busybox" ? ["sh"] : []), script, "sh", "-c", family]);
    const source = `const child = require("node:child_process").spawn("${shell}", ${line}, { stdio: ["pipe", "inherit", "inherit"], detached: true }); setInterval(() => child, 1000);`;
    const parent = spawn(process.execPath, ["-e", source], { stdio: ["ignore", "pipe", "inherit"] });
    parents.push(parent);
    const said = await new Promise<string>((resolve) => parent.stdout.once("data", (chunk) => resolve(String(chunk))));
    const pids = said.trim().split(" ").map(Number);
    expect(alive(pids)).toEqual(pids);
    // WHEN
    parent.kill("SIGKILL");
    // THEN, or the test's time is over
    await untilGone(pids);
  });

  it("gets every variable, also those whose names a shell drops", async () => {
    const odd = { "TF_TOKEN_my-host:1": "a b'\"$c", "TF_TOKEN_a.b": "two\nlines" };
    const { stdout } = await execa(...leashed(process.execPath, ["-p", "JSON.stringify(process.env)"]), {
      ...leash,
      env: { ...odd, ...leashedVariables(odd) },
    });
    expect(JSON.parse(stdout)).toMatchObject(odd);
    expect(stdout).not.toContain("LEASHED");
  });

  it("needs no shell on the PATH", async () => {
    const { stdout } = await execa(...leashed(process.execPath, ["-p", "1"]), { ...leash, env: { PATH: "/nowhere" } });
    expect(stdout).toBe("1");
  });

  it("takes along what a command leaves behind, and waits for nothing of it", async () => {
    const { stdout, exitCode } = await execa(...leashed("sh", ["-c", "sleep 600 & echo $!; exit 3"]), {
      ...leash,
      reject: false,
    });
    expect(exitCode).toBe(3);
    await untilGone([Number(stdout)]);
  });

  it("gets signals itself, and no input", async () => {
    const child = execa(
      ...leashed("sh", ["-c", "trap 'echo interrupted; exit 4' INT; cat; echo ready; sleep 600 & wait"]),
      {
        ...leash,
        reject: false,
      },
    );
    child.stdout.once("data", () => child.kill("SIGINT"));
    expect(await child).toMatchObject({ exitCode: 4, stdout: "ready\ninterrupted" });
  });

  it("is reported without the leash", async () => {
    const { shortMessage } = await execa(...leashed("false", []), { ...leash, reject: false });
    expect(withoutLeash(shortMessage!)).toBe("Command failed with exit code 1: false");
  });
});
