/**
 * The meaning of a container's exit code. Above 128 it is 128 + the signal that ended the process.
 * Sources: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html,
 * https://www.gnu.org/software/bash/manual/html_node/Exit-Status.html
 */
const meanings: Readonly<Record<number, string>> = {
  0: "it ended without an error",
  1: "the application reported an error, or crashed while it started",
  126: "its command can't be executed: no permission, or another processor architecture",
  127: "its command, or a program or library that it needs, isn't in the image",
  134: "it aborted itself (SIGABRT), for instance in native code",
  137: "it was killed (SIGKILL): out of memory, or still running after stopTimeout",
  139: "it crashed in native code (SIGSEGV), for instance in a NIF",
  143: "it stopped after SIGTERM",
  255: "its command failed before the application ran, for instance because of another processor architecture",
};

/** The meaning of an exit code; `undefined` when it only means an error of the application. */
export function exitMeaning(code: number): string | undefined {
  const known = meanings[code];
  if (known !== undefined || code <= 128 || code > 128 + 64) return known;
  return `signal ${code - 128} ended it`;
}

/** `exit code 137: it was killed …`. */
export function exitInWords(code: number): string {
  const meaning = exitMeaning(code);
  return `exit code ${code}${meaning === undefined ? "" : `: ${meaning}`}`;
}
