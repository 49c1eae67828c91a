import type { FargateTask } from "../control-plane/task/fargate-task";

/** Lines that are shown of each task, and tasks that are shown. */
const [maxLines, maxTasks] = [8, 5];

/** What ECS last said of a service, and what its tasks wrote last. */
export const whyNotSteady = (service: WatchedService): string =>
  [service.lastStatusMessage, lastOutput(service.newestTasks)].filter(Boolean).join("\n");

interface WatchedService {
  readonly lastStatusMessage: string | undefined;
  readonly newestTasks: readonly FargateTask[];
}

/** What tasks wrote last, for the message of a failure; empty where there is none. */
export function lastOutput(tasks: readonly FargateTask[]): string {
  const shown = tasks.slice(0, maxTasks).map(ofOne);
  const more = tasks.length - shown.length;
  return [...shown, ...(more > 0 ? [`and of ${more} more tasks, not shown`] : [])].join("\n");
}

function ofOne(task: FargateTask): string {
  const { id, order, networkInterface, status, health, end } = task;
  const about = [order.serviceName, networkInterface?.address, status, health, end?.stoppedReason].filter(Boolean);
  const log = task.containers.telling?.running?.log() ?? "";
  const lines = log.split("\n").filter((line) => line.trim() !== "");
  const text = lines.length === 0 ? ["(nothing)"] : lines.slice(-maxLines);
  return [`Last output of task ${id.slice(0, 8)} (${about.join(", ")}):`, ...text.map((line) => `  ${line}`)].join(
    "\n",
  );
}
