import { visible } from "../../foreign-text";
import type { FargateTask } from "../control-plane/task/fargate-task";
import type { Lab } from "../lab";

/** Characters of an id that are shown. */
const shownId = 8;

export const shortId = ({ id }: Pick<FargateTask, "id">): string => id.slice(0, shownId);

/** How a message names a task: `myapp 3f2a91bc (10.0.1.4)`. */
export const titleOf = (task: FargateTask): string =>
  `${task.order.serviceName} ${shortId(task)} (${task.networkInterface?.address ?? "no address yet"})`;

/**
 * The task that a text names: by its id or the beginning of it, its address, its node's name, or its service's name when the
 * service has one task.
 * @throws Error that names the tasks there are
 */
export function findTask(lab: Lab, text: string): FargateTask {
  const address = text.split("@").at(-1);
  const meanings: ((task: FargateTask) => boolean)[] = [
    ({ networkInterface }) => networkInterface?.address === address,
    ({ order }) => order.serviceName === text,
    ({ id }) => id.startsWith(text),
  ];
  const found = meanings.map((means) => lab.tasks.filter(means)).find(({ length }) => length > 0) ?? [];
  if (found.length === 1) return found[0]!;
  if (found.length > 1)
    throw new Error(`${text} is ${found.length} tasks. Which one: ${found.map(titleOf).join(", ")}?`);
  throw new Error(`There is no task ${text}. Tasks are: ${lab.tasks.map(titleOf).join(", ") || "none"}.`);
}

/** @throws Error when the task has no address yet */
export function addressOf(task: FargateTask): string {
  if (task.networkInterface) return task.networkInterface.address;
  throw new Error(`Task ${shortId(task)} is ${task.status}: it has no address yet.`);
}

/** Lines with their cells below each other. */
export function aligned(table: readonly (readonly string[])[]): string {
  const rows = table.map((row) => row.map(visible));
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
