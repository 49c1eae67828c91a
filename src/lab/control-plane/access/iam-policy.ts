import { conditionOperators, matchesAction as covers, matchesWildcard } from "../../../aws/iam";

type OneOrMore = string | readonly string[];

/** A statement of an identity-based policy. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html */
interface PolicyStatement {
  readonly Effect: "Allow" | "Deny";
  readonly Action?: OneOrMore;
  readonly NotAction?: OneOrMore;
  readonly Resource?: OneOrMore;
  readonly NotResource?: OneOrMore;
  readonly Condition?: ConditionBlock;
}

/** A policy document as IAM stores it. */
export interface PolicyDocument {
  readonly Statement: PolicyStatement | readonly PolicyStatement[];
}

/** A role's permissions: its attached and inline policies, and its boundary if it has one. */
export interface RolePermissions {
  readonly policies: readonly PolicyDocument[];
  readonly boundary?: PolicyDocument;
}

export interface AccessRequest {
  /** Such as `ssm:GetParameters`. */
  readonly action: string;
  /** ARN. */
  readonly resource: string;
  /** Condition keys of the request. A key that is not among them is absent, as IAM means it. @default none */
  readonly context?: RequestContext;
}

/** Whether a role may do something, and in IAM's words why not. */
export type Access = { readonly allowed: true } | { readonly allowed: false; readonly because: string };

/**
 * Evaluates a role's policies as IAM does: a Deny wins, else an Allow is needed, and one in the boundary too.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 *
 * @throws Error when a condition uses an operator that is not evaluated here.
 */
export function evaluateAccess(role: RolePermissions, request: AccessRequest): Access {
  const statements = role.policies.flatMap(statementsOf);
  const refused = (because: string): Access => ({ allowed: false, because });
  if (statements.some((statement) => statement.Effect === "Deny" && applies(statement, request))) {
    return refused(`with an explicit deny in an identity-based policy`);
  }
  if (!allows(statements, request))
    return refused(`because no identity-based policy allows the ${request.action} action`);
  if (role.boundary && !allows(statementsOf(role.boundary), request)) {
    return refused(`because no permissions boundary allows the ${request.action} action`);
  }
  return { allowed: true };
}

const allows = (statements: readonly PolicyStatement[], request: AccessRequest): boolean =>
  statements.some((statement) => statement.Effect === "Allow" && applies(statement, request)) &&
  !statements.some((statement) => statement.Effect === "Deny" && applies(statement, request));

function applies(statement: PolicyStatement, { action, resource, context }: AccessRequest): boolean {
  const matchesAction = (patterns: OneOrMore) => list(patterns).some((pattern) => covers(action, pattern));
  const matchesResource = (patterns: OneOrMore) => list(patterns).some((pattern) => matchesWildcard(resource, pattern));
  return (
    (statement.Action ? matchesAction(statement.Action) : !matchesAction(statement.NotAction ?? "*")) &&
    (statement.Resource ? matchesResource(statement.Resource) : !matchesResource(statement.NotResource ?? "*")) &&
    conditionHolds(statement.Condition ?? {}, context ?? {})
  );
}

const list = (values: OneOrMore): readonly string[] => (typeof values === "string" ? [values] : values);

const statementsOf = (policy: PolicyDocument): readonly PolicyStatement[] =>
  Array.isArray(policy.Statement) ? policy.Statement : [policy.Statement as PolicyStatement];

/** Operator → condition key → values: any of the values, every key, every operator. */
export type ConditionBlock = Readonly<
  Record<string, Readonly<Record<string, string | boolean | readonly (string | boolean)[]>>>
>;

/** Condition keys of a request, such as `aws:RequestedRegion`. */
export type RequestContext = Readonly<Record<string, string>>;

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
  const operator = conditionOperators[name.replace(/IfExists$/, "")];
  if (!operator) {
    throw new Error(
      `The lab does not evaluate IAM's condition operator ${name}, only Null, ${Object.keys(conditionOperators).join(", ")} and ` +
        `their IfExists forms. Take it out of the execution role for a run in the lab.`,
    );
  }
  if (actual === undefined) return name.endsWith("IfExists") || operator.negated === true;
  return expected.some((value) => operator.compare(actual, value)) !== (operator.negated ?? false);
}
