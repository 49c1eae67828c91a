import type { History, InvariantName, Violation } from "./history";
import { invariants } from "./invariants";

/** A violation, and of which invariant. */
export interface Broken extends Violation {
  readonly invariant: InvariantName;
}

/** Every violation of every invariant, in order of time. */
export function checkHistory(history: History): Broken[] {
  return invariants
    .flatMap(({ name, violations }) => violations(history).map((violation) => ({ ...violation, invariant: name })))
    .sort((one, other) => one.at - other.at);
}
