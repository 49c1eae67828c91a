import type { Layout } from "../../../src/conformance/layout";
import { notEmpty } from "../../not-empty";
import { attemptsOf } from "../../../src/lab/conformance/attempts";
import { compare } from "../../../src/lab/conformance/compare";
import { explained } from "../../../src/lab/conformance/conformance";
import { compiler } from "../../../src/lab/conformance/evaluators/compiler";
import { documentation } from "../../../src/lab/conformance/evaluators/documentation";
import type { Evaluator } from "../../../src/lab/conformance/evaluators/evaluator";
import { review } from "../../../src/lab/conformance/evaluators/review";
import { randomLayout } from "../../../src/lab/conformance/random-layout";

const seeds = Array.from({ length: 20 }, (_, at) => 1000 + at);
/** Stands for the packets where none are sent. */
const packets: Evaluator = { ...documentation, name: "packets" };

describe("random layouts", () => {
  it("are the same for the same seed, and hold all that there is to try", () => {
    expect(randomLayout(7)).toEqual(randomLayout(7));
    expect(randomLayout(7)).not.toEqual(randomLayout(8));
    const all = JSON.stringify(seeds.map(randomLayout));
    for (const part of [
      ...[
        '"inline"',
        '"aws_security_group_rule"',
        '"aws_vpc_security_group_rule"',
        '"aws_network_acl_rule"',
        '"aws_route"',
      ],
      ...['"self"', '"prefixList"', '"cidr6"', '"peering"', '"unusedInterface"', '"pending-acceptance"', '"deny"'],
    ])
      expect(all).toContain(part);
  });
});

describe("the evaluators that need no packets", () => {
  it(`agree on ${seeds.length} layouts`, async () => {
    for (const seed of notEmpty(seeds)) {
      const layout = randomLayout(seed);
      const { disagreements } = await compare(layout, attemptsOf(layout), [documentation, review, compiler]);
      expect({ seed, disagreements }).toEqual({ seed, disagreements: [] });
    }
  });

  /** An evaluator that reads a layout without a part of it. */
  const without = (evaluator: Evaluator, part: (layout: Layout) => Layout): Evaluator => ({
    name: evaluator.name,
    verdicts: (layout, attempts) => evaluator.verdicts(part(layout), attempts),
  });
  const noLists = (layout: Layout) => ({
    ...layout,
    prefixLists: layout.prefixLists.map((list) => ({ ...list, cidrs: [] })),
  });
  const noAcls = (layout: Layout) => ({ ...layout, subnets: layout.subnets.map(({ acl: _, ...subnet }) => subnet) });
  const noPeering = (layout: Layout) => ({
    ...layout,
    peerings: layout.peerings.map((each) => ({ ...each, state: "active" as const })),
  });

  it.each([
    ["review", "prefix lists", noLists, /^pl-\d: 1?0/],
    ["review", "network ACLs", noAcls, /^acl-\d+ \(/],
    ["compiler", "network ACLs", noAcls, /^acl-\d+ \(/],
    ["compiler", "pending peering", noPeering, /pending-acceptance$/],
    ["documentation", "prefix lists", noLists, /^pl-\d: 1?0/],
    ["documentation", "pending peering", noPeering, /pending-acceptance$/],
  ] as const)("%s is caught when it doesn't see %s", async (name, _, part, remains) => {
    const evaluators = [packets, documentation, review, compiler].map((evaluator) =>
      evaluator.name === name ? without(evaluator, part) : evaluator,
    );
    const found = await firstOf(evaluators);
    // The report names who says what, and what is left of the layout is what was not seen.
    expect(found.text.split("\n")[0]).toMatch(
      new RegExp(
        `^seed ${found.seed}: \\w\\d to \\w\\d port \\d+ \\(from port \\d+\\): packets: (passes|is dropped), .*${name}: `,
      ),
    );
    const lines = found.text.split("\n").map((line) => line.trim());
    expect(lines.filter((line) => remains.test(line)).length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThan(24);
    expect(lines.at(-1)).toBe(`repeat: npm run lab -- conformance --layouts 1 --seed ${found.seed}`);
  });

  async function firstOf(evaluators: readonly Evaluator[]): Promise<{ seed: number; text: string }> {
    for (let seed = 1; seed < 200; seed += 1) {
      const layout = randomLayout(seed);
      const comparison = await compare(layout, attemptsOf(layout), evaluators);
      if (comparison.disagreements.length > 0)
        return { seed, text: await explained(layout, seed, comparison, evaluators) };
    }
    throw new Error("No layout shows it.");
  }
});

describe("what the review doesn't know", () => {
  it("counts as right where connections of the same services differ, and else as caution", async () => {
    const sums = { mixed: 0, cautious: 0, attempts: 0 };
    for (const seed of seeds) {
      const layout = randomLayout(seed);
      const { mixed, cautious, attempts } = await compare(layout, attemptsOf(layout), [documentation, review]);
      sums.mixed += mixed;
      sums.cautious += cautious;
      sums.attempts += attempts;
    }
    expect(sums.mixed).toBeGreaterThan(0);
    expect(sums.cautious / sums.attempts).toBeLessThan(0.02);
  });

  it("counts an evaluator that always says unknown as cautious", async () => {
    const layout = randomLayout(1);
    const silent: Evaluator = { name: "review", verdicts: async (_, attempts) => attempts.map(() => "unknown") };
    const { cautious } = await compare(layout, attemptsOf(layout), [documentation, silent]);
    expect(cautious / attemptsOf(layout).length).toBeGreaterThan(0.3);
  });
});
