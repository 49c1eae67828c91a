import { execa, type Options } from "execa";

/** What a command printed, and how it ended. */
export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
  /** `undefined` when a signal ended it, or it couldn't be started. */
  readonly exitCode: number | undefined;
}

/** Characters that a command may print: an answer without end would fill the memory. */
const maxPrinted = 1024 * 1024;

/**
 * Runs a command for so many seconds at most. Processes that it leaves behind then, such as a session's plugin, aren't
 * waited for: their input and output are closed.
 *
 * @throws Error when the time is over.
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
