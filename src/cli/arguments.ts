import { InvalidArgumentError } from "commander";
import { UserError } from "../user-error";

/** Parses a finite number above 0. */
export function positiveNumber(text: string): number {
  const number = Number(text);
  if (!Number.isFinite(number) || number <= 0) throw new InvalidArgumentError("Give a number above 0.");
  return number;
}

/** Parses a whole number of at least `least`. */
export const wholeNumber =
  (least: number) =>
  (text: string): number => {
    const number = Number(text);
    if (Number.isInteger(number) && number >= least) return number;
    throw new InvalidArgumentError(`Give a whole number, ${least} or more.`);
  };

/** Collects the values of a repeatable option. */
export const repeated = (value: string, all: readonly string[] = []): readonly string[] => [...all, value];

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/**
 * Parses a time, such as `10m` ago or `2026-11-26T09:30Z`.
 * @param now milliseconds since 1970. @returns milliseconds since 1970. @throws UserError
 */
export function pointInTime(text: string, now: number): number {
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text) ?? [];
  const at = number === undefined ? Date.parse(text) : now - Number(number) * unitSeconds[unit]! * 1000;
  if (Number.isNaN(at) || (number === undefined && !/^\d{4}-\d\d-\d\d/.test(text))) {
    throw new UserError(
      `"${text}" is not a time. Give how long ago (90s, 10m, 2h, 7d), or a time such as 2026-11-26T09:30Z.`,
    );
  }
  return Math.round(at);
}
