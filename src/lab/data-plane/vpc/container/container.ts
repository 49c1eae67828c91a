import { spawn, type ChildProcess } from "node:child_process";
import { rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { ContainerSpec, ExecOptions, ExecResult, ExitStatus } from "../../data-plane";
import type { ContainerRoots } from "./container-root";
import { containerArguments } from "./container-start";
import { findTool, toolPath } from "../machine";
import { childOf, siblingProcesses } from "./processes";

/** What a container's own network and machine look like from inside. */
export interface ContainerPlace {
  /** Name of the network namespace. */
  readonly namespace: string;
  readonly address: string;
  readonly hostname: string;
  readonly resolver: string;
  readonly roots: ContainerRoots;
}

/** The part of a container's specification that can be sent to another process. */
export type ContainerOrder = Omit<ContainerSpec, "onOutput">;

/** Hears what a container does. */
export interface ContainerListener {
  output(text: string, stream: "stdout" | "stderr"): void;
  exited(status: ExitStatus): void;
}

/** By absolute path: a container's own `PATH` may lead anywhere. */
const tool = (name: string) => findTool(name) ?? name;
const nsenter = tool("nsenter");
const shell = tool("sh");
const unshare = tool("unshare");

/** Between two signals to the nsenter of a command that was stopped. */
const wakingMs = 50;

/** A running container: its first process is the one child of its parent here, and all others go with it. */
export class RunningContainer {
  readonly startedAt = new Date().toISOString();
  status: ExitStatus | undefined;
  /** Settled when its first process has ended and all others with it. */
  readonly ended: Promise<void>;
  /** The nsenter of each command that runs in it. They are outside of its pid namespace. */
  readonly #entrances = new Set<number>();
  /** While those that were there in a freeze are woken. */
  #waking: NodeJS.Timeout | undefined;

  private constructor(
    readonly order: ContainerOrder,
    readonly environment: Readonly<Record<string, string>>,
    private readonly parent: ChildProcess,
  ) {
    this.ended = new Promise((resolve) => parent.once("close", () => resolve()));
  }

  /** @throws Error in the words of ECS when the image's folder or the command is missing. */
  static async start(
    order: ContainerOrder,
    environment: Readonly<Record<string, string>>,
    place: ContainerPlace,
    listener: ContainerListener,
  ): Promise<RunningContainer> {
    checkOrder(order);
    const { folder, volumes = [], readonlyRootFilesystem = false, command } = order;
    const spec = { folder, volumes, readonlyRootFilesystem, etc: etcOf(place) };
    const { home, root, table, readonly } = place.roots.prepare(spec);
    const setup = [toolPath, root, table, place.hostname, readonly.join("\n")];
    const inside = containerArguments(shell, [...setup, ...command]);
    const namespaces = ["--mount", "--uts", "--ipc", "--pid"];
    const child = spawn(
      nsenter,
      [`--net=/run/netns/${place.namespace}`, "--", unshare, ...namespaces, "--", shell, ...inside],
      { env: { ...environment }, stdio: ["ignore", "pipe", "pipe", "pipe"] },
    );
    const container = new RunningContainer(order, environment, child);
    let complaint = "";
    child.stderr?.on("data", (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(0, 4096)));
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream]?.setEncoding("utf8").on("data", (text: string) => listener.output(text, stream));
    }
    await new Promise<void>((resolve, reject) => {
      child.stdio[3]?.once("data", resolve);
      child.once("error", reject);
      child.once("close", (code, signal) => {
        container.status = exitStatus(code, signal);
        rmSync(home, { recursive: true, force: true });
        listener.exited(container.status);
        reject(new Error(`CannotStartContainerError: ${complaint.trim() || `ended with ${code ?? signal}`}`));
      });
    });
    return container;
  }

  /** Its first process, as this process sees it; `undefined` after the end. */
  get pid(): number | undefined {
    return this.status || this.parent.pid === undefined ? undefined : childOf(this.parent.pid);
  }

  /** All its processes. */
  pids(all?: Map<string, number[]>): number[] {
    const { pid } = this;
    return pid === undefined ? [] : siblingProcesses(pid, all);
  }

  signal(signal: NodeJS.Signals): void {
    sendSignal(this.pid, signal);
    // Its end waits for the nsenter of each command, even if it was frozen.
    if (signal === "SIGKILL") this.#wakeEntrances();
  }

  /** Stops every process, or lets every process go on. */
  signalAll(signal: "SIGSTOP" | "SIGCONT"): void {
    clearTimeout(this.#waking);
    for (const pid of this.pids()) sendSignal(pid, signal);
    if (signal === "SIGCONT") this.#wakeEntrances();
  }

  /**
   * nsenter stops itself when it sees its command stopped, and no one wakes it. It may see that only after the command
   * goes on, so it is woken until it ends. Source: continue_as_child() of util-linux
   */
  #wakeEntrances(entrances: readonly number[] = [...this.#entrances]): void {
    clearTimeout(this.#waking);
    const running = entrances.filter((pid) => this.#entrances.has(pid));
    for (const pid of running) sendSignal(pid, "SIGCONT");
    if (running.length > 0) this.#waking = setTimeout(() => this.#wakeEntrances(running), wakingMs).unref();
  }

  /** Runs a command in the container, with the environment of its first process. */
  exec(command: readonly string[], { timeoutSeconds = 30, environment = {} }: ExecOptions = {}): Promise<ExecResult> {
    const { pid } = this;
    if (pid === undefined) return Promise.resolve({ stdout: "", stderr: "container is not running", code: 137 });
    const inside = 'cd /app && unset OLDPWD && exec timeout -s KILL "$@"';
    return new Promise((resolve) => {
      const child = spawn(
        nsenter,
        [
          ...["--target", String(pid), "--mount", "--uts", "--ipc", "--net", "--pid", "--"],
          ...[shell, "-c", inside, "exec", String(timeoutSeconds), ...command],
        ],
        { env: { ...this.environment, ...environment }, stdio: ["ignore", "pipe", "pipe"] },
      );
      const { pid: entrance } = child;
      if (entrance !== undefined) {
        this.#entrances.add(entrance);
        child.once("exit", () => this.#entrances.delete(entrance));
      }
      const result = { stdout: "", stderr: "" };
      for (const stream of ["stdout", "stderr"] as const) {
        child[stream].setEncoding("utf8").on("data", (text: string) => (result[stream] += text));
      }
      child.once("error", (error) => resolve({ ...result, stderr: error.message, code: 126 }));
      child.once("close", (code, signal) => resolve({ ...result, code: exitStatus(code, signal).exitCode }));
    });
  }
}

function sendSignal(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(pid, signal);
  } catch {
    // It ended meanwhile.
  }
}

/** A shell gives 128 + the number for a child that a signal has ended, as Docker does. */
function exitStatus(code: number | null, killedBy: NodeJS.Signals | null): ExitStatus {
  const exitCode = code ?? 128 + (killedBy ? os.constants.signals[killedBy] : 0);
  const signal = Object.entries(os.constants.signals).find(([, number]) => number === exitCode - 128)?.[0];
  return { exitCode, ...(signal ? { signal } : {}), finishedAt: new Date().toISOString() };
}

function checkOrder({ folder, command, volumes = [] }: ContainerOrder): void {
  if (!path.isAbsolute(folder) || !statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error(`CannotPullContainerError: the image's folder "${folder}" does not exist.`);
  }
  if (command.length === 0) throw new Error("CannotStartContainerError: no command specified");
  const wrong = volumes.find((volume) => !path.isAbsolute(volume) || volume.includes("\n"));
  if (wrong !== undefined) throw new Error(`CannotStartContainerError: the volume's path "${wrong}" is not absolute.`);
}

/** Files that Fargate's agent writes into every container. */
function etcOf({ address, hostname, resolver }: ContainerPlace): Record<string, string> {
  return {
    "resolv.conf": `nameserver ${resolver}\n`,
    hosts: `127.0.0.1 localhost\n${address} ${hostname}\n`,
    hostname: `${hostname}\n`,
  };
}
