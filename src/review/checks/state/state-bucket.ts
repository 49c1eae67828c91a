import type { Resource, Resources } from "../../read/resources";
import { block, blocks, flag, isUnknown, openBlocks, text, type Value } from "../../read/value";
import type { Stack } from "../../read/stack";
import type { Check, Severity } from "../check";

/** What a state bucket needs: a resource of `type` that satisfies `is`. */
interface Requirement {
  readonly type: string;
  /** `undefined` where it is unknown before apply. */
  readonly is: (values: Resource["values"]) => boolean | undefined;
  readonly message: string;
  readonly severity?: Severity;
}

const requirements: readonly Requirement[] = [
  {
    type: "aws_s3_bucket_versioning",
    is: isVersioned,
    message: "it contains Terraform's state and has no versioning",
  },
  {
    type: "aws_s3_bucket_public_access_block",
    is: blocksPublic,
    message: "it contains Terraform's state and doesn't block public access in all four ways",
  },
  {
    type: "aws_s3_bucket_server_side_encryption_configuration",
    is: encrypts,
    message: "it contains Terraform's state and has no encryption configuration",
    severity: "warning",
  },
  {
    type: "aws_s3_bucket_policy",
    is: deniesPlainHttp,
    message: "it contains Terraform's state, and no bucket policy denies plain HTTP",
    severity: "warning",
  },
];

export const stateBucket: Check = {
  id: "state-bucket",
  title: "The state bucket lacks versioning, a public access block, encryption or TLS",
  severity: "error",
  rationale:
    "Without versioning, you can't restore a state that was overwritten or only partly written. Without a public access block, one wrong policy or ACL publishes the state. The other two are warnings. S3 has encrypted new objects since 2023, but only with a configuration can you choose a key whose use is logged. A wrongly configured client can send the state without TLS.",
  remediation:
    'Add aws_s3_bucket_versioning with status = "Enabled", aws_s3_bucket_public_access_block with all four settings true, aws_s3_bucket_server_side_encryption_configuration, and a bucket policy that denies s3:* where aws:SecureTransport is false. Set encrypt = true in the backend.',
  limitations:
    "The check looks at buckets that the backend names, and at those whose name contains the word state. It reports nothing if a setting is unknown before apply.",
  related: [
    "checkov CKV_AWS_21, trivy AWS-0090 (versioning)",
    "checkov CKV2_AWS_6, trivy AWS-0086, AWS-0087, AWS-0091, AWS-0093 (public access)",
    "checkov CKV_AWS_19, trivy AWS-0088 (encryption)",
    "checkov CKV_AWS_379 (TLS)",
  ],
  sources: [
    "https://developer.hashicorp.com/terraform/language/backend/s3",
    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html",
    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html",
  ],
  *find(subject) {
    const { s3Backend: s3, resources } = subject;
    if (s3 && s3.encrypt !== true)
      yield { address: "terraform.backend.s3", message: "encrypt isn't true", severity: "warning" };
    for (const bucket of stateBuckets(subject))
      for (const { type, is, message, severity } of requirements)
        if (bucketHas(bucket, type, resources, is) === false)
          yield { address: bucket.address, message, ...(severity && { severity }) };
  },
};

/** The bucket that holds Terraform's state, by the backend's name for it or by its own. */
function stateBuckets({ resources, s3Backend }: Stack): readonly Resource[] {
  const named = text(s3Backend?.bucket as Value | undefined);
  return resources.of("aws_s3_bucket").filter(({ address, values }) => {
    const bucket = text(values.bucket);
    return (
      (named !== undefined && bucket === named) ||
      /tf-?state|terraform-?state|state[-_]?bucket|[-_.]state\b/i.test(bucket ?? address)
    );
  });
}

/** Whether a resource of `type` for this bucket exists and satisfies `is`; `undefined` where that is unknown. */
function bucketHas(bucket: Resource, type: string, resources: Resources, is: Requirement["is"]): boolean | undefined {
  const all = resources.of(type);
  const mine = all.filter(({ values }) => sameBucket(values.bucket, bucket, resources));
  // One for a bucket that isn't known before apply may be for this one.
  const others = all.filter(({ values }) => isUnknown(values.bucket) && !mine.some((one) => one.values === values));
  if (mine.some(({ values }) => is(values))) return true;
  return others.length > 0 || mine.some(({ values }) => is(values) === undefined) ? undefined : false;
}

function sameBucket(value: Value | undefined, bucket: Resource, resources: Resources): boolean {
  if (resources.named(value, "aws_s3_bucket") === bucket) return true;
  return typeof value === "string" && value === text(bucket.values.bucket);
}

function isVersioned(values: Resource["values"]): boolean | undefined {
  if (openBlocks(values.versioning_configuration)) return undefined;
  const config = block(values.versioning_configuration);
  return isUnknown(config?.status) ? undefined : config?.status === "Enabled";
}

function blocksPublic(values: Resource["values"]): boolean | undefined {
  const settings = ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"];
  if (settings.every((name) => flag(values[name]) === true)) return true;
  const may = settings.every((name) => flag(values[name]) === true || isUnknown(values[name]));
  return may ? undefined : false;
}

function encrypts(values: Resource["values"]): boolean | undefined {
  if (blocks(values.rule).length > 0) return true;
  return openBlocks(values.rule) ? undefined : false;
}

/** A policy that denies what doesn't come over TLS. */
function deniesPlainHttp(values: Resource["values"]): boolean | undefined {
  const policy = text(values.policy);
  return policy === undefined
    ? undefined
    : /"aws:SecureTransport"\s*:\s*\[?\s*"?false/i.test(policy) && /"Effect"\s*:\s*"Deny"/.test(policy);
}
