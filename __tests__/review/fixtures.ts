import { readFileSync } from "node:fs";
import path from "node:path";
import { reviewPlan, type Review, type ReviewOptions } from "../../src/review/review";

/** The text of a plan in the fixtures. */
export function planText(name: "guide" | "modules" | "counted" | "changed" | "registry" | "dynamic"): string {
  return readFileSync(path.join(__dirname, "../fixtures/review", name, "plan.json"), "utf8");
}

export function reviewFixture(name: Parameters<typeof planText>[0], options?: ReviewOptions): Review {
  return reviewPlan(JSON.parse(planText(name)), options);
}

/** State and reasons of each pair, by `from→to`. */
export function pairsOf({ matrix }: Review): Record<string, readonly string[]> {
  return Object.fromEntries(
    matrix.pairs.map(({ from, to, state, reasons }) => [
      `${from.name}→${to.name}`,
      [state, ...reasons.map(({ text }) => text)],
    ]),
  );
}
