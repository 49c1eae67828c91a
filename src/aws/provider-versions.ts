/** The oldest AWS provider that every configuration works with, and the one that the tests and local AWS run. */
export const oldestAwsProvider = "5.100.0";

/** The versions of the AWS provider that a stack allows with all attributes above `lowerBound`: none of the next major. */
export const awsProviderRange = (lowerBound: string = oldestAwsProvider): string => `>= ${lowerBound}, < 7.0.0`;
