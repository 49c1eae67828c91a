import type { Clock } from "../clock";
import type { LabEvent } from "../lab-event";
import { type AlarmState, evaluate, evaluationRange } from "./alarm-evaluation";
import { type AppliedAlarm, breaches } from "./applied-alarms";
import { ReportedMetrics } from "./metrics";

/** An alarm that changed its state. `at` is milliseconds since 1970. */
export interface AlarmChange {
  readonly at: number;
  readonly alarm: string;
  readonly state: AlarmState;
}

/** Milliseconds after a period in which its last lines arrive. */
const arrivalMs = 300;

/**
 * Evaluates alarms by the lines that containers write, as CloudWatch does, with every period shortened by one factor. The nodes
 * report that much more often, so the same number of lines falls into a period.
 */
export class AlarmWatch {
  readonly changes: AlarmChange[] = [];
  readonly #metrics = new ReportedMetrics();
  readonly #states = new Map<string, AlarmState>();
  #end: (() => void)[] = [];
  #onChange: (change: AlarmChange) => void = () => {};

  /** @param factor of which a period takes: 0.1 makes 6 s of 60 s */
  constructor(
    private readonly alarms: readonly AppliedAlarm[],
    private readonly factor: number,
    private readonly clock: Clock,
  ) {}

  /** Takes an event of the lab. */
  readonly take = (event: LabEvent): void => {
    if (this.alarms.length > 0 && event.kind === "output" && event.stream === "stdout") this.#metrics.take(event.line);
  };

  /**
   * Evaluates each alarm at the end of each of its periods from now on.
   * @param onChange gets each change of a state
   */
  start(onChange: (change: AlarmChange) => void = () => {}): void {
    this.#onChange = onChange;
    for (const alarm of this.alarms) this.#schedule(alarm);
  }

  stop(): void {
    for (const end of this.#end) end();
    this.#end = [];
  }

  stateOf(alarm: string): AlarmState {
    return this.#states.get(alarm) ?? "INSUFFICIENT_DATA";
  }

  /** Names of the alarms that are in the state ALARM. */
  get ringing(): string[] {
    return this.alarms.flatMap(({ name }) => (this.stateOf(name) === "ALARM" ? [name] : []));
  }

  /** Names of the alarms that went into the state ALARM since then, in that order. */
  wentOff(since: number): string[] {
    return this.changes.flatMap(({ at, alarm, state }) => (at >= since && state === "ALARM" ? [alarm] : []));
  }

  /** Milliseconds that the longest range of an alarm covers, and a period more. */
  get #longestMs(): number {
    const seconds = this.alarms.map((alarm) => alarm.periodSeconds * (evaluationRange(alarm) + 1));
    return Math.max(...seconds) * 1000 * this.factor;
  }

  #schedule(alarm: AppliedAlarm): void {
    const period = alarm.periodSeconds * 1000 * this.factor;
    const end = (Math.floor(this.clock.now() / period) + 1) * period;
    const forget = this.clock.after(end - this.clock.now() + arrivalMs, () => {
      this.#end = this.#end.filter((other) => other !== forget);
      this.#evaluate(alarm, period, end);
      this.#schedule(alarm);
    });
    this.#end.push(forget);
  }

  #evaluate(alarm: AppliedAlarm, period: number, end: number): void {
    const count = evaluationRange(alarm);
    const range = Array.from({ length: count }, (_, index) => {
      const from = end - (count - index) * period;
      const value = this.#metrics.statistic(alarm.metric, alarm.statistic, from, from + period);
      return value === undefined ? undefined : breaches(alarm, value);
    });
    this.#metrics.forget(end - this.#longestMs);
    const before = this.stateOf(alarm.name);
    const state = evaluate(range, alarm, before);
    if (state === before) return;
    this.#states.set(alarm.name, state);
    const change = { at: this.clock.now(), alarm: alarm.name, state };
    this.changes.push(change);
    this.#onChange(change);
  }
}
