import type { History } from "./history";
import { areLinked, isLiving, type ReplayedNode, replay } from "./replay";

/**
 * Which nodes are members of one mesh: services, and versions of them, of which two nodes have ever been connected in this
 * history, directly or through others. Whether services can connect at all is for each scenario to say; from the first
 * connection on, Erlang promises that all of their nodes do.
 */
export function membersIn(history: Pick<History, "events">): (one: ReplayedNode, other: ReplayedNode) => boolean {
  const parents = new Map<string, string>();
  const rootOf = (key: string): string => {
    const parent = parents.get(key) ?? key;
    return parent === key ? key : rootOf(parent);
  };
  const connected = new Set<string>();
  replay(history, (event, state) => {
    if (event.kind !== "connect") return;
    const [node, peer] = [state.nodes.get(event.task), state.at(event.peer)];
    if (!node || !peer || !isLiving(node) || !isLiving(peer) || !areLinked(node, peer)) return;
    connected.add(keyOf(node)).add(keyOf(peer));
    parents.set(rootOf(keyOf(node)), rootOf(keyOf(peer)));
  });
  return (one, other) => connected.has(keyOf(one)) && rootOf(keyOf(one)) === rootOf(keyOf(other));
}

const keyOf = ({ service, version = "" }: ReplayedNode): string => `${service} ${version}`;
