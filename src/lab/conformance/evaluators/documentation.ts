import { evaluate } from "../../../conformance/evaluate";
import type { Evaluator } from "./evaluator";

/** AWS's documentation, through an evaluator that shares nothing with the lab and the review. */
export const documentation: Evaluator = {
  name: "documentation",
  verdicts: async (layout, attempts) => attempts.map((attempt) => evaluate(layout, attempt)),
};
