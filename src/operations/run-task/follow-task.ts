import { setTimeout as pause } from "node:timers/promises";
import { StopTaskCommand } from "@aws-sdk/client-ecs";
import type { Aws } from "../../aws/sdk/clients";
import { UserError } from "../../user-error";
import { LogStream, logStreamOf } from "../log-stream";
import { type EcsTask, ecsTasks } from "../tasks";
import type { StartedTask } from "./start-task";

/** Milliseconds between two looks: the first, by which factor each grows, and the longest. */
const interval = { first: 250, growth: 1.5, longest: 2000 };

/** Looks in a row that may not find a task: the API is eventually consistent. */
const missingLooks = 10;

/** Who follows a task. */
export interface Follower {
  /** Gets each line of its container, as it was written. */
  onLine(line: string): void;
  /** Gets each status, such as `PENDING`. */
  onStatus(status: string): void;
  /** Awaited before each look. */
  hold?(): Promise<unknown> | undefined;
}

/**
 * Follows a task to its end.
 *
 * @returns the stopped task. @throws UserError when ECS doesn't know it.
 */
export async function followTask(
  aws: Aws,
  cluster: string,
  { id, container }: StartedTask,
  { onLine, onStatus, hold }: Follower,
): Promise<EcsTask> {
  const stream = logStreamOf(container, id, aws.region);
  const log = stream && new LogStream(aws.logs, stream);
  const printNew = async () => {
    const events = (await log?.next()) ?? [];
    for (const { message } of events) onLine(message);
    return events.length > 0;
  };
  let status: string | undefined;
  let missed = 0;
  for (let wait = interval.first; ; wait = Math.min(wait * interval.growth, interval.longest)) {
    await hold?.();
    const [task] = await ecsTasks(aws, cluster, [id]);
    if (task && task.status !== status) onStatus((status = task.status));
    missed = task ? 0 : missed + 1;
    if (missed > missingLooks) throw new UserError(`ECS doesn't know the task ${id} any more.`);
    await printNew();
    if (task?.status === "STOPPED") {
      // Its last lines may arrive a moment later.
      do await pause(interval.first * 2);
      while (await printNew());
      return task;
    }
    await pause(wait);
  }
}

/** Asks ECS to stop a task: its containers get SIGTERM, and SIGKILL after their stop timeout. */
export async function stopTask({ ecs }: Aws, cluster: string, task: string): Promise<void> {
  await ecs.send(new StopTaskCommand({ cluster, task, reason: "npm run task was interrupted" }));
}
