import { execa } from "execa";
import { join } from "node:path";
import { eventually, freePort } from "./elixir";
import { copySampleProject, describeStandIns, sampleDependencies } from "../../src/lab/local-aws/sample/sample-project";
import { Stopwatch } from "../../src/lab/waiting/machine";

/** Builds the release into `folder`, from a copy of the sample. */
export async function buildRelease(folder: string): Promise<string> {
  const dependencies = sampleDependencies();
  const standIns = describeStandIns(dependencies);
  if (standIns) console.log(`This release has stand-ins for ${standIns}`);
  const release = join(folder, "release");
  const project = join(folder, "project");
  copySampleProject(project, dependencies);
  await execa("mix", ["release", "--path", release], { cwd: project, env: { MIX_ENV: "prod" } });
  return join(release, "bin/myapp");
}

const spawnNode = (bin: string, env: Record<string, string>) =>
  execa(bin, ["start"], { env, extendEnv: false, reject: false, all: true, stdin: "ignore" });

export interface Peer {
  readonly node: string;
  readonly connected_since: string;
}

/** One node of the release, an operating-system process like a task's. */
export class ReleaseNode {
  log = "";
  private constructor(
    readonly bin: string,
    readonly port: number,
    readonly env: Record<string, string>,
    readonly process: ReturnType<typeof spawnNode>,
  ) {
    process.all.on("data", (chunk) => (this.log += String(chunk)));
  }

  static async start(bin: string, variables: Record<string, string>): Promise<ReleaseNode> {
    const port = await freePort();
    const env = {
      PATH: process.env["PATH"] ?? "",
      HOME: process.env["HOME"] ?? "",
      LANG: "C.UTF-8",
      RELEASE_COOKIE: "cookie",
      PORT: String(port),
      ...variables,
    };
    return new ReleaseNode(bin, port, env, spawnNode(bin, env));
  }

  get(path: string): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.port}${path}`);
  }

  /** Waits until it answers `/health`. */
  async healthy(): Promise<this> {
    await eventually(async () => (await this.get("/health")).ok).catch((cause: unknown) => {
      throw new Error(`Not healthy:\n${this.log}`, { cause });
    });
    return this;
  }

  async cluster(): Promise<{ node: string; basename: string; members: string[]; peers: Peer[] }> {
    return (await this.get("/cluster")).json() as ReturnType<ReleaseNode["cluster"]>;
  }

  /** `bin/myapp <command>` inside the same task; what it prints is its `stdout`. */
  run(...command: string[]) {
    return execa(this.bin, command, { env: this.env, extendEnv: false });
  }

  /** The value of an Elixir expression in the running node. */
  async rpc(expression: string): Promise<string> {
    return (await this.run("rpc", `IO.inspect(${expression})`)).stdout;
  }

  /** What a terminal shows in which `bin/myapp remote` runs, as soon as it shows `awaited` after `line` was typed. */
  async remote(line: string, awaited: string): Promise<string> {
    const terminal = execa("script", ["--quiet", "--command", `${this.bin} remote`, "/dev/null"], {
      env: { ...this.env, TERM: "xterm" },
      extendEnv: false,
      reject: false,
      all: true,
      forceKillAfterDelay: 200,
    });
    let screen = "";
    terminal.all.on("data", (chunk) => (screen += String(chunk)));
    await eventually(async () => screen.includes("iex("));
    terminal.stdin.write(`${line}\n`);
    await eventually(async () => screen.includes(awaited));
    terminal.kill();
    await terminal;
    return screen;
  }

  /** SIGTERM, as ECS stops a task; its exit code and how many milliseconds it took, on a quiet machine. */
  async terminate(): Promise<{ exitCode: number | undefined; workMs: number }> {
    const stopwatch = new Stopwatch();
    this.process.kill("SIGTERM");
    const { exitCode } = await this.process;
    stopwatch.stop();
    return { exitCode, workMs: stopwatch.measured.workMs };
  }

  async kill(): Promise<void> {
    this.process.kill("SIGKILL");
    await this.process;
  }
}
