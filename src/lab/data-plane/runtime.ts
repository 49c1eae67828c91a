import { mkdirSync } from "node:fs";
import path from "node:path";
import type {
  AgentAnswer,
  Container,
  ContainerSpec,
  ExecOptions,
  ExitStatus,
  Faults,
  Task,
  TaskAgent,
  TaskRuntime,
  TaskRuntimeOptions,
  TaskSpec,
} from "./data-plane";
import { ContainerOutput } from "./task/container-output";
import { forward } from "./connections/forwarding";
import { Outbound } from "./connections/outbound";
import { bothOf } from "./faults/faults";
import { hostPid } from "./sandbox/host-process";
import { sandboxSupport } from "./sandbox/requirements";
import { Sandbox } from "./sandbox/sandbox";
import { findTool } from "./vpc/machine";
import type { AgentRequest } from "./vpc/protocol";

/** A container as the sandbox reports it. */
class SandboxedContainer implements Container {
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

/** What a task's agent answers; an agent that fails answers as ECS's does when it can't reach ECS. */
async function answerAgent(agent: TaskAgent | undefined, { body }: AgentRequest): Promise<AgentAnswer> {
  const error = (message: string) => ({ status: 500, body: { error: { Code: "ServerException", Message: message } } });
  if (!agent) return error("This task has no agent.");
  return agent.taskProtection(body).catch((failed: Error) => error(failed.message));
}

/**
 * Makes the VPC on this machine: a sandbox whose network namespace is its router, with resolver and metadata endpoint.
 * @throws Error that says what this machine lacks, or which CIDR block is none.
 */
export async function startTaskRuntime(options: TaskRuntimeOptions): Promise<TaskRuntime> {
  const { logFolder, onNetwork } = options;
  if (logFolder) mkdirSync(logFolder, { recursive: true });
  const containers = new Map<string, SandboxedContainer>();
  const agents = new Map<string, TaskAgent>();
  const outbound = new Outbound();
  const sandbox: Sandbox = await Sandbox.start((event, handle) => {
    if ("accepted" in event) return outbound.connect(event, handle!);
    if ("answerTo" in event) {
      onNetwork?.({ kind: "answer", to: event.answerTo, name: event.name, addresses: event.addresses });
      return;
    }
    if ("agentRequest" in event) {
      void answerAgent(agents.get(event.taskId), event).then((answer) =>
        sandbox.call("answerAgent", event.agentRequest, answer).catch(() => undefined),
      );
      return;
    }
    const container = containers.get(`${event.taskId}/${event.container}`);
    if ("output" in event) container?.output.write(event.output, event.stream);
    else container?.exit(event.exited);
  });

  const startContainer = async (taskId: string, spec: ContainerSpec): Promise<Container> => {
    const key = `${taskId}/${spec.name}`;
    const container = new SandboxedContainer(sandbox, taskId, spec, logFolder);
    const before = containers.get(key);
    containers.set(key, container);
    const { onOutput: _, ...order } = spec;
    try {
      container.startedAt = (await sandbox.call("startContainer", taskId, order)).startedAt;
    } catch (error) {
      // What runs under that name goes on being heard.
      if (before) containers.set(key, before);
      else containers.delete(key);
      throw error;
    }
    return container;
  };

  const createTask = async (spec: TaskSpec, agent?: TaskAgent): Promise<Task> => {
    await sandbox.call("createTask", spec);
    if (agent) agents.set(spec.id, agent);
    return {
      spec,
      startContainer: (container) => startContainer(spec.id, container),
      describe: (status) => sandbox.call("describeTask", spec.id, status),
      forward: (port, hostPort) =>
        forward(hostPort ?? 0, (socket) => sandbox.connect(socket, { taskId: spec.id, port })),
      remove: async () => {
        await sandbox.call("removeTask", spec.id);
        agents.delete(spec.id);
        for (const key of containers.keys()) if (key.startsWith(`${spec.id}/`)) containers.delete(key);
      },
    };
  };

  let inForce: Faults = {};
  try {
    const { vpcCidrs, region } = options;
    return {
      abilities: await sandbox.call("open", { vpcCidrs, region }),
      closed: sandbox.closed,
      createTask,
      applySecurityGroups: (groups) => sandbox.call("applySecurityGroups", groups),
      assignSecurityGroups: (assignments) => sandbox.call("assignSecurityGroups", assignments),
      applySubnets: (subnets) => sandbox.call("applySubnets", subnets),
      applyZones: (zones) => sandbox.call("applyZones", zones),
      applyLoadBalancers: (loadBalancers) => sandbox.call("applyLoadBalancers", loadBalancers),
      applyDestinations: (destinations, onUnreachable) => {
        outbound.destinations = destinations;
        outbound.onUnreachable = onUnreachable;
        return sandbox.call("applyDestinations", destinations);
      },
      checkTarget: (id, check) => sandbox.call("checkTarget", id, check),
      forwardToLoadBalancer: (loadBalancer, port, hostPort) =>
        forward(hostPort ?? 0, (socket) => sandbox.connect(socket, { loadBalancer, port })),
      applyFaults: async (faults) => {
        // Reported before as well as after: what happens while they are applied has them as its cause.
        onNetwork?.({ kind: "faults", faults: bothOf(inForce, faults) });
        await sandbox.call("applyFaults", faults);
        inForce = faults;
        onNetwork?.({ kind: "faults", faults });
      },
      configureResolver: (resolver) => sandbox.call("configureResolver", resolver),
      counters: () => sandbox.call("counters"),
      probe: (probes, milliseconds) => sandbox.call("probe", probes, milliseconds),
      capture: async () => {
        await sandbox.call("startCapture");
        return (sought) => sandbox.call("endCapture", sought);
      },
      statistics: () => sandbox.call("statistics"),
      close: () => sandbox.close(),
    };
  } catch (error) {
    await sandbox.close();
    throw error;
  }
}
