import { systemErrorText } from "../system-error";
import { json } from "./json";
import type { Markup } from "./markup";
import { visibleLines, withoutCommands } from "./visible";

/** Where text is written to. */
export interface Stream {
  write(text: string): unknown;
}

/** Text for a terminal or a pipeline's log: markup as it is, plain text with hidden characters made visible. */
export type Printable = string | Markup<"terminal"> | Markup<"markdown"> | Markup<"json">;

/** The text to write. Line ends in plain text stay, because our own messages have several lines. */
export function printable(text: Printable): string {
  return withoutCommands(typeof text === "string" ? visibleLines(text) : String(text));
}

/** Writes text, without a line end of its own. */
export function write(text: Printable, stream: Stream = process.stdout): void {
  stream.write(printable(text));
}

/** Writes exact bytes to standard output: for a program, not for a terminal. */
export function writeBytes(bytes: Uint8Array): void {
  process.stdout.write(bytes);
}

/** Prints lines to standard output. */
export function print(text: Printable, stream: Stream = process.stdout): void {
  stream.write(`${printable(text)}\n`);
}

/** Prints lines to standard error. */
export function printError(text: Printable): void {
  print(text, process.stderr);
}

/** Clears the terminal, if there is one. */
export function clear(): void {
  if (process.stdout.isTTY) console.clear();
}

/** Prints an unexpected error to standard error: in words, or with `whole` its stack trace. */
export function printUnexpected(error: unknown, whole: boolean): void {
  const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined };
  printError(whole ? (stack ?? message) : `error: ${systemErrorText(error) ?? message}`);
}

/** Prints a value as JSON to standard output: on one line, or indented by two spaces. */
export function printJson(value: unknown, { oneLine = false } = {}): void {
  print(json(value, oneLine ? undefined : 2));
}
