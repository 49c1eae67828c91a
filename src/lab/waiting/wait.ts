import { pause, systemClock } from "../clock";
import { type Measured, overload, Stopwatch } from "./machine";

/** How long something may take, and what that is made of. */
export interface Bound {
  /** Seconds in which something waits for a timer: a TTL, an interval. */
  readonly timers: number;
  /** Seconds in which a process needs a core: longer by as many as want the same one. */
  readonly work: number;
  /** Such as `DNS TTL 10 s + polling interval 1 s`. */
  readonly of: string;
}

type Parts = Readonly<Record<string, number>>;

/** The sum of seconds in which something waits for a timer, by name; a part of 0 is left out. */
export const timersOf = (parts: Parts): Bound => ({ ...summed(parts), work: 0 });

/** The sum of seconds in which a process needs a core, by name; a part of 0 is left out. */
export function workOf(parts: Parts): Bound {
  const { timers: work, of } = summed(parts);
  return { timers: 0, work, of };
}

function summed(parts: Parts): Pick<Bound, "timers" | "of"> {
  const counted = Object.entries(parts).filter(([, seconds]) => seconds > 0);
  return {
    timers: counted.reduce((sum, [, seconds]) => sum + seconds, 0),
    of: counted.map(([name, seconds]) => `${name} ${shown(seconds)}`).join(" + "),
  };
}

/** One bound after another. */
export const sumOf = (...bounds: readonly Bound[]): Bound => ({
  timers: bounds.reduce((sum, { timers }) => sum + timers, 0),
  work: bounds.reduce((sum, { work }) => sum + work, 0),
  of: bounds
    .map(({ of }) => of)
    .filter(Boolean)
    .join(" + "),
});

/** Seconds on a quiet machine. */
export const secondsOf = ({ timers, work }: Bound): number => timers + work;

/** The result of a wait. */
export interface Waited<Value> extends Measured {
  /** What was waited for; `undefined` when it did not come. */
  readonly value: Value | undefined;
  readonly bound: Bound;
}

export interface WaitOptions {
  /** Ends the wait by throwing its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds between two looks. @default 20 */
  readonly everyMs?: number;
}

/**
 * Looks until there is something, up to a bound as a {@link Stopwatch} counts it. What must happen is waited for with it,
 * and what must *not* happen is watched for with it too: then `value` has to be `undefined` at the end.
 *
 * @param look gives what is waited for, and `undefined` or `false` while it is not there; what it throws ends the wait
 */
export async function waitFor<Value>(
  look: () => Value | undefined | false | Promise<Value | undefined | false>,
  bound: Bound,
  { signal, everyMs = 20 }: WaitOptions = {},
): Promise<Waited<Value>> {
  const stopwatch = new Stopwatch(bound.work * 1000);
  try {
    for (;;) {
      signal?.throwIfAborted();
      // Read before the look: a look that takes long is not cut short, and what it finds counts.
      const over = stopwatch.isThrough && stopwatch.timerMsAfterWork >= bound.timers * 1000;
      const value = await look();
      if ((value !== undefined && value !== false) || over) {
        return { ...stopwatch.measured, value: value === false ? undefined : value, bound };
      }
      await pause(systemClock, everyMs);
    }
  } finally {
    stopwatch.stop();
  }
}

/** How long was waited, of what that is made, and that the machine was overloaded if it was: for messages of failures. */
export function describeWait({ bound, ...measured }: Pick<Waited<unknown>, "bound" | keyof Measured>): string {
  const [wall, quiet] = [measured.wallMs / 1000, secondsOf(bound)];
  const here = wall > quiet * 1.1 ? `, which was ${shown(wall)} here` : "";
  return [`within ${shown(quiet)} (${bound.of})${here}.`, overload(measured)].filter(Boolean).join(" ");
}

const shown = (seconds: number): string => `${Math.round(seconds * 10) / 10} s`;
