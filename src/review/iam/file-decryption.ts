import { matchesWildcard } from "../../aws/iam";
import type { Resource, Resources } from "../read/resources";
import { block, text, type Value } from "../read/value";
import { customerKey, mayUseKey } from "./decryption";

/**
 * Whether a role may decrypt an environment file in S3; `undefined` where that isn't known, where the object and its bucket
 * aren't of this configuration, and where the key's own policy may allow it. S3 gives KMS the ARN of the object, or of the
 * bucket if that has a bucket key.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#encryption-context
 */
export function mayDecryptFile(file: string, role: Resource, resources: Resources): boolean | undefined {
  const encryption = encryptionOf(file, resources);
  const key = encryption && customerKey(encryption.key, resources);
  if (!key) return undefined;
  const bucket = file.split("/", 1)[0]!;
  const context = { "kms:EncryptionContext:aws:s3:arn": encryption.bucketKey ? bucket : file };
  return mayUseKey(key, context, role, resources);
}

interface Encryption {
  readonly key: Value | undefined;
  readonly bucketKey: boolean;
}

/** How this configuration encrypts the file: as the object says, or else as its bucket does. */
function encryptionOf(file: string, resources: Resources): Encryption | undefined {
  const object = resources.of("aws_s3_object").find((each) => isFile(each, file, resources));
  if (object?.values.kms_key_id != null)
    return { key: object.values.kms_key_id, bucketKey: object.values.bucket_key_enabled === true };
  const all = resources.of("aws_s3_bucket_server_side_encryption_configuration");
  const configuration = all.find(({ values }) => isBucketOf(values.bucket, file, resources));
  const rule = block(configuration?.values.rule);
  const byDefault = block(rule?.apply_server_side_encryption_by_default);
  return byDefault && { key: byDefault.kms_master_key_id, bucketKey: rule?.bucket_key_enabled === true };
}

function isFile({ address, values }: Resource, file: string, resources: Resources): boolean {
  if (file === `\${${address}.arn}` || values.arn === file) return true;
  const key = text(values.key);
  return key !== undefined && file.endsWith(`/${key}`) && isBucketOf(values.bucket, file, resources);
}

/** Whether a value is the bucket of the file: by its name, or as a reference to the resource. */
function isBucketOf(value: Value | undefined, file: string, resources: Resources): boolean {
  const bucket = file.split("/", 1)[0]!;
  const resource = resources.named(value, "aws_s3_bucket");
  if (resource && bucket === `\${${resource.address}.arn}`) return true;
  const name = text(resource?.values.bucket) ?? text(value);
  return name !== undefined && matchesWildcard(bucket, `arn:*:s3:::${name}`);
}
