import type { HistorySettings, Invariant, Violation } from "../history";
import { nameOf, type ReplayedNode, replay } from "../replay";

/** Nobody else gets in. */
export const membersOnly: Invariant = {
  name: "members-only",
  says: "Nodes connect only to nodes of their own cluster and, where versions are apart, of their own version.",
  violations(history) {
    const found: Violation[] = [];
    replay(history, (event, state) => {
      if (event.kind !== "connect") return;
      const node = state.nodes.get(event.task);
      if (!node) return;
      const why = untrusted(node, state.at(event.peer), history.settings);
      if (why) found.push({ at: event.at, text: `${nameOf(node)} is connected to ${event.peer}, ${why}` });
    });
    return found;
  },
};

function untrusted(node: ReplayedNode, peer: ReplayedNode | undefined, settings: HistorySettings): string | undefined {
  if (!peer) return "an address that no task has";
  const kept = [node, peer].find(({ service }) => settings.apart.includes(service));
  if (kept) return `and ${kept.service} must connect to no other`;
  const clusterOf = ({ service }: ReplayedNode) => settings.clusters.findIndex((names) => names.includes(service));
  const [own, other] = [clusterOf(node), clusterOf(peer)];
  if (own !== other && own >= 0 && other >= 0) return `of ${peer.service}, which is in another cluster`;
  if (node.version !== undefined && peer.version !== undefined && node.version !== peer.version)
    return `of version ${peer.version}, and is of version ${node.version} itself`;
  return undefined;
}
