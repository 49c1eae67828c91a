import { isConfigured } from "../read/configured";
import type { Resource, Resources } from "../read/resources";
import { blocks, isReference, isUnknown, list, openBlocks, text, type Value, type Values } from "../read/value";
import { readPolicy, type Statement } from "./documents";

/** What a role may do. */
export interface Permissions {
  readonly statements: readonly Statement[];
  /** ARNs of policies that AWS manages. */
  readonly managed: readonly string[];
  /** Whether some of it isn't known before apply. */
  readonly open: boolean;
  /** Whether a `dynamic "inline_policy"` block may give it more: a plan of a new role doesn't show whether there is one. */
  readonly unrecorded: boolean;
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
  const gathered = new Gathered(resources);
  gathered.own(role);
  for (const resource of resources.of("aws_iam_role_policy", "aws_iam_role_policy_attachment")) {
    const mine = isFor(resource.values.role, role, resources);
    if (mine === undefined) gathered.open = true;
    else if (mine) gathered.policyOf(resource);
  }
  for (const resource of resources.of("aws_iam_policy_attachment")) {
    const { members, open } = list(resource.values.roles);
    const mine = members.map((member) => isFor(member, role, resources));
    if (mine.includes(true)) gathered.policyOf(resource);
    else if (open || mine.includes(undefined)) gathered.open = true;
  }
  const { statements, managed, open } = gathered;
  const unrecorded = statements.length === 0 && managed.length === 0 && gathered.unrecorded;
  return { statements, managed, open, unrecorded };
}

/** Whether a policy's `role` is this one; `undefined` where that is unknown before apply. */
function isFor(value: Value | undefined, role: Resource, resources: Resources): boolean | undefined {
  const found = roleOf(value, resources);
  if (found) return found === role;
  if (isReference(value)) return resources.at(value.address)?.type === "aws_iam_role" ? false : undefined;
  if (!isUnknown(value)) return false;
  const others = value.candidates?.map((candidate) => roleOf(candidate, resources));
  return others?.every((other) => other && other !== role) ? false : undefined;
}

/** What is known of a role's policies so far. */
class Gathered {
  readonly statements: Statement[] = [];
  readonly managed: string[] = [];
  open = false;
  unrecorded = false;

  constructor(private readonly resources: Resources) {}

  /** The role's own blocks and arguments, where the configuration sets them. */
  own(role: Resource): void {
    const { inline_policy: inline, managed_policy_arns: arns } = role.values;
    if (isConfigured(role, "inline_policy")) {
      if (openBlocks(inline)) this.open = true;
      for (const { policy } of blocks(inline)) this.add(policy, role.address);
    } else {
      this.unrecorded = isUnknown(inline);
      // Nothing of this plan takes away what no policy resource put there.
      const names = blocks(inline).map(({ name }) => text(name));
      const known = policiesBefore(role, "aws_iam_role_policy", "name", this.resources);
      if (names.some((name) => name !== undefined && name !== "" && !known.has(name))) this.open = true;
    }
    const { members, open } = list(arns);
    if (isConfigured(role, "managed_policy_arns")) {
      if (open) this.open = true;
      members.forEach((arn) => this.attach(arn));
    } else {
      const known = policiesBefore(role, "aws_iam_role_policy_attachment", "policy_arn", this.resources);
      if (members.some((arn) => typeof arn !== "string" || !known.has(arn))) this.open = true;
    }
  }

  /** The policy of an `aws_iam_role_policy` or an attachment. */
  policyOf({ type, values, address }: Resource): void {
    if (type === "aws_iam_role_policy") this.add(values.policy, address);
    else this.attach(values.policy_arn);
  }

  private attach(arn: Value | undefined): void {
    const policy = this.resources.named(arn, "aws_iam_policy");
    if (policy) this.add(policy.values.policy, policy.address);
    else if (typeof arn === "string" && arn.includes(":aws:policy/")) this.managed.push(arn);
    else this.open = true;
  }

  private add(policy: Value | undefined, address: string): void {
    const { statements, open } = readPolicy(policy, address, this.resources);
    this.statements.push(...statements);
    if (open) this.open = true;
  }
}

/** What policy resources gave a role before this plan, by the attribute that tells one from another. */
function policiesBefore(role: Resource, type: string, attribute: string, resources: Resources): ReadonlySet<string> {
  const name = text(role.before?.name);
  if (name === undefined) return new Set();
  const found = [...resources.all(), ...resources.destroyed].flatMap(({ type: each, before }) => {
    const mine =
      each === type
        ? before?.role === name
        : attribute === "policy_arn" && each === "aws_iam_policy_attachment" && attaches(before, name);
    const value = mine ? text(before?.[attribute]) : undefined;
    return value === undefined ? [] : [value];
  });
  return new Set(found);
}

function attaches(before: Values | undefined, role: string): boolean {
  return list(before?.roles).members.includes(role);
}

/** The name of a policy that AWS manages: `AdministratorAccess`. */
export function managedName(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}
