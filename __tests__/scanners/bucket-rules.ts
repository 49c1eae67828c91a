import { block, statements } from "./resources";
import type { Rule } from "./rules";

const access = (ids: string[], attribute: string, demands: string): Rule => ({
  ids,
  type: "aws_s3_bucket_public_access_block",
  demands,
  passes: (resource) => resource[attribute] === true,
});
const has = (ids: string[], type: string, demands: string, reason?: string): Rule => ({
  ids,
  type: "aws_s3_bucket",
  demands,
  passes: (_, stack) => (stack[type] ?? []).length > 0,
  ...(reason !== undefined && { reason }),
});
const algorithm = (rule: unknown) => block(block(rule).apply_server_side_encryption_by_default).sse_algorithm;

/** The bucket for Terraform state. */
export const bucketRules: readonly Rule[] = [
  access(["CKV_AWS_53", "AWS-0086"], "block_public_acls", "public ACLs are blocked"),
  access(["CKV_AWS_54", "AWS-0087"], "block_public_policy", "public policies are blocked"),
  access(["CKV_AWS_55", "AWS-0091"], "ignore_public_acls", "public ACLs are ignored"),
  access(["CKV_AWS_56", "AWS-0093"], "restrict_public_buckets", "public access is restricted"),
  has(["CKV2_AWS_6", "AWS-0094"], "aws_s3_bucket_public_access_block", "it has a public access block"),
  has(["CKV2_AWS_61"], "aws_s3_bucket_lifecycle_configuration", "it has a lifecycle"),
  {
    ids: ["CKV_AWS_20", "CKV_AWS_57", "AWS-0092"],
    type: "aws_s3_bucket",
    demands: "no ACL lets everybody read or write",
    passes: ({ acl }, { aws_s3_bucket_acl: acls = [] }) => acl === undefined && acls.length === 0,
  },
  {
    ids: ["CKV2_AWS_65"],
    type: "aws_s3_bucket_ownership_controls",
    demands: "ACLs are off",
    passes: ({ rule }) => block(rule).object_ownership === "BucketOwnerEnforced",
  },
  {
    ids: ["CKV_AWS_19"],
    type: "aws_s3_bucket_server_side_encryption_configuration",
    demands: "objects are encrypted",
    passes: ({ rule }) => algorithm(rule) !== undefined,
  },
  {
    ids: ["CKV_AWS_145", "AWS-0132"],
    type: "aws_s3_bucket_server_side_encryption_configuration",
    demands: "objects are encrypted with a customer key",
    passes: ({ rule }) => algorithm(rule) === "aws:kms",
    reason:
      "Without a key of yours, S3 encrypts them with AES-256. `kmsKeyId` in `state.s3` names a key, and the bucket then uses it.",
  },
  {
    ids: ["CKV_AWS_21", "AWS-0090"],
    type: "aws_s3_bucket_versioning",
    demands: "objects have versions",
    passes: ({ versioning_configuration: versioning }) => block(versioning).status === "Enabled",
  },
  {
    ids: ["CKV_AWS_300"],
    type: "aws_s3_bucket_lifecycle_configuration",
    demands: "uploads that never end are removed",
    passes: ({ rule }) => block(block(rule).abort_incomplete_multipart_upload).days_after_initiation !== undefined,
  },
  {
    ids: ["CKV_AWS_70", "CKV_AWS_93"],
    type: "aws_s3_bucket_policy",
    demands: "its policy allows nothing to everybody, and denies administrators nothing without a condition",
    passes: ({ policy }) =>
      statements(policy).every(
        ({ Effect, Principal, Condition }) => Principal !== "*" || (Effect === "Deny" && Condition !== undefined),
      ),
  },
  has(
    ["CKV_AWS_18", "AWS-0089"],
    "aws_s3_bucket_logging",
    "access is logged",
    "Logs need a second bucket, with the same rules to meet. CloudTrail's data events for the bucket record who reads and writes the state, with the identity.",
  ),
  has(
    ["CKV_AWS_144"],
    "aws_s3_bucket_replication_configuration",
    "it is replicated to another region",
    "Versions protect from deletion and faults in the state. Where the region is down, so are the resources that the state describes.",
  ),
  has(
    ["CKV2_AWS_62"],
    "aws_s3_bucket_notification",
    "it sends events",
    "Nothing in this project would receive them. Add `aws_s3_bucket_notification` next to the stack if your organization collects events.",
  ),
];
