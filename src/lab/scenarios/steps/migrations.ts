import type { ContainerDefinition } from "@aws-sdk/client-ecs";
import { initContainerName } from "../../../containers/node-container";
import type { LabEvent } from "../../lab-event";

/** The service whose migrations are watched. */
export const migratedService = "myapp";
const container = initContainerName(migratedService);

/** With what a migration fails. */
export const failureReason = "column already exists";

/** A migration that succeeds, in the place of `Shop.Release.migrate()`, or one that fails. */
export const migrationOf = (version: number | "fails"): string[] => [
  "eval",
  version === "fails" ? `raise "${failureReason}"` : `IO.puts("migrated to ${version} by #{node()}")`,
];

/** What such a migration prints, in a container without a node. */
const lineOf = (version: number) => `migrated to ${version} by nonode@nohost`;

/** Changes the command of a task definition's migration; for `AppliedChanges.revise`. */
export const withCommand =
  (command: string[]) =>
  (each: ContainerDefinition): ContainerDefinition =>
    each.name === container ? { ...each, command } : each;

/** As {@link withCommand}, with {@link migrationOf} a version. */
export const withMigration = (version: number | "fails") => withCommand(migrationOf(version));

/** What tasks do from their start on. */
export class MigrationWatch {
  /** What ECS says of failed deployments, in its words. */
  readonly said: string[] = [];
  /** What the lab shows of tasks that failed to start. */
  readonly shown: string[] = [];
  readonly #failed = new Set<string>();
  readonly #nodes = new Set<string>();
  readonly #migrations = new Map<string, string>();

  /** Takes an event of the lab. */
  readonly take = (event: LabEvent): void => {
    if (event.kind === "problem") this.shown.push(event.message);
    if (event.kind === "service" && /circuit|rolling back|failed/.test(event.message)) this.said.push(event.message);
    if (event.kind === "task" && event.end?.stopCode === "TaskFailedToStart" && event.exitCodes[container] === 1)
      this.#failed.add(event.taskId);
    if (event.kind !== "output") return;
    if (event.container === migratedService) this.#nodes.add(event.taskId);
    else if (!this.#nodes.has(event.taskId)) this.#migrations.set(event.taskId, event.line);
  };

  /** Tasks whose migration failed. */
  get failedTasks(): number {
    return this.#failed.size;
  }

  /** Those of them whose node said anything. */
  get failedTasksWithNode(): number {
    return [...this.#failed].filter((id) => this.#nodes.has(id)).length;
  }

  /** Whether a task ran this migration before its node said anything. */
  migratedBeforeNode(taskId: string, version: number): boolean {
    return this.#migrations.get(taskId) === lineOf(version) && this.#nodes.has(taskId);
  }
}
