import type { TaskStatus } from "../../control-plane/task/fargate-task";
import type { HistoryEvent, Invariant } from "../history";
import { inSeconds, nameOf, type Replay, replay } from "../replay";

/** A Spot interruption sends SIGTERM before the task is deregistered, anything else after: so either of the two comes first. */
const ranks: Readonly<Record<TaskStatus, number>> = {
  PROVISIONING: 0,
  PENDING: 1,
  ACTIVATING: 2,
  RUNNING: 3,
  DEACTIVATING: 4,
  STOPPING: 4,
  DEPROVISIONING: 5,
  STOPPED: 6,
};

/** What the other invariants rest on: the record itself makes sense. */
export const inOrder: Invariant = {
  name: "in-order",
  says: "Tasks go through ECS's states in order, and a node reports a peer as connected once before it reports it as gone.",
  violations(history) {
    const found: { at: number; text: string }[] = [];
    const states = new Map<string, TaskStatus>();
    const connected = new Set<string>();
    let last = 0;
    replay(history, (event, state) => {
      if (event.at < last) found.push({ at: event.at, text: `an event at ${inSeconds(event.at)} follows a later one` });
      last = Math.max(last, event.at);
      const text = event.kind === "task" ? wrongState(event, states) : wrongReport(event, connected, state);
      if (text !== undefined) found.push({ at: event.at, text });
    });
    return found;
  },
};

function wrongState(
  { task, service, status }: Extract<HistoryEvent, { kind: "task" }>,
  states: Map<string, TaskStatus>,
): string | undefined {
  const before = states.get(task) ?? status;
  states.set(task, status);
  return ranks[status] < ranks[before] ? `a task of ${service} is ${status} after ${before}` : undefined;
}

function wrongReport(event: HistoryEvent, connected: Set<string>, state: Replay): string | undefined {
  if (event.kind !== "connect" && event.kind !== "disconnect") return undefined;
  const key = `${event.task} ${event.peer}`;
  const was = connected.has(key);
  if (event.kind === "connect") connected.add(key);
  else connected.delete(key);
  const node = state.nodes.get(event.task);
  if (!node || node.stoppedAt !== undefined) return `${event.kind} of ${event.peer}, reported by no task that runs`;
  if (was === (event.kind === "connect")) {
    return `${nameOf(node)} reports ${event.peer} as ${was ? "connected twice" : "gone, and never had it"}`;
  }
  return undefined;
}
