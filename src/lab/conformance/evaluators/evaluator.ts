import type { Layout } from "../../../conformance/layout";
import type { Tried } from "../attempts";

/** What an evaluator says of one attempt. */
export type Verdict = boolean | "unknown";

/** Someone who says of each attempt whether its packets pass, without knowing what the others say. */
export interface Evaluator {
  readonly name: string;
  verdicts(layout: Layout, attempts: readonly Tried[]): Promise<readonly Verdict[]>;
}
