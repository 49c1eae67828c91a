import { setTimeout as pause } from "node:timers/promises";

/**
 * Calls `look` at an interval until SIGINT or SIGTERM.
 * @returns the last look's exit code.
 */
export async function eachLook(seconds: number, look: () => Promise<number>): Promise<number> {
  const ended = new AbortController();
  const end = () => ended.abort();
  const signals = ["SIGINT", "SIGTERM"] as const;
  signals.forEach((signal) => process.once(signal, end));
  try {
    for (;;) {
      const code = await look();
      if (ended.signal.aborted) return code;
      await pause(seconds * 1000, undefined, { signal: ended.signal }).catch(() => undefined);
      if (ended.signal.aborted) return code;
    }
  } finally {
    signals.forEach((signal) => process.off(signal, end));
  }
}
