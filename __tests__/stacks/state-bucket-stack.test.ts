import { App } from "cdktf";
import { StateBucketStack, type StateBucketStackProps } from "../../src/stacks/state-bucket-stack";
import { jsonOf, the } from "../constructs/layout";
import { scratchFolder } from "../scratch";

const jsonWith = (props: Partial<StateBucketStackProps> = {}) =>
  jsonOf(
    new StateBucketStack(new App({ outdir: scratchFolder("out") }), "state-bucket-acme-state", {
      bucket: "acme-state",
      region: "eu-west-1",
      ownState: "local",
      ...props,
    }),
  );

describe("StateBucketStack", () => {
  it("takes AWS provider 5.100 and 6.x", () => {
    expect(jsonWith().terraform!.required_providers).toEqual({
      aws: { source: "aws", version: ">= 5.100.0, < 7.0.0" },
    });
  });

  it("makes a bucket that destroy doesn't take away", () => {
    expect(the(jsonWith(), "aws_s3_bucket")).toEqual({ bucket: "acme-state", lifecycle: { prevent_destroy: true } });
  });

  it("keeps every version, replaced ones for 90 days", () => {
    expect(the(jsonWith(), "aws_s3_bucket_versioning")).toMatchObject({
      versioning_configuration: { status: "Enabled" },
    });
    expect(the(jsonWith(), "aws_s3_bucket_lifecycle_configuration").rule).toEqual([
      {
        id: "old-versions",
        status: "Enabled",
        filter: [{ prefix: "" }],
        noncurrent_version_expiration: [{ noncurrent_days: 90 }],
        abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
      },
    ]);
  });

  it.each([
    [undefined, { sse_algorithm: "AES256" }],
    ["alias/state", { sse_algorithm: "aws:kms", kms_master_key_id: "alias/state" }],
  ])("is encrypted, with the key %s", (kmsKeyId, byDefault) => {
    expect(the(jsonWith({ kmsKeyId }), "aws_s3_bucket_server_side_encryption_configuration").rule).toEqual([
      { apply_server_side_encryption_by_default: byDefault, bucket_key_enabled: kmsKeyId !== undefined },
    ]);
  });

  it("is closed to the public", () => {
    expect(the(jsonWith(), "aws_s3_bucket_public_access_block")).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    expect(the(jsonWith(), "aws_s3_bucket_ownership_controls").rule).toEqual({
      object_ownership: "BucketOwnerEnforced",
    });
  });

  it("refuses plain HTTP", () => {
    const { Statement } = JSON.parse(the(jsonWith(), "aws_s3_bucket_policy").policy as string) as {
      Statement: object[];
    };
    expect(Statement).toEqual([
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: ["${aws_s3_bucket.bucket.arn}", "${aws_s3_bucket.bucket.arn}/*"],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
  });

  it("has its own state in a file until the bucket exists, and then in the bucket", () => {
    expect(jsonWith().terraform!.backend).toEqual({
      local: { path: "../../../terraform.state-bucket-acme-state.tfstate" },
    });
    const roleArn = "arn:aws:iam::123456789012:role/terraform";
    expect(jsonWith({ ownState: "bucket", roleArn }).terraform!.backend).toEqual({
      s3: {
        bucket: "acme-state",
        key: "state-bucket-acme-state.tfstate",
        region: "eu-west-1",
        encrypt: true,
        use_lockfile: true,
        assume_role: { role_arn: roleArn },
      },
    });
  });
});
