import { invariants } from "./invariants";
import type { CheckedLab } from "./lab-history";
import { inSeconds } from "./replay";

/** Violations of one lab that are shown. */
const maxShown = 5;

/** What the model says of all labs of a scenario. */
export interface ModelFindings {
  readonly ok: boolean;
  /** One line with its figures. */
  readonly figure: string;
  /** What is wrong, a line each. */
  readonly lines: readonly string[];
}

/** Holds the recorded labs of a scenario against the model. */
export function modelFindings(labs: readonly CheckedLab[]): ModelFindings {
  const lines = labs.flatMap((lab, index) => linesOf(lab, labs.length > 1 ? ` of lab ${index + 1}` : ""));
  const sum = (of: (lab: CheckedLab) => number) => labs.reduce((total, lab) => total + of(lab), 0);
  const over = `${counted(labs.length, "lab")}, ${counted(
    sum(({ tasks }) => tasks),
    "task",
  )}, ${counted(
    sum(({ events }) => events),
    "event",
  )}`;
  const figure = lines.length === 0 ? `${invariants.length} invariants hold` : "NOT as the model says";
  return { ok: lines.length === 0, figure: `model: ${figure} (${over})`, lines };
}

function linesOf({ broken, unbroken }: CheckedLab, ofLab: string): string[] {
  const more = broken.length - maxShown;
  return [
    ...broken
      .slice(0, maxShown)
      .map(({ invariant, at, text }) => `FAILED: model, ${invariant}, at ${inSeconds(at)}${ofLab}: ${text}`),
    ...(more > 0 ? [`FAILED: model: ${more} more violations${ofLab}`] : []),
    ...unbroken.map((name) => `FAILED: model, ${name}: the negative test${ofLab} should break it, and doesn't`),
  ];
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;
