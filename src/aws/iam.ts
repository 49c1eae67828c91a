/**
 * Whether a pattern of a policy covers a value: `*` stands for any characters, slashes and colons included, `?` for one.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function matchesWildcard(value: string, pattern: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${source}$`, "s").test(value);
}

/** Whether a pattern such as `ssm:Get*` covers an action: IAM compares actions without regard to case. */
export const matchesAction = (action: string, pattern: string): boolean =>
  matchesWildcard(action.toLowerCase(), pattern.toLowerCase());

type Comparison = (actual: string, expected: string) => boolean;
const equal: Comparison = (actual, expected) => actual === expected;
const equalIgnoringCase: Comparison = (actual, expected) => actual.toLowerCase() === expected.toLowerCase();

/** How a condition operator compares a key's value with one of the condition's. A negated one also holds for an absent key. */
export interface ConditionOperator {
  readonly compare: Comparison;
  readonly negated?: boolean;
}

/** IAM's operators for text and ARNs. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
export const conditionOperators: Readonly<Record<string, ConditionOperator>> = {
  StringEquals: { compare: equal },
  StringNotEquals: { compare: equal, negated: true },
  StringEqualsIgnoreCase: { compare: equalIgnoringCase },
  StringNotEqualsIgnoreCase: { compare: equalIgnoringCase, negated: true },
  StringLike: { compare: matchesWildcard },
  StringNotLike: { compare: matchesWildcard, negated: true },
  ArnEquals: { compare: matchesWildcard },
  ArnNotEquals: { compare: matchesWildcard, negated: true },
  ArnLike: { compare: matchesWildcard },
  ArnNotLike: { compare: matchesWildcard, negated: true },
  Bool: { compare: equalIgnoringCase },
};
