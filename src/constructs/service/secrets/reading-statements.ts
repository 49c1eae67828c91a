import type { EnvironmentFile } from "./environment-file";
import type { ConditionalStatement } from "../policy-statement";
import type { ReleaseSecret } from "./release-secret";

/** What ECS reads for a container before it starts it. */
interface Read {
  readonly secrets: readonly ReleaseSecret[];
  readonly environmentFiles?: readonly EnvironmentFile[];
}

/** One way to read, with the key of the encryption context by which its service names to KMS what it decrypts. */
interface Reading {
  readonly action: string;
  readonly context: string;
  readonly of: readonly {
    readonly arn: string;
    /** What may be in the encryption context. */
    readonly decrypted: readonly string[];
    readonly kmsKeyArn: string | undefined;
  }[];
}

/**
 * The execution role reads exactly what ECS passes to its container: `ssm:GetParameters` on parameters,
 * `secretsmanager:GetSecretValue` on secrets, `s3:GetObject` on environment files, and `s3:GetBucketLocation` on their buckets.
 * Each customer key decrypts what it encrypts, and nothing else.
 * Sources: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html,
 * https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html#parameter-store-encryption-context,
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html#security-encryption-encryption-context,
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#encryption-context
 */
export function readingStatements({ secrets, environmentFiles = [] }: Read): ConditionalStatement[] {
  const keptIn = (service: ReleaseSecret["keptIn"]) =>
    secrets
      .filter((secret) => secret.keptIn === service)
      .map(({ arn, kmsKeyArn }) => ({ arn, decrypted: [arn], kmsKeyArn }));
  const readings: Reading[] = [
    { action: "ssm:GetParameters", context: "PARAMETER_ARN", of: keptIn("ssm") },
    { action: "secretsmanager:GetSecretValue", context: "SecretARN", of: keptIn("secretsmanager") },
    {
      action: "s3:GetObject",
      context: "aws:s3:arn",
      // With an S3 bucket key, the context names the bucket.
      of: environmentFiles.map(({ arn, bucketArn, kmsKeyArn }) => ({ arn, decrypted: [arn, bucketArn], kmsKeyArn })),
    },
  ];
  const buckets = unique(environmentFiles.map(({ bucketArn }) => bucketArn));
  return [
    ...readings.flatMap(({ action, of }) => statement(action, unique(of.map(({ arn }) => arn)))),
    ...statement("s3:GetBucketLocation", buckets),
    ...readings.flatMap(decryption),
  ];
}

function decryption({ context, of }: Reading): ConditionalStatement[] {
  const keys = unique(of.flatMap(({ kmsKeyArn }) => kmsKeyArn ?? []));
  return keys.map((key) => {
    const arns = unique(of.filter(({ kmsKeyArn }) => kmsKeyArn === key).flatMap(({ decrypted }) => decrypted));
    const condition = { StringEquals: { [`kms:EncryptionContext:${context}`]: arns } };
    return { actions: ["kms:Decrypt"], resources: [key], condition };
  });
}

const statement = (action: string, resources: readonly string[]): ConditionalStatement[] =>
  resources.length > 0 ? [{ actions: [action], resources }] : [];

const unique = (texts: readonly string[]): string[] => [...new Set(texts)];
