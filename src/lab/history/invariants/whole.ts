import { modelBounds } from "../bounds";
import { breaksDns, breaksLinks, extended, faultSpans } from "../fault-spans";
import type { History, Invariant, Violation } from "../history";
import { membersIn } from "../members";
import { type Gap, gapsIn } from "../pairs";
import { areLinked, inSeconds, isLiving, nameOf } from "../replay";

/** The mesh forms, takes newcomers in, and heals. */
export const whole: Invariant = {
  name: "whole",
  says: "Any two members are connected: soon after the younger one's start, and again soon after the last fault.",
  violations(history) {
    const areMembers = membersIn(history);
    const gaps = gapsIn(
      history,
      (one, other) => isLiving(one) && isLiving(other) && areMembers(one, other) && !areLinked(one, other),
    );
    const deadlineOf = deadlines(history);
    return gaps.flatMap((gap) => {
      const deadline = deadlineOf(gap);
      return gap.to > deadline ? [violation(gap, deadline)] : [];
    });
  },
};

function deadlines(history: History): (gap: Gap) => number {
  const { join, heal } = modelBounds(history.settings);
  const linkFaults = faultSpans(history, breaksLinks);
  const dnsFaults = faultSpans(history, breaksDns);
  return ({ from, isFirst }) => {
    const own = from + (isFirst ? join : heal) * 1000;
    const afterLinks = extended(own, from, linkFaults, heal * 1000);
    const afterDns = extended(afterLinks, from, dnsFaults, join * 1000);
    return extended(afterDns, from, linkFaults, heal * 1000);
  };
}

const violation = ({ one, other, from, to, isFirst }: Gap, deadline: number): Violation => ({
  at: deadline,
  text:
    `${nameOf(one)} and ${nameOf(other)} ${isFirst ? "found each other" : "were connected again"} after ` +
    `${inSeconds(to - from)} or later, allowed: ${inSeconds(deadline - from)}`,
});
