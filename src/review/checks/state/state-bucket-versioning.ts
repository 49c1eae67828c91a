import type { Check } from "../check";
import { bucketHas, isVersioned, stateBuckets } from "./state-bucket";

export const stateBucketVersioning: Check = {
  id: "state-bucket-versioning",
  title: "The state's bucket isn't versioned",
  severity: "error",
  why: "A state that was overwritten or half written can't be brought back, and Terraform then knows nothing of what it made.",
  mending: 'Add aws_s3_bucket_versioning with status = "Enabled".',
  related: ["checkov CKV_AWS_21", "trivy AWS-0090"],
  sources: ["https://developer.hashicorp.com/terraform/language/backend/s3"],
  *find(subject) {
    for (const bucket of stateBuckets(subject))
      if (bucketHas(bucket, "aws_s3_bucket_versioning", subject.resources, isVersioned) === false)
        yield { address: bucket.address, message: "it holds Terraform's state and has no versioning" };
  },
};
