import type { Layout } from "../../conformance/layout";
import { startTaskRuntime } from "../data-plane/runtime";
import { attemptsOf } from "./attempts";
import { compare, type Comparison, type Disagreement } from "./compare";
import { describeDisagreement, describeLayout } from "./describe";
import { compiler } from "./evaluators/compiler";
import { documentation } from "./evaluators/documentation";
import type { Evaluator } from "./evaluators/evaluator";
import { Packets } from "./evaluators/packets";
import { review } from "./evaluators/review";
import { randomLayout } from "./random-layout";
import { shrink } from "./shrink";
import { Tally, type TallyFigures } from "./tally";
import { advice } from "../../advice";

export interface ConformanceOptions {
  readonly layouts: number;
  /** Of the first layout; each further one has the next. */
  readonly seed: number;
  readonly say?: (line: string) => void;
  readonly signal?: AbortSignal;
  /** Evaluators in addition to the packets. @default documentation, review and compiler */
  readonly evaluators?: readonly Evaluator[];
  /** @default the lab's own */
  readonly start?: typeof startTaskRuntime;
}

export interface Conformance {
  readonly figures: TallyFigures;
  /** Layouts with different verdicts, each as small as it gets, with the seed that repeats it. */
  readonly disagreements: readonly string[];
}

/** Layouts that are shrunk and printed; further ones are only counted. */
const shown = 3;

/** The evaluators in addition to the packets. */
const others: readonly Evaluator[] = [documentation, review, compiler];

/** Draws layouts and asks packets, review, compiler and documentation about every connection in them. */
export async function conformance(options: ConformanceOptions): Promise<Conformance> {
  const { layouts, seed, say, signal, evaluators = others, start = startTaskRuntime } = options;
  const runtime = await start({ vpcCidrs: ["10.0.0.0/8"], region: "eu-west-1" });
  const packets = new Packets(runtime);
  const tally = new Tally();
  const disagreements: string[] = [];
  try {
    for (let at = 0; at < layouts; at += 1) {
      signal?.throwIfAborted();
      const layout = randomLayout(seed + at);
      const comparison = await compared(layout, packets, evaluators);
      tally.add(layout, comparison);
      if (comparison.disagreements.length > 0 && disagreements.length < shown)
        disagreements.push(await explained(layout, seed + at, comparison, [packets, ...evaluators]));
      if ((at + 1) % 25 === 0) say?.(`${at + 1} of ${layouts} layouts`);
    }
  } finally {
    await runtime.close();
  }
  return { figures: tally.figures(), disagreements };
}

/** Compares, and tries again the packets that weren't answered although another evaluator lets them pass. */
async function compared(layout: Layout, packets: Packets, evaluators: readonly Evaluator[]): Promise<Comparison> {
  const attempts = attemptsOf(layout);
  const first = await packets.verdicts(layout, attempts);
  const once = await compare(layout, attempts, [answering(first), ...evaluators]);
  const silent = once.disagreements.flatMap(({ attempt, verdicts }) => (verdicts[packets.name] ? [] : [attempt]));
  if (silent.length === 0) return once;
  const again = await packets.patiently(layout, silent);
  const second = attempts.map((attempt, at) => first[at]! || again[silent.indexOf(attempt)] === true);
  return compare(layout, attempts, [answering(second), ...evaluators]);
}

const answering = (verdicts: readonly boolean[]): Evaluator => ({ name: "packets", verdicts: async () => verdicts });

/** The first disagreement with the smallest layout that still has it. */
export async function explained(
  layout: Layout,
  seed: number,
  { disagreements: [first] }: Comparison,
  evaluators: readonly Evaluator[],
): Promise<string> {
  const { attempt } = first!;
  const same = (small: Layout) =>
    attemptsOf(small).filter(
      ({ from, to, port }) => from.id === attempt.from.id && to.id === attempt.to.id && port === attempt.port,
    );
  // Those who agree with the packets need no packets for every step.
  const odd = new Set(
    Object.entries(first!.verdicts).flatMap(([name, verdict]) => (verdict === first!.verdicts.packets ? [] : [name])),
  );
  const needsPackets = evaluators.slice(1).every(({ name }) => odd.has(name) || first!.verdicts[name] === "unknown");
  const asked = needsPackets ? evaluators : evaluators.slice(1);
  const again = async (small: Layout): Promise<Disagreement | undefined> =>
    (await compare(small, same(small), asked)).disagreements[0];
  const smallest = await shrink(layout, attempt.services, async (small) => (await again(small)) !== undefined);
  const [final] = (await compare(smallest, same(smallest), evaluators)).disagreements;
  return [
    `seed ${seed}: ${describeDisagreement(final ?? first!)}`,
    ...describeLayout(smallest).map((line) => `  ${line}`),
    `  repeat: ${advice.npmRun("lab", ["conformance", "--layouts", "1", "--seed", String(seed)])}`,
  ].join("\n");
}
