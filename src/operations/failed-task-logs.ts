import { DescribeTaskDefinitionCommand, type TaskDefinition } from "@aws-sdk/client-ecs";
import type { Aws } from "../aws/sdk/clients";
import { awsFailure } from "./aws-failure";
import { lastLogLines } from "./task-logs";
import type { EcsTask } from "./tasks";

/** The logs of tasks, if permissions allow. */
export class FailedTaskLogs {
  readonly #definitions = new Map<string, Promise<TaskDefinition | undefined>>();
  readonly #refused = new Set<string>();

  constructor(private readonly aws: Aws) {}

  /** Why logs or task definitions couldn't be read. */
  get refused(): readonly string[] {
    return [...this.#refused];
  }

  /** The last lines of the containers of a task that ended with an error, or of all if that is unknown. */
  async of(
    taskDefinition: string | undefined,
    taskId: string,
    containers: EcsTask["containers"] = [],
  ): Promise<string[]> {
    if (taskDefinition === undefined) return [];
    const failed = containers.filter(({ exitCode, reason }) => (exitCode ?? 0) !== 0 || reason !== undefined);
    const wanted = (failed.length > 0 ? failed : containers).map(({ name }) => name);
    try {
      const definition = await this.#definition(taskDefinition);
      const lines: string[] = [];
      for (const container of definition?.containerDefinitions ?? []) {
        if (wanted.length > 0 && !wanted.includes(container.name!)) continue;
        const last = await lastLogLines(this.aws, container, taskId);
        if (last.length > 0)
          lines.push(`last lines of ${container.name} in ${taskId}:`, ...last.map((one) => `  ${one}`));
      }
      return lines;
    } catch (failure) {
      this.#refuse(failure);
      return [];
    }
  }

  /** A task definition, asked for once; `undefined` when permissions don't allow it. */
  async definition(taskDefinition: string): Promise<TaskDefinition | undefined> {
    try {
      return await this.#definition(taskDefinition);
    } catch (failure) {
      this.#refuse(failure);
      return undefined;
    }
  }

  #refuse(failure: unknown): void {
    const why = awsFailure(failure);
    if (why === undefined) throw failure;
    this.#refused.add(why);
  }

  #definition(taskDefinition: string): Promise<TaskDefinition | undefined> {
    const known =
      this.#definitions.get(taskDefinition) ??
      this.aws.ecs
        .send(new DescribeTaskDefinitionCommand({ taskDefinition }))
        .then((described) => described.taskDefinition);
    this.#definitions.set(taskDefinition, known);
    return known;
  }
}
