import type { Problem } from "../problems";
import type { EnvironmentParts } from "../schema/schema";

/** A problem that a check finds. Without `found`, it is the value at `path`. */
export interface Finding extends Omit<Problem, "path" | "found"> {
  readonly path: readonly string[];
  readonly found?: string;
}

/** One finding where `isWrong`, none otherwise. */
export const findingIf = (isWrong: boolean, path: readonly string[], allowed: string): Finding[] =>
  isWrong ? [{ path, allowed }] : [];

/** What a check found in place of an option that must be there. */
export const missing = "is missing";

/** An environment: its name and its valid parts. */
export type Entry = readonly [name: string, parts: EnvironmentParts];

/** The entries of `record` that have a value. */
export const present = <Value>(record: Readonly<Record<string, Value>> = {}): [string, NonNullable<Value>][] =>
  Object.entries(record).filter((entry): entry is [string, NonNullable<Value>] => entry[1] !== undefined);
