import { spawn, type ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import path from "node:path";
import { projectRoot } from "../../../project-root";
import { sandboxNamespaces, sandboxSupport } from "./requirements";
import { findTool, toolPath } from "../vpc/machine";
import type { Accepted, ConnectionTarget, FromSandbox, ToSandbox, VpcCalls } from "../vpc/protocol";

/** Mounts that are the sandbox's own, before the process in it starts: nothing of the machine's `/run` is seen or touched. */
const prelude = 'mount -t tmpfs tmpfs /run && exec "$@"';

/** Source of the process in the sandbox, from the project's root; bundled on its first start. */
const entry = "src/lab/data-plane/vpc/main.ts";

/** What happens in the sandbox; a connection comes with its socket. */
type Event = Extract<FromSandbox, { taskId: string } | { answerTo: string } | Accepted>;
type Listener = (event: Event, handle?: Socket) => void;

interface Waiting {
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A tree of namespaces with one process in it that carries out calls. The tree ends with `close()`, and when this
 * process ends in any way, SIGKILL included: the channel closes, the sandbox's first process ends, and the kernel takes
 * everything along that was in its namespaces.
 */
export class Sandbox {
  /** Settled when it is gone: `undefined` after `close()`, else the reason. */
  readonly closed: Promise<Error | undefined>;
  private readonly waiting = new Map<number, Waiting>();
  private calls = 0;
  private closing = false;
  private end: Error | undefined;

  private constructor(
    private readonly child: ChildProcess,
    listener: Listener,
  ) {
    let stderr = "";
    child.stderr?.on("data", (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-4096)));
    child.on("message", (message: FromSandbox, handle?: Socket) => {
      if ("taskId" in message || "answerTo" in message || "accepted" in message) listener(message, handle);
      else if ("call" in message) this.settle(message);
    });
    this.closed = new Promise((resolve) => {
      const ended = (why: string) => {
        this.end ??= new Error(`The lab's sandbox has ended (${why}).${stderr ? `\n${stderr.trim()}` : ""}`);
        for (const { reject } of this.waiting.values()) reject(this.end);
        this.waiting.clear();
        resolve(this.closing ? undefined : this.end);
      };
      child.once("error", (error) => ended(error.message));
      // Not "close": Node does not emit that after a disconnect. What it said last may come after its exit.
      child.once("exit", (code, signal) => {
        const why = signal ?? `exit code ${code}`;
        if (!child.stderr || child.stderr.closed) ended(why);
        else child.stderr.once("close", () => ended(why));
      });
    });
  }

  /** @throws Error that says what this machine lacks. */
  static async start(listener: Listener): Promise<Sandbox> {
    const support = sandboxSupport();
    if ("missing" in support) throw new Error(support.missing);
    const child = spawn(
      findTool("unshare") ?? "unshare",
      [
        ...[...support.way, ...sandboxNamespaces, "sh", "-c", prelude, "sandbox"],
        ...[process.execPath, path.join(projectRoot, "bin", "run.mjs"), entry],
      ],
      {
        cwd: projectRoot,
        env: { ...process.env, PATH: toolPath, NODE_OPTIONS: "" },
        stdio: ["ignore", "ignore", "pipe", "ipc"],
        // Ctrl-C in the terminal is for this process alone, which then closes the sandbox in order.
        detached: true,
      },
    );
    const sandbox = new Sandbox(child, listener);
    await new Promise<void>((resolve, reject) => {
      child.once("message", () => resolve());
      void sandbox.closed.then((error) => reject(error ?? new Error("The sandbox was closed.")));
    });
    return sandbox;
  }

  /** The host's id of its `unshare`, the parent of everything in it. */
  get pid(): number {
    return this.child.pid ?? 0;
  }

  call<Method extends keyof VpcCalls>(
    method: Method,
    ...args: Parameters<VpcCalls[Method]>
  ): Promise<Awaited<ReturnType<VpcCalls[Method]>>> {
    return new Promise((resolve, reject) => {
      if (this.end) return reject(this.end);
      const call = ++this.calls;
      this.waiting.set(call, { resolve, reject });
      this.send({ call, method, args });
    });
  }

  /** Hands a connection over: from then on it leads to a port of a task or a load balancer. */
  connect(socket: Socket, target: ConnectionTarget): void {
    if (this.end) socket.destroy();
    else this.send({ connect: target }, socket);
  }

  async close(): Promise<void> {
    this.closing = true;
    if (this.child.connected) this.child.disconnect();
    await this.closed;
  }

  private send(message: ToSandbox, handle?: Socket): void {
    // A failure to send is its end, and that settles all calls.
    this.child.send(message, handle, {}, () => undefined);
  }

  private settle({ call, result, error }: Extract<FromSandbox, { call: number }>): void {
    const waiting = this.waiting.get(call);
    this.waiting.delete(call);
    if (error === undefined) waiting?.resolve(result as never);
    else waiting?.reject(new Error(error));
  }
}
