import { modelBounds } from "../bounds";
import { extended, faultSpans, freezes } from "../fault-spans";
import type { Invariant } from "../history";
import { gapsIn } from "../pairs";
import { inSeconds, isLiving, nameOf, type ReplayedNode } from "../replay";

/** A connection has two ends. */
export const bothEnds: Invariant = {
  name: "both-ends",
  says: "If a node reports a connection, the other end reports it too, or the first notices within net_ticktime.",
  violations(history) {
    const { notice, cleanLeave } = modelBounds(history.settings);
    const frozen = faultSpans(history, freezes);
    const allowed = (notice + cleanLeave) * 1000;
    return gapsIn(history, oneSided)
      .map((gap) => ({ ...gap, deadline: extended(gap.from + allowed, gap.from, frozen, allowed) }))
      .filter(({ to, deadline }) => to > deadline)
      .map(({ one, other, from, to, deadline }) => ({
        at: deadline,
        text: `only one of ${nameOf(one)} and ${nameOf(other)} reported the other for ${inSeconds(to - from)}`,
      }));
  },
};

const oneSided = (one: ReplayedNode, other: ReplayedNode): boolean =>
  isLiving(one) && isLiving(other) && one.peers.has(other.address!) !== other.peers.has(one.address!);
