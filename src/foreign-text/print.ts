import { json } from "./json";
import type { Markup } from "./markup";
import { visibleLines, withoutCommands } from "./visible";

/** Where text is written to. */
export interface Stream {
  write(text: string): unknown;
}

/** What a terminal, or a pipeline's log, may be given: markup as it is; plain text with its hidden characters made visible. */
export type Printable = string | Markup<"terminal"> | Markup<"markdown"> | Markup<"json">;

/** The text that is written for it. Line ends in plain text stay: our own messages have several lines. */
export function printable(text: Printable): string {
  return withoutCommands(typeof text === "string" ? visibleLines(text) : String(text));
}

/** Writes text, without a line end of its own. */
export function write(text: Printable, stream: Stream = process.stdout): void {
  stream.write(printable(text));
}

/** Writes bytes to standard output as they are: for a program that reads them, not for a terminal. */
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

/** Clears the terminal, where there is one. */
export function clear(): void {
  if (process.stdout.isTTY) console.clear();
}

/** Prints an error nobody expected to standard error: its message, or where it was thrown too. */
export function printUnexpected(error: unknown, whole: boolean): void {
  const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined };
  printError(whole ? (stack ?? message) : `error: ${message}`);
}

/** Prints a value as JSON to standard output; on one line, or with two blanks a level. */
export function printJson(value: unknown, { oneLine = false } = {}): void {
  print(json(value, oneLine ? undefined : 2));
}
