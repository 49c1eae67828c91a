import { mayReadFile } from "../../iam/file-access";
import { mayDecryptFile } from "../../iam/file-decryption";
import { roleOf } from "../../iam/policies";
import { isAbsent } from "../../read/value";
import { runningDefinitions, type Check } from "../check";

export const environmentFileNotReadable: Check = {
  id: "environment-file-not-readable",
  title: "The execution role can't read an environment file",
  severity: "error",
  rationale:
    "ECS downloads every environment file before it starts a container. If S3 refuses, no task starts: tasks fail with ResourceInitializationError until the circuit breaker stops the deployment.",
  remediation:
    "On the execution role (not the task role), allow s3:GetObject on the file's ARN, and s3:GetBucketLocation on the bucket's ARN. Also allow kms:Decrypt if a customer key encrypts the file.",
  limitations:
    "The check reports nothing for a role outside this plan, or if a policy or the file's ARN isn't known before apply. It evaluates kms:Decrypt if the object or the encryption of its bucket is in the same configuration, and if the key's policy leaves the decision to IAM. It ignores bucket policies, permissions boundaries and statements that deny, and doesn't check whether the file exists.",
  sources: [
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/use-environment-file.html",
    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#encryption-context",
  ],
  *find(subject) {
    for (const { service, definition } of runningDefinitions(subject)) {
      if (!("known" in service.containers)) continue;
      const files = new Set(service.containers.known.flatMap(({ environmentFiles }) => environmentFiles));
      const arn = definition.values.execution_role_arn;
      if (files.size > 0 && isAbsent(arn))
        yield {
          address: definition.address,
          message: `${service.name} reads ${[...files].join(", ")}, and its task definition has no execution role`,
        };
      const role = roleOf(arn, subject.resources);
      if (!role) continue;
      for (const file of files) {
        const undecryptable = mayDecryptFile(file, role, subject.resources) === false;
        const refused = [
          ...mayReadFile(file, role, subject.resources),
          ...(undecryptable ? ["kms:Decrypt with the file's key"] : []),
        ];
        if (refused.length > 0)
          yield {
            address: role.address,
            message: `${role.address} may not ${refused.join(" and ")} for ${file}: ${service.name}'s tasks never start`,
          };
      }
    }
  },
};
