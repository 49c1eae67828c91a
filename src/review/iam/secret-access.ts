import { parseArn, parseManagedSecret } from "../../aws/arn";
import { matchesWildcard } from "../../aws/iam";
import { parameterResource } from "../../aws/parameter-names";
import { kindOf, type Resource, type Resources } from "../read/resources";
import { text } from "../read/value";
import { mayDo } from "./access";
import { permissionsOf } from "./policies";

/** What a `valueFrom` of a container names. */
export interface Secret {
  readonly action: "ssm:GetParameters" | "secretsmanager:GetSecretValue";
  readonly arn?: string;
  /** What an ARN ends with: `parameter/organization/cookie`, `secret:prod/shop-AbCdEf`. */
  readonly resource?: string;
  /** The resource of this configuration that makes or looks it up. */
  readonly address?: string;
}

/**
 * Whether a role may read what a container's `valueFrom` names; `undefined` where that isn't known.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html#task-execution-secrets
 */
export function mayRead(valueFrom: string, role: Resource, resources: Resources): boolean | undefined {
  const secret = secretOf(valueFrom, resources);
  if (!secret) return undefined;
  const region = parseArn(secret.arn ?? "")?.region;
  return mayDo(permissionsOf(role, resources), {
    action: secret.action,
    matches: (pattern) => matchesPattern(pattern, secret, resources),
    context: region === undefined ? {} : { "aws:RequestedRegion": region },
  });
}

/** What a `valueFrom` names; `undefined` where that is not known. */
export function secretOf(valueFrom: string, resources: Resources): Secret | undefined {
  const reference = /^\$\{((?:data\.)?aws_(?:ssm_parameter|secretsmanager_secret)\.[\w-]+)\.(?:arn|name|id)\}/.exec(
    valueFrom,
  )?.[1];
  if (reference !== undefined) return referred(reference, resources);
  if (valueFrom.includes("${") || valueFrom === "") return undefined;
  const parsed = parseArn(valueFrom);
  if (parsed?.service === "secretsmanager") {
    const arn = parseManagedSecret(valueFrom)?.arn ?? valueFrom;
    return { action: "secretsmanager:GetSecretValue", arn, resource: parseArn(arn)!.resource };
  }
  if (parsed?.service === "ssm") return { action: "ssm:GetParameters", arn: valueFrom, resource: parsed.resource };
  return valueFrom.startsWith("arn:")
    ? undefined
    : { action: "ssm:GetParameters", resource: parameterResource(valueFrom) };
}

function referred(address: string, resources: Resources): Secret {
  const name = text(resources.at(address)?.values.name);
  if (address.includes("aws_secretsmanager_secret")) return { action: "secretsmanager:GetSecretValue", address };
  return { action: "ssm:GetParameters", address, ...(name !== undefined && { resource: parameterResource(name) }) };
}

function matchesPattern(pattern: string, secret: Secret, resources: Resources): boolean | undefined {
  if (pattern === "*") return true;
  const service = /^arn:[^:]*:([a-z0-9-]+):/.exec(pattern)?.[1];
  if (service !== undefined && service !== secret.action.split(":")[0]) return false;
  const named = secretOf(pattern, resources);
  if (named?.address !== undefined && secret.address !== undefined) {
    if (named.address === secret.address) return true;
    const made = [named.address, secret.address].every((address) => isMade(address, resources));
    // Two resources make two secrets; two data sources may look up one.
    return made ? false : undefined;
  }
  if (named?.address !== undefined && named.resource === undefined) return undefined;
  const glob = named?.address === undefined ? pattern.replace(/\$\{[^}]*\}/g, "*") : `*:${named.resource}`;
  if (secret.arn === undefined && secret.resource === undefined) return undefined;
  const like = covered(glob, secret);
  if (like) return pattern.includes("${") && named === undefined ? undefined : true;
  // A secret's ARN ends with six characters that AWS adds: a pattern without them isn't evaluated.
  return secret.arn !== undefined && secret.action.startsWith("secrets") && covered(`${glob}-??????`, secret)
    ? undefined
    : false;
}

function covered(glob: string, { arn, resource }: Secret): boolean {
  if (arn !== undefined) return matchesWildcard(arn, glob) || matchesWildcard(`${arn}-AbCdEf`, glob);
  // Of a parameter that is named without region and account, the name alone decides.
  const end = parseArn(glob)?.resource ?? glob.replace(/^\*:/, "");
  return matchesWildcard(resource!, end);
}

function isMade(address: string, resources: Resources): boolean {
  const resource = resources.at(address);
  return resource !== undefined && !kindOf(resource).startsWith("data.");
}
