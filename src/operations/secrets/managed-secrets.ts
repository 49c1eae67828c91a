import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
} from "@aws-sdk/client-secrets-manager";
import type { Aws } from "../../aws/sdk/clients";
import { isObject } from "../../environment/values";
import { UserError } from "../../user-error";
import type { ManagedSecret } from "./secret-uses";

/** Whether a secret exists, and with it the key of its JSON object. Only for a key is the value read. */
export async function managedSecretExists(aws: Aws, { name, key }: ManagedSecret): Promise<boolean> {
  if (key !== undefined) {
    const current = await currentValue(aws, name);
    return current !== undefined && Object.hasOwn(objectIn(current, name), key);
  }
  try {
    const { DeletedDate } = await aws.secretsManager.send(new DescribeSecretCommand({ SecretId: name }));
    return DeletedDate === undefined;
  } catch (error) {
    return absent(error);
  }
}

/** Writes a value: a new secret, a new version of one, or one key of it. The object's other keys and the KMS key stay. */
export async function writeManagedSecret(
  aws: Aws,
  { name, key }: ManagedSecret,
  value: string,
  kmsKeyArn: string | undefined,
): Promise<void> {
  const current = await currentValue(aws, name);
  const SecretString =
    key === undefined
      ? value
      : JSON.stringify({ ...(current === undefined ? {} : objectIn(current, name)), [key]: value });
  if (current === undefined) {
    const key = kmsKeyArn ? { KmsKeyId: kmsKeyArn } : {};
    await aws.secretsManager.send(new CreateSecretCommand({ Name: name, SecretString, ...key }));
  } else await aws.secretsManager.send(new PutSecretValueCommand({ SecretId: name, SecretString }));
}

async function currentValue({ secretsManager }: Aws, SecretId: string): Promise<string | undefined> {
  try {
    return (await secretsManager.send(new GetSecretValueCommand({ SecretId }))).SecretString ?? "";
  } catch (error) {
    return absent(error) || undefined;
  }
}

/** `false` for a secret that doesn't exist. @throws every other error */
function absent(error: unknown): false {
  if (error instanceof Error && error.name === "ResourceNotFoundException") return false;
  throw error;
}

function objectIn(text: string, name: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // Reported below, without the value.
  }
  throw new UserError(`The secret ${name} isn't a JSON object, and the environment names a key of it.`);
}
