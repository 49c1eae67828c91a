import { reviewPlan } from "../../src/review/review";
import { layoutOf, mutations } from "./layouts";
import { dialAll, type Outcome } from "./packet-world";

/** The matrix in the packet world's words. */
function verdicts(layout: object): Map<string, Outcome> {
  const { matrix } = reviewPlan(layout);
  return new Map(
    matrix.pairs.map(({ from, to, state }) => [
      `${from.name}→${to.name}`,
      state === "connects" ? "connects" : state === "unknown" ? "unknown" : "fails",
    ]),
  );
}

describe("the matrix says what packets do", () => {
  it("is held against at least 60 different layouts", () => {
    expect(new Set(mutations.map(({ name }) => name)).size).toBe(mutations.length);
    expect(mutations.length).toBeGreaterThanOrEqual(60);
    expect(mutations.filter(({ lab }) => lab).length).toBeGreaterThanOrEqual(12);
  });

  it.each(mutations)("$name", (mutation) => {
    // GIVEN a layout
    const layout = layoutOf(mutation);
    // WHEN it is reviewed, and its packets are followed one by one
    const [said, done] = [verdicts(layout), dialAll(layout)];
    // THEN both say the same of every ordered pair, and what the layout is meant to show
    expect([...said].sort()).toEqual([...done].sort());
    const pairs = (outcome: Outcome) =>
      [...said]
        .filter(([, verdict]) => verdict === outcome)
        .map(([pair]) => pair)
        .sort();
    expect(pairs("connects")).toEqual([...mutation.connects].sort());
    expect(pairs("unknown")).toEqual([...(mutation.unknown ?? [])].sort());
  });
});
