import { spotProvider } from "../../control-plane/capacity";
import type { FargateTask } from "../../control-plane/task/fargate-task";
import type { Faults } from "../../data-plane/data-plane";
import { pause, systemClock } from "../../clock";
import type { RunningLab, Stage } from "../../stage";
import { stop, stopAndDrain } from "../steps/slow-leave";
import { stepClock } from "./clock-steps";
import type { FaultsAtOnce } from "./faults-at-once";
import { inWords, type PlannedFault } from "./planned-fault";

/** What faults are carried out on. */
export interface Battlefield {
  readonly running: RunningLab;
  readonly stage: Stage;
  readonly faults: FaultsAtOnce;
  /** Name of the service whose mesh is tested. */
  readonly service: string;
  /** Addresses that no member has, one of them the untrusted node's. */
  readonly foreign: readonly string[];
}

/** How a fault is carried out: `during` ends with it, the others are over at once. */
type Strike = { readonly what: string } & ({ readonly during: Faults } | { readonly run: () => Promise<void> });

/** Addresses of a lie that names more than eight. */
const manyAddresses = 30;

/** Carries out one fault, from its begin to its end. @returns what it was */
export async function strike(fault: PlannedFault, field: Battlefield): Promise<string> {
  const drawn = strikeOf(fault, field);
  if (!drawn) return `${inWords(fault)}: no such task at that moment`;
  if ("run" in drawn) await drawn.run();
  else {
    const end = await field.faults.begin(drawn.during);
    await pause(systemClock, fault.lasts * 1000);
    await end();
  }
  return "during" in drawn ? `${drawn.what} for ${fault.lasts} s` : drawn.what;
}

function strikeOf(fault: PlannedFault, field: Battlefield): Strike | undefined {
  const members = membersOf(field);
  const [one, other] = targets(fault, members);
  const nameOf = (number: number) =>
    "other" in fault && number === fault.other ? (other?.networkInterface?.address ?? "?") : addressOf(one);
  const what = inWords(fault, nameOf);
  if ("task" in fault && !one) return undefined;
  const address = addressOf(one);
  switch (fault.kind) {
    case "cut-task":
      return { what, during: { cutTasks: [address] } };
    case "freeze":
      return { what, during: { frozenTasks: [address] } };
    case "cut-link":
      return other && { what, during: { cutLinks: [[address, addressOf(other)]] } };
    case "loss":
      return { what, during: { shaping: { [address]: [{ lossPercent: fault.percent, direction: fault.direction }] } } };
    case "delay": {
      const { delayMs, jitterMs, direction } = fault;
      return { what, during: { shaping: { [address]: [{ delayMs, jitterMs, ...(direction ? { direction } : {}) }] } } };
    }
    case "dns-silent":
      return { what, during: { dnsSilent: true } };
    case "dns-lie":
      return { what, during: { dnsLie: lieOf(fault.lie, field, members.map(addressOf)) } };
    default:
      return { what, run: () => act(fault, one, field) };
  }
}

/** Faults that ECS, AWS or a person carries out. */
async function act(fault: PlannedFault, one: FargateTask | undefined, field: Battlefield): Promise<void> {
  const { running, stage, service } = field;
  const { lab } = running;
  if (fault.kind === "deployment") return lab.updateService(service, { forceNewDeployment: true });
  if (!one) return;
  switch (fault.kind) {
    case "kill":
      return lab.kill(one.id, fault.recordStays);
    case "spot":
      return one.interrupt();
    case "drain":
      return stop(one, running, stage);
    case "slow-leave":
      return stopAndDrain(one, fault.lasts, running, stage);
    case "clock-step":
      await stepClock(one.container, fault.stepSeconds);
      await pause(systemClock, fault.lasts * 1000);
      return one.end ? undefined : stepClock(one.container, 0);
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

/** The tasks that a fault's numbers mean now. A Spot interruption hits only tasks on Spot. */
function targets(fault: PlannedFault, members: readonly FargateTask[]): (FargateTask | undefined)[] {
  if (!("task" in fault)) return [];
  const eligible =
    fault.kind === "spot" ? members.filter(({ order }) => order.capacityProvider === spotProvider) : members;
  const one = eligible[fault.task % eligible.length];
  if (!("other" in fault)) return [one];
  const others = members.filter((task) => task !== one);
  return [one, others[fault.other % others.length]];
}

function lieOf(
  lie: Extract<PlannedFault, { kind: "dns-lie" }>["lie"],
  { foreign }: Battlefield,
  members: readonly string[],
): NonNullable<Faults["dnsLie"]> {
  if (lie === "empty" || lie === "stale") return lie;
  return { addresses: lie === "foreign" ? foreign.slice(0, 8) : [...members, ...foreign].slice(0, manyAddresses) };
}
