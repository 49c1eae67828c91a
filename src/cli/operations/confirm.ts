import { createInterface, type Interface } from "node:readline/promises";
import { UserError } from "../../user-error";

/** Where a question is asked: the process's own terminal, or a test's. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  /** Standard error: standard output is for what the command prints. */
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/**
 * Asks before a command writes. Print what it will write first.
 *
 * @param question such as `Write 2 files?` @param options.yes whether `--yes` was given. @param options.otherwise how to
 * look without writing, such as `--check only reports`.
 * @returns whether the answer was yes; an empty answer, Ctrl-C and Ctrl-D are no.
 * @throws UserError when there is no terminal to ask on.
 */
export async function confirm(
  question: string,
  { yes, otherwise }: { readonly yes?: boolean | undefined; readonly otherwise?: string },
  { input, output }: Terminal = { input: process.stdin, output: process.stderr },
): Promise<boolean> {
  if (yes) return true;
  if (!input.isTTY || !output.isTTY) {
    throw new UserError(
      "Nothing was written: there is no terminal to ask on. Add --yes to write what is listed above" +
        `${otherwise ? `; ${otherwise}` : ""}.`,
    );
  }
  return /^y(es)?$/i.test((await ask(`${question} [y/N] `, { input, output })) ?? "");
}

/**
 * Asks a question on a terminal.
 * @returns the answer without blanks around it; `undefined` for Ctrl-C and Ctrl-D.
 */
export async function ask(
  question: string,
  terminal: Terminal = { input: process.stdin, output: process.stderr },
): Promise<string | undefined> {
  const questions = new Questions(terminal);
  try {
    return await questions.ask(question);
  } finally {
    questions.end();
  }
}

/** Questions on one terminal, one after another. Lines that are typed or pasted ahead answer the next ones. */
export class Questions {
  readonly #readline: Interface;
  readonly #lines: AsyncIterator<string>;

  constructor(private readonly terminal: Terminal = { input: process.stdin, output: process.stderr }) {
    this.#readline = createInterface(terminal);
    this.#lines = this.#readline[Symbol.asyncIterator]();
  }

  /** @returns the answer without blanks around it; `undefined` for Ctrl-C and Ctrl-D, which end all questions. */
  async ask(question: string): Promise<string | undefined> {
    const next = this.#lines.next();
    this.#readline.setPrompt(question);
    this.#readline.prompt();
    const { value, done } = await next;
    if (!done) return value.trim();
    this.terminal.output.write("\n");
    return undefined;
  }

  end(): void {
    this.#readline.close();
  }
}
