import { spotProvider } from "../../control-plane/capacity";
import type { FargateTask } from "../../control-plane/task/fargate-task";
import type { Faults } from "../../data-plane/data-plane";
import { pause, systemClock } from "../../clock";
import { stop, stopAndDrain } from "../steps/slow-leave";
import { stepClock } from "./clock-steps";
import type { Battlefield } from "./battlefield";
import { type Effect, measureBefore } from "./effects";
import { inWords, type PlannedFault } from "./planned-fault";

/** How a fault is carried out. @returns from `begin` what ends it; nothing of one that is over at once */
interface Strike {
  readonly what: string;
  readonly begin: () => Promise<(() => Promise<void>) | undefined>;
}

/** Addresses of a lie that names more than eight. */
const manyAddresses = 30;

/** A fault that was carried out. */
export interface Struck {
  readonly what: string;
  /** What it was seen to do: known later than its end, where a task ends slowly. Never rejects. */
  readonly effect: Promise<Effect>;
}

/** Carries out one fault, from its begin to its end. @returns what it was; `undefined` if there is no such task at that moment */
export async function strike(fault: PlannedFault, field: Battlefield): Promise<Struck | undefined> {
  const members = membersOf(field);
  const [one, other] = targets(fault, members);
  const measure = await measureBefore(fault, [one, other], field).catch(() => undefined);
  const drawn = strikeOf(fault, field, members, [one, other]);
  if (!drawn) return undefined;
  const end = await drawn.begin();
  const measured = async (): Promise<Effect> => {
    const effect = (await measure?.().catch(() => undefined)) ?? unmeasured;
    return effect.seen === false && end && one?.end ? unmeasured : effect;
  };
  if (!end) return { what: drawn.what, effect: measured() };
  const over = pause(systemClock, fault.lasts * 1000);
  // A fault doesn't last longer because it is measured.
  const effect = Promise.race([measured(), over.then(() => unmeasured)]);
  await over;
  await end();
  return { what: `${drawn.what} for ${fault.lasts} s`, effect };
}

const unmeasured: Effect = { seen: undefined, text: "over before it was measured" };

function strikeOf(
  fault: PlannedFault,
  field: Battlefield,
  members: readonly FargateTask[],
  [one, other]: readonly (FargateTask | undefined)[],
): Strike | undefined {
  const nameOf = (number: number) =>
    "other" in fault && number === fault.other ? (other?.networkInterface?.address ?? "?") : addressOf(one);
  const what = inWords(fault, nameOf);
  if ("task" in fault && (!one || one.end)) return undefined;
  const during = (faults: Faults): Strike => ({ what, begin: () => field.faults.begin(faults) });
  const address = addressOf(one);
  switch (fault.kind) {
    case "cut-task":
      return during({ cutTasks: [address] });
    case "freeze":
      return during({ frozenTasks: [address] });
    case "cut-link":
      return other && during({ cutLinks: [[address, addressOf(other)]] });
    case "loss":
      return during({ shaping: { [address]: [{ lossPercent: fault.percent, direction: fault.direction }] } });
    case "delay": {
      const { delayMs, jitterMs, direction } = fault;
      return during({ shaping: { [address]: [{ delayMs, jitterMs, ...(direction ? { direction } : {}) }] } });
    }
    case "dns-silent":
      return during({ dnsSilent: true });
    case "dns-lie":
      return during({ dnsLie: lieOf(fault.lie, field, members.map(addressOf)) });
    case "clock-step":
      return { what, begin: () => steppedClock(one!, fault.stepSeconds) };
    default:
      return { what, begin: () => act(fault, one, field) };
  }
}

async function steppedClock(task: FargateTask, stepSeconds: number): Promise<() => Promise<void>> {
  await stepClock(task.container, stepSeconds);
  return async () => (task.end ? undefined : stepClock(task.container, 0));
}

/** Faults that ECS, AWS or a person carries out, and that are over at once. */
async function act(fault: PlannedFault, one: FargateTask | undefined, field: Battlefield): Promise<undefined> {
  const { running, stage, service } = field;
  const { lab } = running;
  if (fault.kind === "deployment") await lab.updateService(service, { forceNewDeployment: true });
  if (!one) return;
  switch (fault.kind) {
    case "kill":
      return void (await lab.kill(one.id, fault.recordStays));
    case "spot":
      return void (await one.interrupt());
    case "drain":
      return void (await stop(one, running, stage));
    case "slow-leave":
      return void (await stopAndDrain(one, fault.lasts, running, stage));
  }
}

const addressOf = (task: FargateTask | undefined): string => task?.networkInterface?.address ?? "?";

/** Tasks that take part, by address. */
function membersOf({ running: { lab, cluster }, service }: Battlefield): FargateTask[] {
  const living = new Set(cluster.living.map(({ address }) => address));
  return lab
    .service(service)
    .tasks.filter((task) => !task.end && living.has(addressOf(task)))
    .sort((one, other) => addressOf(one).localeCompare(addressOf(other), "en", { numeric: true }));
}

/** The tasks that a fault's numbers mean now, and another one where there is one. A Spot interruption hits only tasks on Spot. */
function targets(fault: PlannedFault, members: readonly FargateTask[]): (FargateTask | undefined)[] {
  if (!("task" in fault)) return [];
  const eligible =
    fault.kind === "spot" ? members.filter(({ order }) => order.capacityProvider === spotProvider) : members;
  const one = eligible[fault.task % eligible.length];
  const others = members.filter((task) => task !== one);
  return [one, others["other" in fault ? fault.other % others.length : 0]];
}

function lieOf(
  lie: Extract<PlannedFault, { kind: "dns-lie" }>["lie"],
  { foreign }: Battlefield,
  members: readonly string[],
): NonNullable<Faults["dnsLie"]> {
  if (lie === "empty" || lie === "stale") return lie;
  return { addresses: lie === "foreign" ? foreign.slice(0, 8) : [...members, ...foreign].slice(0, manyAddresses) };
}
