/** Time as the scheduler sees it: the machine's, or a test's own that runs as fast as it likes. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `action` once after `milliseconds`; calling what it gives forgets it. */
  after(milliseconds: number, action: () => void): () => void;
}

/** The machine's time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (milliseconds, action) => {
    const timer = setTimeout(action, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** Settled after `milliseconds` of `clock`. */
export const pause = (clock: Clock, milliseconds: number): Promise<void> =>
  new Promise((resolve) => void clock.after(milliseconds, resolve));

/** Waits for something, but not longer than `milliseconds`. */
export async function within(clock: Clock, milliseconds: number, what: Promise<unknown>): Promise<void> {
  let forget = (): void => {};
  await Promise.race([what, new Promise<void>((resolve) => (forget = clock.after(milliseconds, resolve)))]);
  forget();
}
