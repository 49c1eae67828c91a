import { kindOf, type Resource, type Resources } from "../read/resources";
import { blocks, isReference, list, openBlocks, type Value, type Values } from "../read/value";

/** One `Allow` of a policy. */
export interface Statement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly hasCondition: boolean;
  /** Whether some of its actions or resources aren't known before apply. */
  readonly open: boolean;
  /** The resource whose policy it stands in. */
  readonly address: string;
}

/** What a role may do. */
export interface Permissions {
  readonly statements: readonly Statement[];
  /** ARNs of policies that AWS manages. */
  readonly managed: readonly string[];
  /** Whether some of it isn't known before apply. */
  readonly open: boolean;
}

/** The role that an ARN or a reference means, when it is in the plan. */
export function roleOf(value: Value | undefined, resources: Resources): Resource | undefined {
  const found = resources.named(value, "aws_iam_role");
  if (found || typeof value !== "string") return found;
  const name = value.replace(/^arn:.*role\/(?:.*\/)?/, "");
  return resources.of("aws_iam_role").find(({ values }) => values.name === name);
}

/** Gathers what a role may do from inline policies, policy resources and attachments. */
export function permissionsOf(role: Resource, resources: Resources): Permissions {
  const statements: Statement[] = [];
  const managed: string[] = [];
  let open = false;
  const add = (policy: Value | undefined, address: string) => {
    const read = readPolicy(policy, address, resources);
    if (read) statements.push(...read);
    else open = true;
  };
  const attach = (arn: Value | undefined) => {
    const policy = resources.named(arn, "aws_iam_policy");
    if (policy) add(policy.values.policy, policy.address);
    else if (typeof arn === "string" && arn.includes(":aws:policy/")) managed.push(arn);
    else open = true;
  };
  const mine = ({ values }: Resource) => roleOf(values.role, resources) === role;
  for (const { policy } of blocks(role.values.inline_policy)) add(policy, role.address);
  const arns = list(role.values.managed_policy_arns);
  arns.members.forEach(attach);
  for (const resource of resources.of("aws_iam_role_policy").filter(mine))
    add(resource.values.policy, resource.address);
  for (const resource of resources.of("aws_iam_role_policy_attachment").filter(mine))
    attach(resource.values.policy_arn);
  return { statements, managed, open };
}

function readPolicy(
  policy: Value | undefined,
  address: string,
  resources: Resources,
): readonly Statement[] | undefined {
  if (typeof policy === "string") return readDocument(policy, address);
  if (isReference(policy)) {
    const document = resources.at(policy.address);
    if (document && kindOf(document) === "data.aws_iam_policy_document" && !openBlocks(document.values.statement))
      return blocks(document.values.statement)
        .filter(allows)
        .map((statement) => fromBlock(statement, address));
  }
  return policy === undefined || policy === null ? [] : undefined;
}

function allows({ effect }: Values): boolean {
  return (effect ?? "Allow") === "Allow";
}

function fromBlock(statement: Values, address: string): Statement {
  return {
    actions: anyBut(list(statement.not_actions).members) ?? list(statement.actions).members.map(String),
    resources:
      anyBut(list(statement.not_resources).members) ??
      list(statement.resources).members.map((member) =>
        isReference(member) ? `\${${member.address}.${member.attribute}}` : member,
      ),
    hasCondition: blocks(statement.condition).length > 0,
    open: [statement.actions, statement.resources].some((value) => list(value).open !== undefined),
    address,
  };
}

function readDocument(source: string, address: string): readonly Statement[] | undefined {
  try {
    const document = JSON.parse(source) as { Statement?: unknown };
    const statements = Array.isArray(document.Statement) ? document.Statement : [document.Statement];
    return statements.filter(isAllow).map((statement) => ({
      actions: anyBut(texts(statement.NotAction)) ?? texts(statement.Action),
      resources: anyBut(texts(statement.NotResource)) ?? texts(statement.Resource),
      hasCondition: statement.Condition !== undefined,
      open: false,
      address,
    }));
  } catch {
    return undefined;
  }
}

/** All but a few is taken for all: nobody lists what matters there. */
function anyBut(few: readonly unknown[]): readonly string[] | undefined {
  return few.length > 0 ? ["*"] : undefined;
}

function isAllow(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && (value as { Effect?: unknown }).Effect === "Allow";
}

function texts(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).filter((entry): entry is string => typeof entry === "string");
}

/** The name of a policy that AWS manages: `AdministratorAccess`. */
export function managedName(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}

/** Whether a pattern of a policy (`ssm:Get*`) covers an action. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html */
export function covers(pattern: string, action: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${expression}$`, "i").test(action);
}
