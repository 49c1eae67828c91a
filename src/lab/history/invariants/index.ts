import type { Invariant } from "../history";
import { bothEnds } from "./both-ends";
import { deadForgotten } from "./dead-forgotten";
import { dnsAnswers } from "./dns-answers";
import { inOrder } from "./in-order";
import { membersOnly } from "./members-only";
import { noLossWithoutCause } from "./no-loss-without-cause";
import { whole } from "./whole";

/** The model of one mesh: what every history must fulfil. docs/model.md says the same in words. */
export const invariants: readonly Invariant[] = [
  membersOnly,
  whole,
  noLossWithoutCause,
  deadForgotten,
  bothEnds,
  dnsAnswers,
  inOrder,
];
