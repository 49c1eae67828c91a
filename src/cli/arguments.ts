import { InvalidArgumentError } from "commander";

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
