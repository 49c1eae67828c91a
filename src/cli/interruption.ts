import { printError } from "../foreign-text";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A command that can be interrupted. */
export interface Interruption {
  /** Aborted by the first Ctrl-C, SIGTERM or SIGHUP. */
  readonly signal: AbortSignal;
  /** Gives the signals their usual effect back. */
  end(): void;
}

/**
 * Catches the signals that would end this process, for as long as it has something to clean up. The first aborts; a further
 * one changes nothing, so that impatience doesn't skip the clean-up, and gets `text` as its answer.
 *
 * @param text what goes on after the signal, a sentence.
 */
export function interruption(text: string): Interruption {
  const controller = new AbortController();
  const interrupt = () => {
    printError(text);
    controller.abort();
  };
  for (const signal of signals) process.on(signal, interrupt);
  return {
    signal: controller.signal,
    end: () => {
      for (const signal of signals) process.off(signal, interrupt);
    },
  };
}
