import { cleanLeaveSeconds } from "../../../distribution";
import { pause, systemClock } from "../../clock";
import { modelBounds } from "../../history/bounds";
import type { CheckedLab } from "../../history/lab-history";
import { settingsOf } from "../../history/settings";
import type { Lab } from "../../lab";
import type { TaskRuntime } from "../../data-plane/data-plane";
import type { RunningLab, Stage } from "../../stage";
import { type Bound, sumOf, timersOf, workOf } from "../../waiting/wait";
import { registerAmongMembers } from "../failures/untrusted-node";
import type { ScenarioOptions } from "../scenario";
import { FaultsAtOnce } from "./faults-at-once";
import { inWords, type PlannedFault } from "./planned-fault";
import type { Battlefield } from "./battlefield";
import { strike } from "./strikes";
import { Tally } from "./tally";

/** One round: faults that overlap, and how long the cluster took to be whole again. */
export interface Round {
  readonly faults: readonly number[];
  readonly what: string;
  /** From the end of its last fault. */
  readonly healedMs: number;
  /** Whether that was within what a loss, a replacement and a join may take. */
  readonly healed: boolean;
  /** Whether the untrusted node had a connection after it. */
  readonly foreignIn: boolean;
}

/** What a lab came to in which a list of faults was carried out. */
export interface Played {
  readonly rounds: readonly Round[];
  /** Faults that had begun when the first thing went wrong; all of them when nothing did. */
  readonly suspects: readonly PlannedFault[];
  readonly failed: boolean;
  /** What became of the faults, by kind. */
  readonly tally: Tally;
  readonly check: CheckedLab | undefined;
  readonly abilities: TaskRuntime["abilities"];
}

/** What is tested. */
export interface Tested {
  readonly service: string;
  readonly tasks: number;
  /** Services that must connect to no other. */
  readonly apart: readonly string[];
}

/** Milliseconds since 1970 at which each fault began. */
type Begun = { readonly fault: PlannedFault; readonly at: number }[];

/** What is recorded of faults. */
interface Records {
  readonly begun: Begun;
  readonly tally: Tally;
}

const longestOf = (begun: Begun): number => Math.max(0, ...begun.map(({ fault }) => fault.lasts));

/** Carries out faults in a lab of its own, one round after another, and checks its history. @param end when no further round begins */
export async function play(
  faults: Iterable<PlannedFault>,
  tested: Tested,
  stage: Stage,
  options: ScenarioOptions,
  end = Infinity,
): Promise<Played> {
  const begun: Begun = [];
  const tally = new Tally();
  const { rounds, abilities } = await stage.lab(async (running) => ({
    rounds: await playIn(running, faults, tested, stage, options, { end, begun, tally }),
    abilities: running.lab.runtime.abilities,
  }));
  const check = stage.checkHistories().at(-1);
  const wrongAt = check?.broken[0]?.clock ?? Infinity;
  const failed = rounds.some(({ healed, foreignIn }) => !healed || foreignIn) || (check?.broken.length ?? 0) > 0;
  return {
    rounds,
    failed,
    tally,
    check,
    abilities,
    suspects: begun.filter(({ at }) => at <= wrongAt).map(({ fault }) => fault),
  };
}

async function playIn(
  running: RunningLab,
  faults: Iterable<PlannedFault>,
  { service, tasks, apart }: Tested,
  stage: Stage,
  options: ScenarioOptions,
  { end, ...records }: Records & { readonly end: number },
): Promise<Round[]> {
  const { lab, cluster, waits } = running;
  await lab.steady({ signal: options.signal });
  await waits.mesh(tasks, service);
  const atOnce = new FaultsAtOnce(lab.runtime);
  const rounds: Round[] = [];
  for (const round of roundsOf(faults)) {
    if (Date.now() >= end) break;
    options.signal?.throwIfAborted();
    const untrusted = await registerAmongMembers(running, stage);
    const field = { running, stage, faults: atOnce, service, foreign: [untrusted, ...deadAddresses] };
    const possible = round.filter(({ kind }) => kind !== "delay" || lab.runtime.abilities.delay);
    const what = await Promise.all(possible.map((fault) => carryOut(fault, field, records, options)));
    await atOnce.heal();
    const from = Date.now();
    // What was struck may not have shown yet; after a fault that healed in time it never will.
    const isWhole = () => cluster.isMesh(tasks, service) && lab.service(service).steady;
    await waits.until(() => !isWhole(), timersOf({ "clean leave": cleanLeaveSeconds }));
    const { value: healed = false } = await waits.until(isWhole, healingBound(lab, apart));
    const foreignIn = cluster.living.some((node) =>
      node.address === untrusted ? node.peers.size > 0 : node.peers.has(untrusted),
    );
    const healedMs = healed ? Date.now() - from : Infinity;
    rounds.push({ faults: possible.map(({ number }) => number), what: what.join("; "), healedMs, healed, foreignIn });
    if (!healed || foreignIn) break;
  }
  await waits.until(() => records.tally.isComplete, timersOf({ "the longest fault": longestOf(records.begun) }));
  // The model checks no loss in the last moment of a history, because a node's end may have caused it and show only later.
  await waits.until(() => false, workOf({ "clean leave": cleanLeaveSeconds, "time to spare": 0.2 }));
  return rounds;
}

/** Addresses in the tasks' VPC that no task has. */
const deadAddresses = Array.from({ length: 30 }, (_, at) => `10.0.250.${at + 10}`);

function* roundsOf(faults: Iterable<PlannedFault>): Generator<readonly PlannedFault[]> {
  let round: PlannedFault[] = [];
  for (const fault of faults) {
    if (round.length > 0 && round[0]!.round !== fault.round) {
      yield round;
      round = [];
    }
    round.push(fault);
  }
  if (round.length > 0) yield round;
}

/** Waits for its begin, and carries it out. @returns what it was; a task that ends meanwhile may prevent it */
async function carryOut(
  fault: PlannedFault,
  field: Battlefield,
  { begun, tally }: Records,
  { say }: ScenarioOptions,
): Promise<string> {
  await pause(systemClock, fault.after * 1000);
  begun.push({ fault, at: Date.now() });
  const about = (what: string) => {
    say?.(`fault ${fault.number}: ${what}`);
    return what;
  };
  try {
    const struck = await strike(fault, field);
    if (struck) {
      tally.struck(fault, struck.effect, ({ seen, text }) => {
        const result = seen === undefined ? "may have worked" : seen ? "was seen to work" : "was NOT seen to work";
        say?.(`fault ${fault.number} ${result}: ${text}`);
      });
      return about(struck.what);
    }
    tally.notCarriedOut(fault);
    return about(`${inWords(fault)}: no such task at that moment`);
  } catch (error) {
    tally.notCarriedOut(fault);
    const [reason] = (error as Error).message.split("\n");
    return about(`${inWords(fault)}: not carried out: ${reason}`);
  }
}

/** Until every two members see each other and ECS is steady: the loss is noticed, tasks are replaced, and nodes dial each other. */
const healingBound = (lab: Lab, apart: readonly string[]): Bound =>
  sumOf(
    timersOf({ "heal of the model": modelBounds(settingsOf(lab, apart)).heal }),
    timersOf({
      "stop timeout": Math.max(
        ...lab.services.flatMap(({ timing }) => timing.containers.map(({ stopTimeoutSeconds }) => stopTimeoutSeconds)),
      ),
    }),
    lab.bounds.steady,
    lab.bounds.mesh,
  );
