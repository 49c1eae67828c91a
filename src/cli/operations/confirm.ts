import { createInterface } from "node:readline/promises";
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
 * @returns whether the answer was yes; an empty answer and Ctrl-D are no.
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
  return /^y(es)?$/i.test(await ask(`${question} [y/N] `, { input, output }));
}

/**
 * Asks a question on a terminal.
 * @returns the answer without blanks around it; an empty text for Ctrl-D.
 */
export async function ask(
  question: string,
  { input, output }: Terminal = { input: process.stdin, output: process.stderr },
): Promise<string> {
  const terminal = createInterface({ input, output });
  // Ctrl-D closes the question without an answer.
  const closed = new Promise<string>((resolve) => terminal.once("close", () => resolve("")));
  const answer = await Promise.race([terminal.question(question), closed]);
  terminal.close();
  return answer.trim();
}
