import { cookieVariable } from "../../../containers/variables";
import type { EcsTask } from "../../tasks";
import type { Observation } from "../observation";
import { counted, error, type Finding, note } from "./finding";

/**
 * The tasks that started before the value of a variable was last changed. ECS reads the value when it starts a task, so they
 * have the old one.
 */
export function olderTasks({ service, tasks }: Observation, variable: string, changed: Date | undefined): Finding[] {
  if (changed === undefined) return [];
  const older = tasks.filter(({ startedAt }: EcsTask) => startedAt !== undefined && startedAt < changed);
  if (older.length === 0) return [];
  const text = `${counted(older.length, "task")} started before ${variable} was last changed (${changed.toISOString()})`;
  if (variable !== cookieVariable) return [note(service.name, text)];
  const advice = "docs/secrets.md has the order of steps";
  return [error(service.name, `${text}: nodes with the old and the new cookie refuse each other`, advice)];
}
