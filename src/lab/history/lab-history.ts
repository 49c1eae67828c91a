import type { Lab } from "../lab";
import type { LabEvent } from "../lab-event";
import { type Broken, checkHistory } from "./check";
import type { History, HistorySettings, InvariantName } from "./history";
import { HistoryRecord } from "./history-record";
import { bothSettings, settingsOf } from "./settings";

/** What the check of one lab's history found. */
export interface CheckedLab {
  readonly events: number;
  /** Tasks that there were. */
  readonly tasks: number;
  /** Violations that the lab must not have, with their moment: milliseconds since 1970. */
  readonly broken: readonly (Broken & { readonly clock: number })[];
  /** Invariants that the lab must break, since it is a negative test, and doesn't. */
  readonly unbroken: readonly InvariantName[];
}

/** The history of one lab, from its start to its check. */
export class LabHistory {
  readonly #record = new HistoryRecord();
  #settings: HistorySettings | undefined;
  #ended = false;
  #checked: CheckedLab | undefined;

  /** @param breaks invariants that this lab must break: a negative test @param mayBreak those that it may break as well */
  constructor(
    private readonly breaks: readonly InvariantName[] = [],
    private readonly mayBreak: readonly InvariantName[] = [],
  ) {}

  readonly take = (event: LabEvent): void => this.#record.take(event);

  /** Reads what is applied now: at the start and at the end of the lab. */
  read(lab: Lab, apart: readonly string[]): void {
    const now = settingsOf(lab, apart);
    this.#settings = this.#settings ? bothSettings(this.#settings, now) : now;
  }

  end(): void {
    this.#ended = true;
    this.#record.end();
  }

  /** `undefined` for a lab that has not ended, or never started. */
  check(): CheckedLab | undefined {
    if (!this.#ended || !this.#settings) return undefined;
    return (this.#checked ??= this.#check(this.#record.history(this.#settings)));
  }

  #check(history: History): CheckedLab {
    const all = checkHistory(history);
    const tasks = new Set(history.events.flatMap((event) => ("task" in event ? event.task : [])));
    return {
      events: history.events.length,
      tasks: tasks.size,
      broken: all
        .filter(({ invariant }) => !this.breaks.includes(invariant) && !this.mayBreak.includes(invariant))
        .map((each) => ({ ...each, clock: this.#record.clockAt(each.at) })),
      unbroken: this.breaks.filter((name) => !all.some(({ invariant }) => invariant === name)),
    };
  }
}
