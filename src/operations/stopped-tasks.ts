import type { EcsTask } from "./tasks";

/** ECS's codes of unexpected stops. Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html */
const unexpected = ["TaskFailedToStart", "EssentialContainerExited", "SpotInterruption", "TerminationNotice"];

/** Whether neither a deployment nor a person stopped a task. */
export const isUnexpected = ({ stopCode, stopped }: EcsTask): boolean =>
  unexpected.includes(stopCode ?? "") || /health check/i.test(stopped ?? "");

/** Tasks that stopped for the same reason, the newest first. */
export interface StoppedForReason {
  readonly reason: string;
  readonly all: readonly [EcsTask, ...EcsTask[]];
}

/** Stopped tasks by their reason; reasons newest first. */
export function byReason(tasks: readonly EcsTask[]): StoppedForReason[] {
  const newestFirst = [...tasks].sort((a, b) => (b.stoppedAt?.getTime() ?? 0) - (a.stoppedAt?.getTime() ?? 0));
  const groups = new Map<string, [EcsTask, ...EcsTask[]]>();
  for (const task of newestFirst) {
    const reason = task.stopped ?? "no reason given";
    const group = groups.get(reason);
    if (group) group.push(task);
    else groups.set(reason, [task]);
  }
  return [...groups].map(([reason, all]) => ({ reason, all }));
}
