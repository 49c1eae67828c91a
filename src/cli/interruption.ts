import { printError } from "../foreign-text";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A command that can be interrupted. */
export interface Interruption {
  /** Aborted by the first Ctrl-C, SIGTERM or SIGHUP, and when nobody reads the output any more. */
  readonly signal: AbortSignal;
  /** Gives the signals their usual effect back. */
  end(): void;
}

/**
 * Catches what would end this process, for as long as it has something to clean up. The first signal aborts; a further one
 * changes nothing, so that impatience doesn't skip the clean-up, and gets `text` as its answer too.
 *
 * @param text what goes on after the signal, a sentence.
 */
export function interruption(text: string): Interruption {
  const controller = new AbortController();
  const interrupt = () => {
    printError(text);
    controller.abort();
  };
  // The terminal has gone, or a reader such as `head` has seen enough: without a listener that would end this process.
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

/** What commands that started processes do after the signal. */
export const endingAll = "Interrupted: ending everything that was started. Another Ctrl-C doesn't shorten it.";
