import type { History, HistoryEvent } from "./history";
import { Replay, type ReplayedNode } from "./replay";

/** A time in which something was so of two nodes. */
export interface Gap {
  readonly one: ReplayedNode;
  readonly other: ReplayedNode;
  readonly from: number;
  readonly to: number;
  /** Whether these two had not reported each other before it. */
  readonly isFirst: boolean;
}

/**
 * The times in which a condition holds of two nodes, each pair once; what still holds at the end ends with the history.
 * @param condition symmetric, and of the two nodes alone
 */
export function gapsIn(history: History, condition: (one: ReplayedNode, other: ReplayedNode) => boolean): Gap[] {
  const state = new Replay();
  const open = new Map<string, Omit<Gap, "to">>();
  const met = new Set<string>();
  const gaps: Gap[] = [];
  for (const event of history.events) {
    state.apply(event);
    for (const [one, other] of pairsOf(event, state)) {
      const key = [one.task, other.task].sort().join(" ");
      const gap = open.get(key);
      const holds = condition(one, other);
      if (holds && !gap) open.set(key, { one, other, from: event.at, isFirst: !met.has(key) });
      if (!holds && gap) {
        gaps.push({ ...gap, to: event.at });
        open.delete(key);
      }
      if (event.kind === "connect" && other.peers.has(one.address ?? "")) met.add(key);
    }
  }
  return [...gaps, ...[...open.values()].map((gap) => ({ ...gap, to: history.to }))];
}

/** The pairs whose condition an event may change. */
function pairsOf(event: HistoryEvent, state: Replay): [ReplayedNode, ReplayedNode][] {
  if (!("task" in event)) return [];
  const node = state.nodes.get(event.task);
  if (!node) return [];
  if (event.kind === "connect" || event.kind === "disconnect") {
    const peer = state.at(event.peer);
    return peer && peer !== node ? [[node, peer]] : [];
  }
  return [...state.nodes.values()].filter((other) => other !== node).map((other) => [node, other]);
}
