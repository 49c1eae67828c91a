import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { execa } from "execa";
import { startTimeOf } from "../../src/processes/start-time";
import { projectRoot } from "../../src/project-root";
import { scratchFolder } from "../scratch";

const pages = ["r.html", "t.html"];

/** `demo` as a process, with a folder of its own for temporary files, which identifies its processes. */
export class DemoProcess {
  private said = "";

  private constructor(
    readonly folder: string,
    private readonly demo: ReturnType<typeof start>,
  ) {
    demo.all.on("data", (chunk: Buffer) => (this.said += chunk.toString()));
  }

  static start(folder = scratchFolder("d")): DemoProcess {
    return new DemoProcess(folder, start(folder));
  }

  /** Waits until the demo has printed a text. @throws Error with what it printed when it ended before. */
  async says(text: string): Promise<void> {
    await this.until(() => this.said.includes(text), `said "${text}"`);
  }

  /** Waits until a process that descends from the demo has this in its command line. */
  async hasStarted(command: string): Promise<void> {
    await this.until(() => this.descendants().some((one) => one.command.includes(command)), `started ${command}`);
  }

  kill(signal: NodeJS.Signals): void {
    this.demo.kill(signal);
  }

  /** How it ended, and what it printed. */
  async ended(): Promise<{ exitCode: number | undefined; signal: string | undefined; all: string }> {
    const { exitCode, signal } = await this.demo;
    return { exitCode, signal, all: this.said };
  }

  /** Everything that descends from the demo now. */
  descendants(): Process[] {
    return descendantsOf(this.demo.pid!);
  }

  /** What is left in its folder, but the pages that it is meant to leave. */
  files(): string[] {
    return readdirSync(this.folder).filter((name) => !pages.includes(name));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async until(isSo: () => boolean, what: string): Promise<void> {
    let hasEnded = false;
    void this.demo.finally(() => (hasEnded = true));
    while (!isSo()) {
      if (hasEnded) throw new Error(`The demo ended before it had ${what}:\n${this.said}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

const start = (folder: string) =>
  execa(
    process.execPath,
    [
      "bin/run.mjs",
      "src/cli.ts",
      "demo",
      ...["--html", path.join(folder, "r.html"), "--timeline", path.join(folder, "t.html")],
    ],
    { cwd: projectRoot, env: { TMPDIR: folder }, reject: false, stdin: "ignore", all: true },
  );

/** A process, with what tells it from a later one of the same id. */
interface Process {
  readonly pid: number;
  readonly start: string;
  readonly command: string;
}

function descendantsOf(pid: number): Process[] {
  // Each thread has its own children: Go starts processes from any of its threads.
  const children = threadsOf(pid)
    .flatMap((thread) => read(`/proc/${pid}/task/${thread}/children`).trim().split(" "))
    .filter(Boolean)
    .map(Number);
  return children.flatMap((child) => {
    const start = startTimeOf(child);
    const command = read(`/proc/${child}/cmdline`).replaceAll("\0", " ");
    return start === undefined ? [] : [{ pid: child, start, command }, ...descendantsOf(child)];
  });
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    // Gone while it was looked at.
    return [];
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // Gone while it was looked at.
    return "";
  }
}

/** Those of the processes that still run, and every process whose environment names `folder` for its temporary files. */
export function survivors(processes: readonly Process[], folder: string): string[] {
  const known = processes.filter(({ pid, start }) => startTimeOf(pid) === start);
  const found = execFileSync("sh", ["-c", `grep -lzsF "TMPDIR=${folder}" /proc/[0-9]*/environ || true`], {
    encoding: "utf8",
  });
  const marked = found.split("\n").filter((file) => file && read(file) !== "");
  return [...known.map(({ pid, command }) => `${pid} ${command}`), ...marked];
}

/** Waits until nothing survives: the kernel needs a moment for a process group. What survives then is in the test's timeout. */
export async function nothingSurvives(processes: readonly Process[], folder: string): Promise<void> {
  for (const end = Date.now() + 20_000; ;) {
    const left = survivors(processes, folder);
    if (left.length === 0) return;
    if (Date.now() > end) throw new Error(`These still run after 20 s:\n${left.join("\n")}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
