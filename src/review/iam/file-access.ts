import { matchesWildcard } from "../../aws/iam";
import type { Resource, Resources } from "../read/resources";
import { mayDo } from "./access";
import { permissionsOf } from "./policies";

/**
 * The actions that ECS needs for an environment file and that a role surely may not do.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html#task-execution-s3
 */
export function mayReadFile(file: string, role: Resource, resources: Resources): string[] {
  const permissions = permissionsOf(role, resources);
  const needed = [
    ["s3:GetObject", file],
    ["s3:GetBucketLocation", file.split("/", 1)[0]!],
  ] as const;
  return needed.flatMap(([action, arn]) => {
    const matches = (pattern: string) => covers(pattern, arn);
    return mayDo(permissions, { action, matches, context: {} }) === false ? [`${action} on ${arn}`] : [];
  });
}

/** References in both are compared as text; what a reference in only one of them gives isn't known. */
function covers(pattern: string, arn: string): boolean | undefined {
  if (pattern === "*" || matchesWildcard(arn, pattern)) return true;
  return pattern.includes("${") || arn.includes("${") ? undefined : false;
}
