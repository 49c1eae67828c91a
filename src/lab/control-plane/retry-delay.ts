import type { Clock } from "../clock";

/** Seconds; see {@link RetryDelay}. */
export const [defaultRetrySeconds, longestRetrySeconds] = [1, 60];

/** How long a service's scheduler waits before it starts tasks again after one failed: longer while they go on failing. */
export class RetryDelay {
  #until = 0;
  #nextMs: number;
  #cancel: (() => void) | undefined;

  /** @param firstSeconds the first delay; each is twice the last, up to 60 */
  constructor(
    firstSeconds: number,
    private readonly clock: Clock,
    private readonly firstMs = firstSeconds * 1000,
  ) {
    this.#nextMs = this.firstMs;
  }

  /** A deployment begins: nothing delays its first tasks. */
  reset(): void {
    this.#until = 0;
    this.shorten();
  }

  /** A task has become healthy. */
  shorten(): void {
    this.#nextMs = this.firstMs;
  }

  /** A task has failed. @returns whether that lengthened the delay, not for the first time */
  lengthen(): boolean {
    if (this.#until > this.clock.now()) return false;
    this.#until = this.clock.now() + this.#nextMs;
    const again = this.#nextMs > this.firstMs;
    this.#nextMs = Math.min(2 * this.#nextMs, longestRetrySeconds * 1000);
    return again;
  }

  /** Forgets the try that it delays. */
  cancel(): void {
    this.#cancel?.();
  }

  /** Whether tasks have to wait; then it calls `retry` when they may start. */
  delays(retry: () => void): boolean {
    const remaining = this.#until - this.clock.now();
    if (remaining <= 0) return false;
    this.#cancel?.();
    this.#cancel = this.clock.after(remaining, retry);
    return true;
  }
}
