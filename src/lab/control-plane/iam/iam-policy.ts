import { conditionHolds, matchesWildcard } from "./iam-condition";
import type { ConditionBlock, RequestContext } from "./iam-condition";

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
  // Actions are compared without regard to case, resources with it.
  const matchesAction = (patterns: OneOrMore) =>
    list(patterns).some((pattern) => matchesWildcard(action.toLowerCase(), pattern.toLowerCase()));
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
