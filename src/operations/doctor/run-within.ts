import { execa, type Options } from "execa";

/** A command's output, and how it ended. */
export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
  /** `undefined` when a signal ended the command, or it couldn't be started. */
  readonly exitCode: number | undefined;
}

/** Maximum of characters that a command may print, so that an endless answer doesn't fill the memory. */
const maxPrinted = 1024 * 1024;

/**
 * Runs a command with a timeout. It doesn't wait for processes that the command leaves behind, such as a session's plugin:
 * it closes their input and output.
 *
 * @throws Error after the timeout.
 */
export async function runWithin(
  seconds: number,
  file: string,
  args: readonly string[],
  { shell = false, stdin = "pipe" }: Pick<Options, "shell" | "stdin"> = {},
): Promise<Printed> {
  const child = execa(file, args, { shell, stdin, reject: false, maxBuffer: maxPrinted });
  let isOver = false;
  const end = setTimeout(() => {
    isOver = true;
    child.kill();
    for (const stream of child.stdio) stream?.destroy();
  }, seconds * 1000);
  const { stdout, stderr, exitCode, isMaxBuffer } = await child;
  clearTimeout(end);
  if (isOver) throw new Error(`no answer within ${seconds} s`);
  if (isMaxBuffer) throw new Error("its answer is longer than 1 MiB");
  return { stdout, stderr, exitCode };
}
