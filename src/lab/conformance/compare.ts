import { contains } from "../../conformance/cidr";
import { evaluate } from "../../conformance/evaluate";
import type { Layout } from "../../conformance/layout";
import { sourcePorts, type Tried } from "./attempts";
import type { Evaluator, Verdict } from "./evaluators/evaluator";

/** An attempt with different verdicts. */
export interface Disagreement {
  readonly attempt: Tried;
  readonly verdicts: Readonly<Record<string, Verdict>>;
}

export interface Comparison {
  readonly attempts: number;
  readonly passing: number;
  readonly disagreements: readonly Disagreement[];
  /** Attempts of which the review says unknown, and of whose services some connections pass and others don't. */
  readonly mixed: number;
  /** Attempts of which the review says unknown, although all connections of the services pass, or none does. */
  readonly cautious: number;
}

/** Asks all evaluators about all attempts. */
export async function compare(
  layout: Layout,
  attempts: readonly Tried[],
  evaluators: readonly Evaluator[],
): Promise<Comparison> {
  const answers = await Promise.all(
    evaluators.map(async (evaluator) => ({
      name: evaluator.name,
      verdicts: await evaluator.verdicts(layout, attempts),
    })),
  );
  const disagreements: Disagreement[] = [];
  let [passing, mixed, cautious] = [0, 0, 0];
  const spread = new Map<string, boolean>();
  for (const [at, attempt] of attempts.entries()) {
    const verdicts = Object.fromEntries(answers.map(({ name, verdicts }) => [name, verdicts[at]!]));
    const all = Object.values(verdicts);
    const sure = new Set(all.filter((verdict) => verdict !== "unknown"));
    if (sure.size > 1) disagreements.push({ attempt, verdicts });
    if (sure.has(true)) passing += 1;
    if (!all.includes("unknown")) continue;
    const key = `${attempt.services.join(" ")} ${attempt.port}`;
    const isMixed = spread.get(key) ?? someAndOthersNot(layout, attempt);
    spread.set(key, isMixed);
    if (isMixed) mixed += 1;
    else cautious += 1;
  }
  return { attempts: attempts.length, passing, disagreements, mixed, cautious };
}

/** Whether some connections between the subnets of two services pass and others don't, by the documentation. */
function someAndOthersNot(layout: Layout, { services: [from, to], port }: Tried): boolean {
  const senders = possibleTasks(layout, from);
  const receivers = possibleTasks(layout, to);
  const seen = new Set<boolean>();
  for (const sender of senders)
    for (const receiver of receivers)
      for (const sourcePort of sourcePorts) {
        seen.add(evaluate(layout, { from: sender, to: receiver, port, sourcePort }));
        if (seen.size > 1) return true;
      }
  return false;
}

/** A task at each address of a service's subnets at which some rule may begin or end. */
function possibleTasks(layout: Layout, name: string): Tried["from"][] {
  const { groups, tasks } = layout.services.find((service) => service.name === name)!;
  const edges = [...JSON.stringify(layout).matchAll(/"(10(?:\.\d+){3})\/(\d+)"/g)].map(([, address]) => address!);
  return tasks.flatMap(({ id, subnet, address }) => {
    const { cidr } = layout.subnets.find((each) => each.id === subnet)!;
    const usual = [".5", ".127", ".133", ".250"].map((host) => cidr.replace(/\.0\/24$/, host));
    const addresses = new Set([address, ...usual, ...edges].filter((each) => contains(cidr, each)));
    return [...addresses].map((each) => ({ id, subnet, address: each, groups }));
  });
}
