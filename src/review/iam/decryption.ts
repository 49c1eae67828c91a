import { parseArn } from "../../aws/arn";
import { parameterResource } from "../../aws/parameter-names";
import type { Resource, Resources } from "../read/resources";
import { isReference, text, type Value } from "../read/value";
import { mayDo } from "./access";
import { anything, covers } from "./conditions";
import { permissionsOf } from "./policies";
import { secretOf, type Secret } from "./secret-access";

/** A customer's key. */
export interface Key {
  /** ARN, as far as it is known. */
  readonly arn: string;
  /** The `aws_kms_key` of this configuration. */
  readonly address?: string;
  /** Whether its policy is the one that AWS gives it, which leaves the decision to IAM. */
  readonly leavesItToIam: boolean;
}

const unknownArn = (service: string, resource: string) =>
  `arn:${anything}:${service}:${anything}:${anything}:${resource}`;

/**
 * Whether a role may decrypt what a container's `valueFrom` names; `undefined` where that isn't known, where the parameter or
 * secret isn't of this configuration, and where the key's own policy may allow it. SSM and Secrets Manager give KMS the ARN of
 * what they decrypt.
 * Sources: https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html#parameter-store-encryption-context,
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
 */
export function mayDecrypt(valueFrom: string, role: Resource, resources: Resources): boolean | undefined {
  const secret = secretOf(valueFrom, resources);
  const made = secret && madeSecret(secret, resources);
  const key = made && keyOf(made, resources);
  if (!key) return undefined;
  const arn = arnOf(made);
  const service = made.type === "aws_ssm_parameter" ? "ssm" : "secretsmanager";
  const region = parseArn(arn)?.region ?? anything;
  const context = {
    [`kms:EncryptionContext:${service === "ssm" ? "PARAMETER_ARN" : "SecretARN"}`]: arn,
    "kms:ViaService": `${service}.${region}.${anything}`,
  };
  return mayUseKey(key, context, role, resources);
}

/** Whether a role may decrypt with a key in this context; `undefined` where that isn't known, or the key's policy decides. */
export function mayUseKey(
  key: Key,
  context: Readonly<Record<string, string>>,
  role: Resource,
  resources: Resources,
): boolean | undefined {
  const permissions = permissionsOf(role, resources);
  const statements = permissions.statements.map((statement) => ({
    ...statement,
    conditions: statement.conditions?.map((condition) => ({
      ...condition,
      values: condition.values.map((value) => resolved(value, resources)),
    })),
  }));
  const matches = (pattern: string) => coversKey(pattern, key);
  const named = statements.some((statement) => statement.resources.some((each) => each !== "*" && matches(each)));
  if (!key.leavesItToIam && !named) return undefined;
  return mayDo({ ...permissions, statements }, { action: "kms:Decrypt", matches, context });
}

/** The parameter or secret of this configuration; a data source doesn't say which key it has. */
function madeSecret({ address, arn, resource }: Secret, resources: Resources): Resource | undefined {
  const all = resources.of("aws_ssm_parameter", "aws_secretsmanager_secret");
  if (address !== undefined) return all.find((each) => each.address === address);
  return all.find(({ type, values }) => {
    if (arn !== undefined && values.arn === arn) return true;
    const name = text(values.name);
    return type === "aws_ssm_parameter" && name !== undefined && parameterResource(name) === resource;
  });
}

function arnOf({ type, values }: Resource): string {
  const name = text(values.name);
  if (typeof values.arn === "string") return values.arn;
  return type === "aws_ssm_parameter"
    ? unknownArn("ssm", name === undefined ? anything : parameterResource(name))
    : unknownArn("secretsmanager", `secret:${name === undefined ? "" : `${name}-`}${anything}`);
}

/** The ARN, as far as it is known, behind a reference to a parameter or secret of this configuration. */
function resolved(value: string, resources: Resources): string {
  const address = /^\$\{(aws_(?:ssm_parameter|secretsmanager_secret)\.[^}]+)\.arn\}$/.exec(value)?.[1];
  const made = address === undefined ? undefined : resources.at(address);
  return made ? arnOf(made) : value;
}

function keyOf({ type, values }: Resource, resources: Resources): Key | undefined {
  const id = type === "aws_ssm_parameter" ? values.key_id : values.kms_key_id;
  return type === "aws_ssm_parameter" && values.type !== "SecureString" ? undefined : customerKey(id, resources);
}

/** The customer's key that an id, ARN or reference names; `undefined` for a key of AWS, and for one that isn't known. */
export function customerKey(id: Value | undefined, resources: Resources): Key | undefined {
  const made = keyResource(id, resources);
  if (made) {
    const policies = resources.of("aws_kms_key_policy", "aws_kms_grant");
    const leavesItToIam = made.configured !== undefined && !("policy" in made.configured) && policies.length === 0;
    const arn = text(made.values.arn) ?? unknownArn("kms", `key/${anything}`);
    return { arn, address: made.address, leavesItToIam };
  }
  if (typeof id !== "string") return undefined;
  const arn = parseArn(id);
  return arn?.service === "kms" && arn.resource.startsWith("key/") ? { arn: id, leavesItToIam: false } : undefined;
}

function keyResource(id: Value | undefined, resources: Resources): Resource | undefined {
  const found = resources.named(id, "aws_kms_key");
  return (
    found ?? (isReference(id) ? undefined : resources.of("aws_kms_key").find(({ values }) => same(values.key_id, id)))
  );
}

const same = (one: Value | undefined, other: Value | undefined) => typeof one === "string" && one === other;

function coversKey(pattern: string, { arn, address }: Key): boolean | undefined {
  if (pattern === `\${${address}.arn}`) return true;
  // Two resources are two keys.
  if (address !== undefined && /^\$\{aws_kms_key\.[^}]+\.arn\}$/.test(pattern)) return false;
  return covers(pattern, arn);
}
