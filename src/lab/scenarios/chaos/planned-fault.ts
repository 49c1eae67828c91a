import type { Chance } from "../steps/chance";

/** Each kind of fault, and what it draws. Tasks are numbers: which task that is, is decided when it begins. */
export type FaultKind =
  | { readonly kind: "kill"; readonly task: number; readonly recordStays: number }
  | { readonly kind: "cut-task" | "freeze" | "spot" | "drain" | "slow-leave"; readonly task: number }
  | { readonly kind: "cut-link"; readonly task: number; readonly other: number }
  | { readonly kind: "loss"; readonly task: number; readonly percent: number; readonly direction: "in" | "out" }
  | {
      readonly kind: "delay";
      readonly task: number;
      readonly delayMs: number;
      readonly jitterMs: number;
      readonly direction?: "in" | "out";
    }
  | { readonly kind: "dns-silent" }
  | { readonly kind: "deployment" }
  | { readonly kind: "dns-lie"; readonly lie: "empty" | "stale" | "foreign" | "many" }
  | { readonly kind: "clock-step"; readonly task: number; readonly stepSeconds: number };

/** One fault of a plan. */
export type PlannedFault = {
  /** Its number in the plan, from 1 on: `--faults` names it. */
  readonly number: number;
  /** Faults of a round overlap; before the next round the mesh has to be whole again. */
  readonly round: number;
  /** Seconds from the round's start to its begin, and from then to its end. */
  readonly after: number;
  readonly lasts: number;
} & FaultKind;

/** By how often a kind is drawn: as often as it is here. */
const kinds: readonly FaultKind["kind"][] = [
  "kill",
  "cut-task",
  "cut-link",
  "freeze",
  "loss",
  "loss",
  "delay",
  "dns-silent",
  "dns-lie",
  "dns-lie",
  "deployment",
  "deployment",
  "slow-leave",
  "drain",
  "spot",
  "clock-step",
];

/** Faults at once, and seconds within which those of a round begin. */
const maxPerRound = 3;
const spreadSeconds = 6;

/** The same plan for the same chance, without end; it depends on nothing else. @param lasting longest duration in seconds */
export function* planOf(chance: Chance, lasting: number): Generator<PlannedFault, never> {
  let number = 0;
  for (let round = 1; ; round += 1) {
    const count = 1 + Math.floor(chance.next() * maxPerRound);
    for (let index = 0; index < count; index += 1) {
      number += 1;
      const after = index === 0 ? 0 : rounded(chance.between(0, spreadSeconds));
      const lasts = rounded(chance.between(1, lasting));
      yield { number, round, after, lasts, ...draw(chance.of(kinds), chance) };
    }
  }
}

function draw(kind: FaultKind["kind"], chance: Chance): FaultKind {
  const task = Math.floor(chance.next() * 1000);
  const direction = chance.of(["in", "out"] as const);
  switch (kind) {
    case "kill":
      return { kind, task, recordStays: Math.round(chance.between(0, 30)) };
    case "cut-link":
      return { kind, task, other: Math.floor(chance.next() * 1000) };
    case "loss":
      return { kind, task, direction, percent: Math.round(chance.between(5, 100)) };
    case "delay": {
      const delayMs = Math.round(chance.between(10, 400));
      return { kind, task, delayMs, jitterMs: Math.round(chance.between(0, delayMs / 2)), direction };
    }
    case "dns-lie":
      return { kind, lie: chance.of(["empty", "stale", "foreign", "many"] as const) };
    case "clock-step":
      return { kind, task, stepSeconds: chance.of([-86_400, -60, 60, 3600]) };
    case "dns-silent":
    case "deployment":
      return { kind };
    default:
      return { kind, task };
  }
}

const rounded = (seconds: number): number => Math.round(seconds * 10) / 10;

/** A fault in words, without its times. @param name of a task by its number */
export function inWords(fault: FaultKind, name: (task: number) => string = (task) => `task ${task}`): string {
  switch (fault.kind) {
    case "kill":
      return `${name(fault.task)} killed, its record left for ${fault.recordStays} s`;
    case "cut-task":
      return `${name(fault.task)} cut off`;
    case "freeze":
      return `${name(fault.task)} frozen`;
    case "spot":
      return `${name(fault.task)} interrupted by Spot`;
    case "drain":
      return `${name(fault.task)} stopped, after the load balancer has drained it`;
    case "slow-leave":
      return `${name(fault.task)} stopped, and drains long after it has left`;
    case "cut-link":
      return `${name(fault.task)} and ${name(fault.other)} cut apart`;
    case "loss":
      return `${name(fault.task)} loses ${fault.percent} % of what it ${fault.direction === "in" ? "receives" : "sends"}`;
    case "delay":
      return `${name(fault.task)} ${fault.direction === "in" ? "receives" : "sends"} ${fault.delayMs} ± ${fault.jitterMs} ms late`;
    case "dns-silent":
      return "DNS silent";
    case "deployment":
      return "a deployment";
    case "dns-lie":
      return `DNS answers ${lies[fault.lie]}`;
    case "clock-step":
      return `clock of ${name(fault.task)} stepped by ${fault.stepSeconds} s`;
  }
}

const lies = {
  empty: "with nothing",
  stale: "as it was",
  foreign: "with foreign addresses",
  many: "with more than eight addresses, most of them dead",
} as const;
