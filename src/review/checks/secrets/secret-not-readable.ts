import { roleOf } from "../../iam/policies";
import { mayDecrypt } from "../../iam/decryption";
import { mayRead } from "../../iam/secret-access";
import { isAbsent } from "../../read/value";
import { runningDefinitions, type Check } from "../check";

export const secretNotReadable: Check = {
  id: "secret-not-readable",
  title: "The execution role can't read a secret that it must inject",
  severity: "error",
  rationale:
    "ECS reads every secret of a task definition before it starts a container. If AWS refuses one, no task starts: tasks fail with ResourceInitializationError until the circuit breaker stops the deployment.",
  remediation:
    "On the execution role (not the task role), allow ssm:GetParameters on the parameter's ARN, or secretsmanager:GetSecretValue on the secret's ARN. If a customer key encrypts it, also allow kms:Decrypt on the key. Check conditions: kms:EncryptionContext:PARAMETER_ARN (SecretARN) is the ARN of the parameter (secret), and StringEquals doesn't expand wildcards. A secret's ARN ends with six characters that AWS adds: use the full ARN, or end the pattern with -??????.",
  limitations:
    "The check reports nothing for a role outside this plan, if a policy isn't known before apply, if a condition has a key or operator that it doesn't know, or for AWS policies that it doesn't know. It evaluates kms:Decrypt only if the plan creates the parameter or secret, and either the plan creates the key without a key policy, or a statement names that key. It ignores permissions boundaries, and statements that deny.",
  sources: [
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html#task-execution-secrets",
    "https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_iam-permissions.html",
  ],
  *find(subject) {
    for (const { service, definition } of runningDefinitions(subject)) {
      if (!("known" in service.containers)) continue;
      const secrets = new Set(service.containers.known.flatMap(({ readByEcs }) => readByEcs));
      const arn = definition.values.execution_role_arn;
      if (secrets.size > 0 && isAbsent(arn))
        yield {
          address: definition.address,
          message: `${service.name} injects ${[...secrets].join(", ")}, and its task definition has no execution role`,
        };
      const role = roleOf(arn, subject.resources);
      if (!role) continue;
      const refused = [...secrets].filter((secret) => mayRead(secret, role, subject.resources) === false);
      if (refused.length > 0)
        yield {
          address: role.address,
          message: `${service.name} injects ${refused.join(", ")}, which ${role.address} may not read: its tasks never start`,
        };
      const encrypted = [...secrets].filter((secret) => mayDecrypt(secret, role, subject.resources) === false);
      if (encrypted.length > 0)
        yield {
          address: role.address,
          message: `${service.name} injects ${encrypted.join(", ")}, which ${role.address} may not decrypt with its key (kms:Decrypt): its tasks never start`,
        };
    }
  },
};
