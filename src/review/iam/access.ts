import { matchesAction } from "../../aws/iam";
import { conditionsHold, every, some, type RequestContext } from "./conditions";
import { managedName, type Permissions } from "./policies";

/** What a role asks for. */
export interface AccessRequest {
  /** Such as `ssm:GetParameters`. */
  readonly action: string;
  /** Whether a statement's resource covers what is asked for; `undefined` where that isn't known. */
  readonly matches: (pattern: string) => boolean | undefined;
  readonly context: RequestContext;
}

const pull = ["ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];

/**
 * What policies of AWS allow of the actions that the checks look for.
 * Source: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
const managedPolicies: readonly (readonly [name: RegExp, actions: readonly string[]])[] = [
  [/^(AmazonECSTaskExecutionRolePolicy|AmazonEC2ContainerRegistryReadOnly)$/, pull],
  [/^AmazonEC2ContainerRegistryPullOnly$/, [...pull, "ecr:BatchImportUpstreamImage"]],
  [/^AmazonEC2ContainerRegistryPowerUser$/, pull],
  [/^AmazonEC2ContainerServiceEventsRole$/, ["ecs:RunTask", "iam:PassRole"]],
  [/^(CloudWatchLogsFullAccess|CloudWatchAgentServerPolicy|AWSX[Rr]ay(DaemonWriteAccess|WriteOnlyAccess))$/, []],
];

/**
 * Whether a role's policies allow it something; `undefined` where they aren't known. Statements that deny, boundaries, and
 * policies of the resource aren't read.
 */
export function mayDo(permissions: Permissions, request: AccessRequest): boolean | undefined {
  const { statements, managed, open, unrecorded } = permissions;
  const answers = statements.map((statement) => {
    if (!statement.actions.some((pattern) => matchesAction(request.action, pattern))) return false;
    const { resources, conditions } = statement;
    return every([some(resources.map(request.matches)), conditions && conditionsHold(conditions, request.context)]);
  });
  const answer = some([...answers, ...managed.map((arn) => allowedBy(managedName(arn), request.action))]);
  return answer === false && (open || unrecorded || statements.some((statement) => statement.open))
    ? undefined
    : answer;
}

function allowedBy(name: string, action: string): boolean | undefined {
  return managedPolicies.find(([known]) => known.test(name))?.[1].includes(action);
}
