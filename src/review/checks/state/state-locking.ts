import type { Check } from "../check";

export const stateLocking: Check = {
  id: "state-locking",
  title: "The state isn't locked",
  severity: "error",
  rationale: "Two concurrent applies overwrite each other's state.",
  remediation:
    "Set use_lockfile = true in the S3 backend (Terraform 1.10 and later). A DynamoDB table also locks, but Terraform 1.11 deprecates it.",
  limitations: "A plan doesn't contain the backend: the check reads it from synthesized JSON.",
  sources: ["https://developer.hashicorp.com/terraform/language/backend/s3#state-locking"],
  *find({ s3Backend: s3 }) {
    if (s3 && s3.use_lockfile !== true && typeof s3.dynamodb_table !== "string")
      yield { address: "terraform.backend.s3", message: "neither use_lockfile nor dynamodb_table is set" };
  },
};
