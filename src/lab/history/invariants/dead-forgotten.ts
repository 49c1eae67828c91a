import { modelBounds } from "../bounds";
import { breaksLinks, extended, faultSpans } from "../fault-spans";
import type { Invariant } from "../history";
import { gapsIn } from "../pairs";
import { inSeconds, isLiving, nameOf, type ReplayedNode } from "../replay";

/** No node counts on one that is gone. */
export const deadForgotten: Invariant = {
  name: "dead-forgotten",
  says: "Peers notice the end of a node at once; if packets are lost, within net_ticktime.",
  violations(history) {
    const { notice, cleanLeave } = modelBounds(history.settings);
    const spans = faultSpans(history, breaksLinks);
    return gapsIn(history, remembersDead)
      .map((gap) => ({
        ...gap,
        deadline: extended(gap.from + cleanLeave * 1000, gap.from, spans, (notice + cleanLeave) * 1000),
      }))
      .filter(({ to, deadline }) => to > deadline)
      .map(({ one, other, from, to, deadline }) => ({
        at: deadline,
        text: `${nameOf(one)} and ${nameOf(other)}: the end of one was noticed after ${inSeconds(to - from)}`,
      }));
  },
};

const remembers = (living: ReplayedNode, dead: ReplayedNode): boolean =>
  isLiving(living) && dead.stoppedAt !== undefined && living.peers.has(dead.address!);

const remembersDead = (one: ReplayedNode, other: ReplayedNode): boolean =>
  remembers(one, other) || remembers(other, one);
