import { readFileSync } from "node:fs";
import os from "node:os";
import { performance } from "node:perf_hooks";

const tickMs = 50;
const cores = os.availableParallelism();

/**
 * How many times longer than on a quiet machine what needs a core takes now: processes that want one, for each core; 1 at
 * least. Where the kernel does not say, the load average stands for it. Source: fourth field of proc_loadavg(5)
 */
export function slowness(): number {
  try {
    return Math.max(1, Number(/ (\d+)\/\d+ /.exec(readFileSync("/proc/loadavg", "utf8"))![1]) / cores);
  } catch {
    return Math.max(1, os.loadavg()[0]! / cores);
  }
}

/** What a {@link Stopwatch} measured. */
export interface Measured {
  /** Milliseconds that went by. */
  readonly wallMs: number;
  /** Of these, those in which timers were in time. */
  readonly timerMs: number;
  /** Of these, those that a process had which wanted a core all the time, as if it had one to itself. */
  readonly workMs: number;
  /** Milliseconds that this process's own timers were late, at most. */
  readonly latestMs: number;
}

/**
 * Measures time as the machine grants it, so that a limit means the same on every machine, however busy it is.
 *
 * Two things are measured, every 50 ms. How late the lab's own timers are: nodes that wait for their next poll are as late,
 * so what comes late counts for no more than what comes in time ({@link timerMs}). And how many processes want a core:
 * where three share one, a second of a node's boot takes three ({@link workMs}).
 */
export class Stopwatch {
  readonly #from = performance.now();
  readonly #timer: NodeJS.Timeout;
  #last = performance.now();
  #timerMs = 0;
  #workMs = 0;
  #afterWorkMs = 0;
  #latestMs = 0;

  /** @param workFirstMs milliseconds that count as work, before others count as time of timers */
  constructor(private readonly workFirstMs = 0) {
    this.#timer = setInterval(() => this.#tick(), tickMs);
    this.#timer.unref();
  }

  /** Milliseconds in which timers were in time, once the work is through. */
  get timerMsAfterWork(): number {
    return this.#afterWorkMs;
  }

  /** Whether the work is through. */
  get isThrough(): boolean {
    return this.#workMs >= this.workFirstMs;
  }

  get measured(): Measured {
    const wallMs = performance.now() - this.#from;
    return { wallMs, timerMs: this.#timerMs, workMs: this.#workMs, latestMs: Math.round(this.#latestMs) };
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    const now = performance.now();
    const passed = now - this.#last;
    this.#last = now;
    this.#latestMs = Math.max(this.#latestMs, passed - tickMs);
    const granted = Math.min(passed, tickMs);
    this.#timerMs += granted;
    if (this.#workMs >= this.workFirstMs) this.#afterWorkMs += granted;
    this.#workMs += granted / slowness();
  }
}

/** That the machine was overloaded, with figures; `undefined` when it was not. */
export function overload({ wallMs, timerMs, workMs, latestMs }: Measured): string | undefined {
  if (workMs > wallMs / 2 && latestMs < 1000) return undefined;
  return (
    `This machine was overloaded: ${(timerMs / workMs).toFixed(1)} processes wanted each of its ${cores} cores ` +
    `(load average ${os.loadavg()[0]!.toFixed(1)}), and the lab's own timers were up to ${latestMs} ms late.`
  );
}
