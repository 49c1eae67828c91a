import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { projectRoot } from "../../../../project-root";
import type { Captured, Sought } from "../../packets/captured";

/** Reads on the router what tasks send to each other. */
export class Capture {
  private constructor(
    private readonly child: ChildProcessWithoutNullStreams,
    private readonly lines: AsyncIterator<string>,
  ) {}

  /** @throws Error when this machine has no Python 3, or no packet sockets. */
  static async start(): Promise<Capture> {
    const script = path.join(projectRoot, "src", "lab", "data-plane", "vpc", "network", "capture.py");
    const child = spawn("python3", [script], { stdio: ["pipe", "pipe", "pipe"] });
    let complaint = "";
    child.stderr.on("data", (chunk: Buffer) => (complaint += chunk.toString()));
    const ended = once(child, "exit").then(() => ({ done: true }) as const);
    const failed = new Promise<never>((_, reject) => child.once("error", reject));
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const first = await Promise.race([lines.next(), ended, failed]);
    if (first.done) throw new Error(`Packets can't be captured: ${complaint.trim()}`);
    return new Capture(child, lines);
  }

  /** Ends it. @returns what was found in all that was sent since its start */
  async end(sought: Sought): Promise<Captured> {
    this.child.stdin.write(`${JSON.stringify(sought)}\n`);
    const { value } = await this.lines.next();
    return JSON.parse(value as string) as Captured;
  }
}
