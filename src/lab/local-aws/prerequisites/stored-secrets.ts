import { randomBytes } from "node:crypto";
import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { CreateSecretCommand, PutSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { PutParameterCommand } from "@aws-sdk/client-ssm";
import { parameterName } from "../../../aws/parameter-names";
import { certificateParameters, type NodeCertificates, textsOf } from "../../../certificates/node-certificates";
import type { AwsClients } from "../aws-clients";

/** What to create in Secrets Manager. */
export interface StoredSecret {
  /** Its name or its full ARN. */
  readonly name: string;
  /** Keys of its JSON object. With none, the secret is one text. */
  readonly keys: readonly string[];
  /** Staging labels apart from AWSCURRENT. Each gets a version with the same values. */
  readonly stages: readonly string[];
}

/**
 * Creates a SecureString with a random value, in the account and Region of its ARN if it has one.
 * @param name its name or its ARN @returns the value
 */
export async function storeParameter(clients: AwsClients, name: string): Promise<string> {
  const Value = randomValue();
  const { ssm } = ownerOf(clients, name);
  await ssm.send(new PutParameterCommand({ Name: parameterName(name), Value, Type: "SecureString" }));
  return Value;
}

/**
 * Writes certificates of nodes as the command `secrets` does, in the account and Region of the parameter's ARN if it has one.
 * @param name the parameter's name or its ARN @returns what tasks get
 */
export async function storeCertificates(
  clients: AwsClients,
  name: string,
  certificates: NodeCertificates,
): Promise<string> {
  const { ssm } = ownerOf(clients, name);
  const texts = textsOf(certificates);
  const parameters = certificateParameters(parameterName(name));
  for (const part of ["nodes", "public", "authority"] as const) {
    const Type = part === "public" ? "String" : "SecureString";
    await ssm.send(new PutParameterCommand({ Name: parameters[part], Value: texts[part], Type, Overwrite: true }));
  }
  return texts.nodes;
}

/**
 * Creates a secret with random values, in the account and Region of its ARN if it has one.
 * @returns the values by key, or the text as the value of ""
 */
export async function storeSecret(clients: AwsClients, secret: StoredSecret): Promise<Record<string, string>> {
  const { name, keys, stages } = secret;
  const values = Object.fromEntries((keys.length > 0 ? keys : [""]).map((key) => [key, randomValue()]));
  const { secretsManager } = ownerOf(clients, name);
  const version = { SecretString: values[""] ?? JSON.stringify(values) };
  await secretsManager.send(new CreateSecretCommand({ Name: secretName(name), ...version }));
  for (const stage of stages) {
    // A new version takes AWSCURRENT, and the one that had it becomes AWSPREVIOUS.
    const VersionStages = stage === "AWSPREVIOUS" ? undefined : [stage];
    await secretsManager.send(new PutSecretValueCommand({ SecretId: secretName(name), ...version, VersionStages }));
  }
  return values;
}

/** Creates a bucket. */
export async function storeBucket({ s3, region }: AwsClients, Bucket: string): Promise<void> {
  const CreateBucketConfiguration = { LocationConstraint: region as never };
  await s3.send(new CreateBucketCommand({ Bucket, ...(region === "us-east-1" ? {} : { CreateBucketConfiguration }) }));
}

/** Creates an environment file that sets no variables. */
export async function storeFile({ s3 }: AwsClients, Bucket: string, Key: string): Promise<void> {
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: "# Variables\n" }));
}

const ownerOf = (clients: AwsClients, name: string) => (name.startsWith("arn:") ? clients.ownersOf(name) : clients);

/** A secret's name, from its name or its ARN, which ends with six characters that AWS adds. Local AWS finds it by any six. */
const secretName = (name: string) => /^arn:.*:secret:(.+)-\w{6}$/.exec(name)?.[1] ?? name;

/** Hexadecimal: a cookie becomes an Erlang atom, and SECRET_KEY_BASE needs 64 bytes. */
const randomValue = () => randomBytes(32).toString("hex");
