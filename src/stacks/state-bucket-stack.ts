import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { constrainAwsProvider } from "../constructs/aws-provider-range";
import { managedByTerraform } from "../aws/names";
import { literals } from "../constructs/literal";
import { configureBackend } from "../constructs/state/state-backend";

/** Properties of a {@link StateBucketStack}. */
export interface StateBucketStackProps {
  /** The bucket's name, unique in all of AWS. */
  readonly bucket: string;
  /** AWS region of the bucket. */
  readonly region: string;
  /** KMS key that encrypts it. @default S3's own key (AES256) */
  readonly kmsKeyId?: string | undefined;
  /** Where the stack's own state is: a local file until the bucket exists, then the bucket. */
  readonly ownState: "local" | "bucket";
  /** Tags of the bucket. @default ManagedBy = terraform */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** Role to assume for the stack's own state in the bucket. @default none */
  readonly roleArn?: string | undefined;
  /** Days that the bucket keeps replaced versions of a state. @default 90 */
  readonly keepOldVersionsDays?: number;
}

/**
 * The bucket for Terraform state: versioned, encrypted, closed to the public and to plain HTTP, protected from `destroy`.
 * Apply this stack once, before all others: see `docs/state.md`.
 * Source: https://developer.hashicorp.com/terraform/language/backend/s3
 */
export class StateBucketStack extends TerraformStack {
  constructor(scope: Construct, id: string, props: StateBucketStackProps) {
    super(scope, id);
    const { region, kmsKeyId } = props;
    new AwsProvider(this, "aws", { region, defaultTags: [{ tags: literals(props.tags ?? managedByTerraform) }] });
    constrainAwsProvider(this);
    configureBackend(
      this,
      props.ownState === "local"
        ? { local: {} }
        : { s3: { bucket: props.bucket, key: `${id}.tfstate`, kmsKeyId, roleArn: props.roleArn } },
      region,
    );
    const made = new S3Bucket(this, "bucket", { bucket: props.bucket, lifecycle: { preventDestroy: true } });
    const bucket = made.id;
    const versioning = new S3BucketVersioningA(this, "versioning", {
      bucket,
      versioningConfiguration: { status: "Enabled" },
    });
    new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket,
      rule: [
        {
          applyServerSideEncryptionByDefault: kmsKeyId
            ? { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyId }
            : { sseAlgorithm: "AES256" },
          bucketKeyEnabled: kmsKeyId !== undefined,
        },
      ],
    });
    const closed = new S3BucketPublicAccessBlock(this, "public-access", {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketOwnershipControls(this, "ownership", { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } });
    new S3BucketLifecycleConfiguration(this, "old-versions", {
      bucket,
      rule: [
        {
          id: "old-versions",
          status: "Enabled",
          filter: [{ prefix: "" }],
          noncurrentVersionExpiration: [{ noncurrentDays: props.keepOldVersionsDays ?? 90 }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
        },
      ],
      dependsOn: [versioning],
    });
    new S3BucketPolicy(this, "tls-only", {
      bucket,
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "TlsOnly",
            Effect: "Deny",
            Principal: "*",
            Action: "s3:*",
            Resource: [made.arn, `${made.arn}/*`],
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
        ],
      }),
      // S3 rejects a bucket policy while it changes the public access block.
      dependsOn: [closed],
    });
    new TerraformOutput(this, "bucket-name", { value: made.bucket }).overrideLogicalId("bucket");
  }
}
