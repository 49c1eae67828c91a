import type { AgentAnswer, Container, ContainerSpec, Task, TaskAgent, TaskSpec } from "../data-plane";
import { forward } from "../connections/forwarding";
import type { Sandbox } from "../sandbox/sandbox";
import type { AgentRequest, ContainerEvent } from "../vpc/protocol";
import { SandboxedContainer } from "./sandboxed-container";

/** The tasks of a sandbox, with their containers and agents. */
export class SandboxedTasks {
  readonly #containers = new Map<string, SandboxedContainer>();
  readonly #agents = new Map<string, TaskAgent>();

  constructor(
    private readonly sandbox: Sandbox,
    private readonly logFolder: string | undefined,
  ) {}

  async create(spec: TaskSpec, agent?: TaskAgent): Promise<Task> {
    const { id } = spec;
    await this.sandbox.call("createTask", spec);
    if (agent) this.#agents.set(id, agent);
    return {
      spec,
      startContainer: (container) => this.#startContainer(id, container),
      describe: (status) => this.sandbox.call("describeTask", id, status),
      forward: (port, hostPort) =>
        forward(hostPort ?? 0, (socket) => this.sandbox.connect(socket, { taskId: id, port })),
      remove: async () => {
        await this.sandbox.call("removeTask", id);
        this.#agents.delete(id);
        for (const key of this.#containers.keys()) if (key.startsWith(`${id}/`)) this.#containers.delete(key);
      },
    };
  }

  /** What a container wrote, or that it exited. */
  report(event: ContainerEvent): void {
    const container = this.#containers.get(`${event.taskId}/${event.container}`);
    if ("output" in event) container?.output.write(event.output, event.stream);
    else container?.exit(event.exited);
  }

  async answerAgent(request: AgentRequest): Promise<void> {
    const answer = await answerOf(this.#agents.get(request.taskId), request);
    // A sandbox that has ended needs no answer.
    await this.sandbox.call("answerAgent", request.agentRequest, answer).catch(() => undefined);
  }

  async #startContainer(taskId: string, spec: ContainerSpec): Promise<Container> {
    const key = `${taskId}/${spec.name}`;
    const container = new SandboxedContainer(this.sandbox, taskId, spec, this.logFolder);
    const before = this.#containers.get(key);
    this.#containers.set(key, container);
    const { onOutput: _, ...order } = spec;
    try {
      container.startedAt = (await this.sandbox.call("startContainer", taskId, order)).startedAt;
    } catch (error) {
      // What runs under that name goes on being heard.
      if (before) this.#containers.set(key, before);
      else this.#containers.delete(key);
      throw error;
    }
    return container;
  }
}

/** What a task's agent answers; an agent that fails answers as ECS's does when it can't reach ECS. */
async function answerOf(agent: TaskAgent | undefined, { body }: AgentRequest): Promise<AgentAnswer> {
  const error = (message: string) => ({ status: 500, body: { error: { Code: "ServerException", Message: message } } });
  if (!agent) return error("This task has no agent.");
  return agent.taskProtection(body).catch((failed: Error) => error(failed.message));
}
