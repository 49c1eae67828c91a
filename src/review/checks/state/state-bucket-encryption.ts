import type { Check } from "../check";
import { bucketHas, encrypts, stateBuckets } from "./state-bucket";

export const stateBucketEncryption: Check = {
  id: "state-bucket-encryption",
  title: "The state isn't said to be encrypted",
  severity: "warning",
  why: "S3 encrypts new objects with its own key since 2023; saying it keeps the rule when a bucket is older, and lets you choose a key whose use is logged.",
  mending:
    "Set encrypt = true in the backend, and add aws_s3_bucket_server_side_encryption_configuration to the bucket.",
  related: ["checkov CKV_AWS_19", "trivy AWS-0088"],
  sources: [
    "https://developer.hashicorp.com/terraform/language/backend/s3",
    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html",
  ],
  *find(subject) {
    const { s3Backend: s3, resources } = subject;
    if (s3 && s3.encrypt !== true) yield { address: "terraform.backend.s3", message: "encrypt isn't true" };
    for (const bucket of stateBuckets(subject))
      if (bucketHas(bucket, "aws_s3_bucket_server_side_encryption_configuration", resources, encrypts) === false)
        yield { address: bucket.address, message: "it holds Terraform's state and has no encryption configuration" };
  },
};
