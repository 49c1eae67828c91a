import { printError } from "../foreign-text";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A command that can be interrupted. */
export interface Interruption {
  /** Aborted by the first Ctrl-C, SIGTERM or SIGHUP, and when nobody reads the output any more. */
  readonly signal: AbortSignal;
  /** Restores the signals' usual effect. */
  end(): void;
}

/**
 * Catches signals that would end this process before it has cleaned up. The first signal aborts. A further one changes
 * nothing, so that impatience doesn't skip the clean-up; it prints `text` again.
 *
 * @param text what happens after the signal, a sentence. @default nothing is printed
 */
export function interruption(text?: string): Interruption {
  const controller = new AbortController();
  const interrupt = () => {
    if (text !== undefined) printError(text);
    controller.abort();
  };
  // The terminal was closed, or a reader such as `head` has ended: without a listener that would end this process.
  const unread = () => controller.abort();
  const streams = [process.stdout, process.stderr];
  for (const signal of signals) process.on(signal, interrupt);
  for (const stream of streams) stream.on("error", unread);
  return {
    signal: controller.signal,
    end: () => {
      for (const signal of signals) process.off(signal, interrupt);
      for (const stream of streams) stream.off("error", unread);
    },
  };
}

/** Runs a command that starts processes. Exit code 0 when `action` returns true, 1 when not, 130 after an interruption. */
export async function interruptible(action: (signal: AbortSignal) => Promise<boolean>): Promise<void> {
  const { signal } = interruption(
    "Interrupted: stopping everything that this run started. Another Ctrl-C doesn't skip the clean-up.",
  );
  try {
    process.exitCode = (await action(signal)) ? 0 : 1;
  } catch (error) {
    if (signal.aborted) printError("Interrupted: everything that this run started has stopped.");
    else printError(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
  if (signal.aborted) process.exitCode = 130;
}
