import { modelBounds } from "../bounds";
import { breaksLinks, faultSpans, wasInForce } from "../fault-spans";
import type { Invariant } from "../history";
import { nameOf, type ReplayedNode, replay } from "../replay";

/** A deployment, a scale-in, a killed task, a fault of DNS: none of them costs the others a connection. */
export const noLossWithoutCause: Invariant = {
  name: "no-loss-without-cause",
  says: "Two running nodes lose their connection only if packets are lost or a node is frozen: not by deployments, other nodes or DNS.",
  violations(history) {
    const { heal, cleanLeave } = modelBounds(history.settings);
    const spans = faultSpans(history, breaksLinks);
    const losses: { at: number; node: ReplayedNode; peer: ReplayedNode; reason: string }[] = [];
    replay(history, (event, state) => {
      if (event.kind !== "disconnect") return;
      const [node, peer] = [state.nodes.get(event.task), state.at(event.peer)];
      if (node && peer) losses.push({ at: event.at, node, peer, reason: event.reason });
    });
    // Peers may report a node's end before ECS does.
    const leaves = (at: number, { leftAt = Infinity, stoppedAt = Infinity }: ReplayedNode) =>
      Math.min(leftAt, stoppedAt) <= at + cleanLeave * 1000;
    const lastMs = history.to - cleanLeave * 1000;
    return losses
      .filter(({ at, node, peer }) => at <= lastMs && !leaves(at, node) && !leaves(at, peer))
      .filter(({ at }) => !wasInForce(spans, at, at, heal * 1000))
      .map(({ at, node, peer, reason }) => ({
        at,
        text: `${nameOf(node)} lost ${nameOf(peer)} (${reason}) without a cause`,
      }));
  },
};
