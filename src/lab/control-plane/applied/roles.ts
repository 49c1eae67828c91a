import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
} from "@aws-sdk/client-iam";
import { accountOf, lastPartOf, parseArn } from "../../../aws/arn";
import type { AwsClients } from "../../local-aws/aws-clients";
import { type ConditionBlock, conditionHolds, type PolicyDocument, type RolePermissions } from "../access/iam-policy";

/** A role with everything that decides what it may do, and who may assume it. */
export interface AppliedRole extends RolePermissions {
  readonly arn: string;
  readonly name: string;
  readonly trustPolicy: TrustPolicy;
}

interface TrustPolicy {
  readonly Statement: TrustStatement | readonly TrustStatement[];
}

interface TrustStatement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Principal?: "*" | Readonly<Record<string, string | readonly string[]>>;
  readonly Condition?: ConditionBlock;
}

/** `undefined` when there is no such role. */
export async function readRole(clients: AwsClients, arn: string): Promise<AppliedRole | undefined> {
  const { iam } = clients;
  const name = lastPartOf(arn);
  const role = await iam.send(new GetRoleCommand({ RoleName: name })).then(
    ({ Role }) => Role,
    (error: Error) => {
      if (error.name.startsWith("NoSuchEntity")) return undefined;
      throw error;
    },
  );
  if (!role) return undefined;
  const policies: PolicyDocument[] = [];
  for await (const page of paginateListAttachedRolePolicies({ client: iam }, { RoleName: name })) {
    for (const policy of page.AttachedPolicies ?? []) policies.push(await managedPolicy(clients, policy.PolicyArn!));
  }
  for await (const page of paginateListRolePolicies({ client: iam }, { RoleName: name })) {
    for (const policy of page.PolicyNames ?? []) {
      const inline = await iam.send(new GetRolePolicyCommand({ RoleName: name, PolicyName: policy }));
      policies.push(document(inline.PolicyDocument));
    }
  }
  const boundary = role.PermissionsBoundary?.PermissionsBoundaryArn;
  return {
    arn,
    name,
    trustPolicy: document(role.AssumeRolePolicyDocument),
    policies,
    boundary: boundary ? await boundaryPolicy(clients, boundary) : undefined,
  };
}

/**
 * Whether ECS may take the role for a task in a region: it names the account, and an ARN that only `<account>:*` covers.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cross-service-confused-deputy-prevention.html
 *
 * @throws Error as {@link trusts}
 */
export function trustsEcsTasks(role: AppliedRole, region: string): boolean {
  const { partition, account } = parseArn(role.arn) ?? {};
  return trusts(role, "ecs-tasks.amazonaws.com", `arn:${partition}:ecs:${region}:${account}:*`);
}

/**
 * Whether a service of AWS may take the role.
 * @param principal such as `scheduler.amazonaws.com` @param source ARN of what it takes it for, in the role's account
 * @throws Error when a condition uses an operator that the lab doesn't evaluate.
 */
export function trusts({ arn, trustPolicy }: AppliedRole, principal: string, source: string): boolean {
  const context = { "aws:SourceAccount": accountOf(arn)!, "aws:SourceArn": source };
  const list = <Value>(value: Value | readonly Value[] | undefined): Value[] =>
    value === undefined ? [] : ([value].flat() as Value[]);
  return list<TrustStatement>(trustPolicy.Statement).some((statement) => {
    const principals = statement.Principal === "*" ? ["*"] : list<string>(statement.Principal?.["Service"]);
    return (
      statement.Effect === "Allow" &&
      list<string>(statement.Action).some((action) => ["sts:AssumeRole", "sts:*", "*"].includes(action)) &&
      principals.some((one) => one === "*" || one === principal) &&
      conditionHolds(statement.Condition ?? {}, context)
    );
  });
}

/** An organization's boundary isn't in local AWS, unless the configuration creates it: it then limits nothing here. */
async function boundaryPolicy(clients: AwsClients, arn: string): Promise<PolicyDocument | undefined> {
  return managedPolicy(clients, arn).catch((error: Error) => {
    if (error.name.startsWith("NoSuchEntity")) return undefined;
    throw error;
  });
}

async function managedPolicy({ iam }: AwsClients, arn: string): Promise<PolicyDocument> {
  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn: arn }));
  const version = await iam.send(new GetPolicyVersionCommand({ PolicyArn: arn, VersionId: Policy!.DefaultVersionId! }));
  return document(version.PolicyVersion?.Document);
}

/** IAM gives documents URL-encoded. */
const document = <Document>(encoded: string | undefined): Document => JSON.parse(decodeURIComponent(encoded ?? "{}"));
