import type { Check } from "../check";
import { bucketHas, deniesPlainHttp, stateBuckets } from "./state-bucket";

export const stateBucketTls: Check = {
  id: "state-bucket-tls",
  title: "The state's bucket answers without TLS",
  severity: "warning",
  why: "A client that is set up wrongly sends the state over the wire in the clear.",
  mending: "Add a bucket policy that denies s3:* where aws:SecureTransport is false.",
  silent: "It stays silent where the policy isn't known before apply.",
  related: ["checkov CKV_AWS_379"],
  sources: ["https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html"],
  *find(subject) {
    for (const bucket of stateBuckets(subject))
      if (bucketHas(bucket, "aws_s3_bucket_policy", subject.resources, deniesPlainHttp) === false)
        yield { address: bucket.address, message: "it holds Terraform's state and no policy of it denies plain HTTP" };
  },
};
