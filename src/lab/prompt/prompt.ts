import { createInterface, type Interface } from "node:readline/promises";
import type { Readable, Writable } from "node:stream";
import { print } from "../../foreign-text";

/** Where lines come from and text goes to. */
export interface InteractiveIo {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable & { readonly isTTY?: boolean };
  /** Told of each command before it is run. */
  readonly onCommand?: (line: string) => void;
  /** Ends the prompt as its own end of input does. */
  readonly signal?: AbortSignal;
}

type Completer = (line: string) => [string[], string];

/** Lines one by one, from a person with history and completion or from a script. */
export interface Prompt {
  /** `undefined` at the end: end of input, or Ctrl-C at the prompt. */
  next(): Promise<string | undefined>;
  close(): void;
}

export const isTerminal = ({ input, output }: InteractiveIo): boolean => Boolean(input.isTTY && output.isTTY);

export function openPrompt(io: InteractiveIo, prompt: string, completer: Completer): Prompt {
  return isTerminal(io) ? personsPrompt(io, prompt, completer) : scriptsPrompt(io, prompt);
}

/** A reader of its own for each line: between two of them the terminal belongs to the command, such as an IEx. */
function personsPrompt({ input, output, signal }: InteractiveIo, prompt: string, completer: Completer): Prompt {
  let history: string[] = [];
  const next = async (): Promise<string | undefined> => {
    const reader = createInterface({ input, output, completer, history, terminal: true });
    const given = new Promise<undefined>((resolve) => {
      reader.once("SIGINT", resolve);
      reader.once("close", resolve);
    });
    reader.on("history", (lines) => (history = lines));
    try {
      return await Promise.race([reader.question(prompt, signal ? { signal } : {}), given]);
    } catch {
      return undefined;
    } finally {
      reader.close();
    }
  };
  return { next, close: () => undefined };
}

/** Each line is shown as if it had been typed, so that what is printed can be read. */
function scriptsPrompt({ input, output, signal }: InteractiveIo, prompt: string): Prompt {
  const reader: Interface = createInterface({ input, terminal: false, ...(signal ? { signal } : {}) });
  const lines = reader[Symbol.asyncIterator]();
  const next = async (): Promise<string | undefined> => {
    const { value, done } = await lines.next();
    if (done) return undefined;
    print(`${prompt}${value}`, output);
    return value;
  };
  return { next, close: () => reader.close() };
}
