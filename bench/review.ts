import { compare } from "../src/review/comparison";
import { parseInput } from "../src/review/read/input";
import { renderTerminal } from "../src/review/render/terminal";
import { reviewInput } from "../src/review/review";
import { planOfServices, type Topology } from "./plan-of-services";

/** What reviewing one generated plan took. */
export interface Measured {
  readonly services: number;
  readonly topology: Topology;
  /** MiB of the plan's JSON. */
  readonly mebibytes: number;
  /** Rule resources in the plan. */
  readonly rules: number;
  /** Seconds from the plan's text to the printed review, parsing included. */
  readonly seconds: number;
}

/** Reviews generated plans from text to text, each once, in this process. */
export function benchReview(): readonly Measured[] {
  const cases: readonly [number, Topology][] = [
    [10, "mesh"],
    [10, "peers"],
    [50, "mesh"],
    [200, "peers"],
    [200, "cluster"],
    [200, "mesh"],
  ];
  return cases.map(([services, topology]) => measure(services, topology));
}

/** Seconds that reviewing a plan of 50 services against another takes, from both texts to the printed review. */
export function benchAgainst(): number {
  const [before, after] = [planOfServices(49, "cluster"), planOfServices(50, "cluster")].map((plan) =>
    JSON.stringify(plan),
  );
  const begin = performance.now();
  const [former, review] = [before!, after!].map((text) => reviewInput(parseInput(text, "plan.json")));
  const comparison = compare(former!, review!);
  renderTerminal([{ ...review!, comparison }]);
  const seconds = (performance.now() - begin) / 1000;
  if (comparison.added.length !== 1) throw new Error(`${comparison.added.length} services are new, 1 should be`);
  return seconds;
}

function measure(services: number, topology: Topology): Measured {
  const text = JSON.stringify(planOfServices(services, topology));
  const begin = performance.now();
  const review = reviewInput(parseInput(text, "plan.json"));
  renderTerminal([review]);
  const seconds = (performance.now() - begin) / 1000;
  const expected = topology === "peers" ? services * Math.min(5, services) : services ** 2;
  const connecting = review.matrix.pairs.filter(({ state }) => state === "connects").length;
  if (connecting !== expected)
    throw new Error(`${services} ${topology}: ${connecting} pairs connect, ${expected} should`);
  return { services, topology, mebibytes: text.length / 2 ** 20, rules: review.firewall.rules.length, seconds };
}
