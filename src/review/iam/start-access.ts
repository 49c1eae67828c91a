import { text, isAbsent, isReference, isUnknown, type Value } from "../read/value";
import type { Place } from "../read/provider";
import type { Resource, Resources } from "../read/resources";
import { mayDo } from "./access";
import { anything, covers } from "./conditions";
import { permissionsOf, roleOf, type Permissions } from "./policies";
import { partitionOf } from "./trust";

/** What a role would start: the newest revision of a family, or one. */
export interface StartedTask {
  /** The task definition that a schedule names, or only its ARN. */
  readonly definition: Resource | undefined;
  readonly target: Value | undefined;
  /** ARN of the ECS cluster. */
  readonly cluster: Value | undefined;
  readonly place: Place;
}

/**
 * What a role surely may not do and has to, so that EventBridge can start a task with it, as `ecs:RunTask on …`.
 * Sources: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/CWE_IAM_role.html,
 * https://github.com/aws/aws-cdk/issues/30390 (AWS compares with a revision, whether the request names one or not)
 */
export function missingForStart(role: Resource, task: StartedTask, resources: Resources): readonly string[] {
  const permissions = permissionsOf(role, resources);
  const passed = [...new Set([task.definition?.values.execution_role_arn, task.definition?.values.task_role_arn])];
  return [...missingRun(permissions, task), ...passed.flatMap((arn) => missingPass(permissions, arn, task, resources))];
}

function missingRun(permissions: Permissions, { definition, target, cluster, place }: StartedTask): readonly string[] {
  const arn = text(target)?.replace(/^arn:.*task-definition\//, "");
  const family = text(definition?.values.family) ?? arn?.replace(/:\d+$/, "");
  if (family === undefined) return [];
  const { region = anything, account = anything } = place;
  const revision = /:(\d+)$/.exec(arn ?? "")?.[1] ?? anything;
  const started = `arn:${partitionOf(place.region)}:ecs:${region}:${account}:task-definition/${family}:${revision}`;
  const allowed = mayDo(permissions, {
    action: "ecs:RunTask",
    matches: (pattern) => (pattern.endsWith(".arn_without_revision}") ? false : covers(pattern, started)),
    context: { "ecs:cluster": text(cluster) ?? anything },
  });
  return allowed === false
    ? [`ecs:RunTask on task-definition/${family}:${revision === anything ? "*" : revision}`]
    : [];
}

function missingPass(
  permissions: Permissions,
  passed: Value | undefined,
  { place }: StartedTask,
  resources: Resources,
): readonly string[] {
  if (isAbsent(passed) || isUnknown(passed)) return [];
  const role = roleOf(passed, resources);
  const arn = text(passed) ?? text(role?.values.arn) ?? (role && arnOf(role, place));
  if (arn === undefined) return [];
  const matches = (pattern: string) => {
    const named = /^\$\{([^}]+)\.arn\}$/.exec(pattern)?.[1];
    const other = named === undefined ? undefined : resources.at(named);
    return role && other?.type === "aws_iam_role" ? other === role : covers(pattern, arn);
  };
  const context = { "iam:PassedToService": "ecs-tasks.amazonaws.com" };
  const allowed = mayDo(permissions, { action: "iam:PassRole", matches, context });
  const name = text(role?.values.name) ?? (isReference(passed) ? passed.address : arn.replace(/^.*role\//, ""));
  return allowed === false ? [`iam:PassRole on role ${name}`] : [];
}

/** The ARN that a role will have. */
function arnOf({ values }: Resource, { region, account = anything }: Place): string {
  const path = isAbsent(values.path) ? "/" : (text(values.path) ?? anything);
  return `arn:${partitionOf(region)}:iam::${account}:role${path}${text(values.name) ?? anything}`;
}
