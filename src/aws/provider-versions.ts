/** The oldest AWS provider that every configuration works with, and the one that the tests and local AWS run. */
export const oldestAwsProvider = "5.100.0";

/** The versions of the AWS provider that a stack allows with all attributes above `lowerBound`: none of the next major. */
export const awsProviderRange = (lowerBound: string = oldestAwsProvider): string => `>= ${lowerBound}, < 7.0.0`;

/**
 * Whether a Terraform version constraint allows no version from `version` on: because of an upper bound, or because it names
 * one older version.
 * Source: https://developer.hashicorp.com/terraform/language/expressions/version-constraints
 */
export function excludesVersion(constraint: string, version: string): boolean {
  return constraint.split(",").some((part) => {
    const [, operator = "=", bound] = /^ *(=|!=|>=?|<=?|~>)? *([0-9.]+)/.exec(part)!;
    const numbers = numbersOf(bound!);
    if (operator === "<") return compare(numbers, numbersOf(version)) <= 0;
    if (operator === "=" || operator === "<=") return compare(numbers, numbersOf(version)) < 0;
    if (operator !== "~>" || numbers.length < 2) return false;
    // The last number may grow, so the bound is the next of the one before it.
    const next = [...numbers.slice(0, -2), numbers.at(-2)! + 1];
    return compare(next, numbersOf(version)) <= 0;
  });
}

/** Whether the version `a` is lower than `b`. */
export const isOlder = (a: string, b: string): boolean => compare(numbersOf(a), numbersOf(b)) < 0;

const numbersOf = (version: string): number[] => version.split(".").map(Number);

/** Below, equal to or above 0, as `a` is lower than, equal to or higher than `b`. Missing numbers are 0. */
function compare(a: readonly number[], b: readonly number[]): number {
  const at = [0, 1, 2].find((index) => (a[index] ?? 0) !== (b[index] ?? 0));
  return at === undefined ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
