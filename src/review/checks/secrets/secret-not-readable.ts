import { roleOf } from "../../iam/policies";
import { mayDecrypt } from "../../iam/decryption";
import { mayRead } from "../../iam/secret-access";
import { isAbsent } from "../../read/value";
import { runningDefinitions, type Check } from "../check";

export const secretNotReadable: Check = {
  id: "secret-not-readable",
  title: "The execution role can't read a secret that it has to inject",
  severity: "error",
  rationale:
    "ECS reads every secret of a task definition before it starts a container. If one is refused, no task starts: ResourceInitializationError, again and again until the circuit breaker stops the deployment.",
  remediation:
    "Allow ssm:GetParameters on the parameter's ARN, secretsmanager:GetSecretValue on the secret's, on the execution role (not the task role); and kms:Decrypt on the key, where it isn't AWS's. A condition must hold: kms:EncryptionContext:PARAMETER_ARN (SecretARN) is the ARN of the parameter (secret), and StringEquals takes wildcards literally. A secret's ARN ends with six characters that AWS adds: use the full ARN, or end the pattern with -??????.",
  limitations:
    "It reports nothing for a role outside this plan, where a policy isn't known before apply, where a condition has another key or operator than it knows, and for policies of AWS that it doesn't know. It looks at kms:Decrypt only where the plan creates the parameter or secret, and the key without a policy of its own, or a statement names that key. It doesn't look at permissions boundaries, or statements that deny.",
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
