import path from "node:path";
import type { Container, ContainerSpec, ExecOptions, ExitStatus } from "../data-plane";
import { hostPid } from "../sandbox/host-process";
import { sandboxSupport } from "../sandbox/requirements";
import type { Sandbox } from "../sandbox/sandbox";
import { findTool } from "../vpc/machine";
import { ContainerOutput } from "./container-output";

/** A container as the sandbox reports it. */
export class SandboxedContainer implements Container {
  readonly exited: Promise<ExitStatus>;
  readonly output: ContainerOutput;
  startedAt = "";
  private ended = false;
  private settle: (status: ExitStatus) => void = () => undefined;

  constructor(
    private readonly sandbox: Sandbox,
    private readonly taskId: string,
    readonly spec: ContainerSpec,
    logFolder: string | undefined,
  ) {
    this.exited = new Promise((resolve) => (this.settle = resolve));
    const file = logFolder && path.join(logFolder, `${taskId}-${spec.name}.log`);
    this.output = new ContainerOutput(spec.onOutput, file);
    // With the sandbox goes every container in it.
    void sandbox.closed.then(() =>
      this.exit({ exitCode: 137, signal: "SIGKILL", finishedAt: new Date().toISOString() }),
    );
  }

  exit(status: ExitStatus): void {
    if (this.ended) return;
    this.ended = true;
    void this.output.end().then(() => this.settle(status));
  }

  log(): string {
    return this.output.log;
  }

  async signal(signal: NodeJS.Signals): Promise<void> {
    if (!this.ended) await this.sandbox.call("signalContainer", this.taskId, this.spec.name, signal);
  }

  async stop(timeoutSeconds: number): Promise<ExitStatus> {
    await this.signal("SIGTERM");
    const kill = setTimeout(() => void this.signal("SIGKILL").catch(() => undefined), timeoutSeconds * 1000);
    const status = await this.exited;
    clearTimeout(kill);
    return status;
  }

  async exec(command: readonly string[], options: ExecOptions = {}) {
    if (this.ended) return { stdout: "", stderr: "container is not running", code: 137 };
    return this.sandbox.call("exec", this.taskId, this.spec.name, command, options);
  }

  async terminal(command: readonly string[]) {
    const inspection = this.ended
      ? undefined
      : await this.sandbox.call("inspectContainer", this.taskId, this.spec.name);
    const target = inspection && hostPid(this.sandbox.pid, inspection.pid);
    if (!inspection || target === undefined) {
      throw new Error(`Container "${this.spec.name}" of task ${this.taskId} does not run.`);
    }
    const support = sandboxSupport();
    const user = "way" in support && support.way.length > 0 ? ["--user", "--preserve-credentials"] : [];
    const namespaces = ["--mount", "--uts", "--ipc", "--net", "--pid"];
    return {
      file: findTool("nsenter") ?? "nsenter",
      args: [
        ...["--target", String(target), ...user, ...namespaces, "--"],
        ...["/bin/sh", "-c", 'cd /app && exec "$@"', "terminal", ...command],
      ],
      environment: { TERM: process.env.TERM ?? "xterm", ...inspection.environment },
    };
  }
}
