/** Operator → condition key → values: any of the values, every key, every operator. */
export type ConditionBlock = Readonly<
  Record<string, Readonly<Record<string, string | boolean | readonly (string | boolean)[]>>>
>;

/** Condition keys of a request, such as `aws:RequestedRegion`. */
export type RequestContext = Readonly<Record<string, string>>;

/** `*` stands for any characters, slashes and colons included, `?` for one. */
export function matchesWildcard(value: string, pattern: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${source}$`, "s").test(value);
}

type Comparison = (actual: string, expected: string) => boolean;
const equal: Comparison = (actual, expected) => actual === expected;
const equalIgnoringCase: Comparison = (actual, expected) => actual.toLowerCase() === expected.toLowerCase();

/** The negated ones hold for an absent key. */
const operators: Readonly<Record<string, { readonly compare: Comparison; readonly negated?: boolean }>> = {
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

/**
 * Whether a statement's conditions hold for a request.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 *
 * @throws Error when an operator is not one of the string, ARN, Bool and Null ones.
 */
export function conditionHolds(condition: ConditionBlock, context: RequestContext): boolean {
  const actualOf = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]));
  return Object.entries(condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, expected]) => {
      const values = (Array.isArray(expected) ? expected : [expected]).map(String);
      return operatorHolds(operator, actualOf.get(key.toLowerCase()), values);
    }),
  );
}

function operatorHolds(name: string, actual: string | undefined, expected: readonly string[]): boolean {
  if (name === "Null") return expected.includes(String(actual === undefined));
  const operator = operators[name.replace(/IfExists$/, "")];
  if (!operator) {
    throw new Error(
      `The lab does not evaluate IAM's condition operator ${name}, only Null, ${Object.keys(operators).join(", ")} and ` +
        `their IfExists forms. Take it out of the execution role's policy for a run in the lab.`,
    );
  }
  if (actual === undefined) return name.endsWith("IfExists") || operator.negated === true;
  return expected.some((value) => operator.compare(actual, value)) !== (operator.negated ?? false);
}
