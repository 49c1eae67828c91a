import type { Check } from "../check";
import { blocksPublic, bucketHas, stateBuckets } from "./state-bucket";

export const stateBucketPublicAccess: Check = {
  id: "state-bucket-public-access",
  title: "The state's bucket doesn't block public access",
  severity: "error",
  why: "One policy or ACL by mistake, and the state is on the internet with everything it knows.",
  mending: "Add aws_s3_bucket_public_access_block with all four settings true.",
  related: ["checkov CKV2_AWS_6", "trivy AWS-0086, AWS-0087, AWS-0091, AWS-0093 (one for each setting)"],
  sources: ["https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html"],
  *find(subject) {
    for (const bucket of stateBuckets(subject))
      if (bucketHas(bucket, "aws_s3_bucket_public_access_block", subject.resources, blocksPublic) === false)
        yield {
          address: bucket.address,
          message: "it holds Terraform's state and doesn't block public access in all four ways",
        };
  },
};
