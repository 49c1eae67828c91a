import { DataAwsSecretsmanagerSecret } from "@cdktf/provider-aws/lib/data-aws-secretsmanager-secret";
import type { Construct } from "constructs";
import { literal } from "../../literal";
import { checkEphemerally } from "../ephemeral-check";

/** A secret in Secrets Manager. */
export interface SecretsManagerSecret {
  readonly ssmParameter?: undefined;
  /** Its name, which a data source looks up, or its full ARN, with the six characters that AWS adds. It must exist. */
  readonly secretsManager: string;
  /** Key of the secret's JSON object that contains the value. @default the whole secret */
  readonly key?: string | undefined;
  /** Staging label of the version. @default "AWSCURRENT" */
  readonly versionStage?: string | undefined;
}

/**
 * Full ARN of a secret, which is checked as the properties say. A name alone says nothing of the six characters that AWS adds,
 * so its metadata is always looked up; they contain no part of its value.
 */
export function managedSecretArn(
  scope: Construct,
  props: SecretsManagerSecret & { readonly kmsKeyArn?: string | undefined },
  check: "data" | "ephemeral" | "none",
): string {
  const { secretsManager, kmsKeyArn } = props;
  const byArn = secretsManager.startsWith("arn:");
  const arn =
    byArn && check !== "data"
      ? secretsManager
      : new DataAwsSecretsmanagerSecret(scope, "secret", {
          ...(byArn ? { arn: secretsManager } : { name: secretsManager }),
          ...(kmsKeyArn === undefined ? { lifecycle: { postcondition: [hasNoCustomerKey(secretsManager)] } } : {}),
        }).arn;
  if (check === "ephemeral") checkValue(scope, arn, props);
  return arn;
}

/** `:key:stage:` behind an ARN. Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html */
export const selector = ({ key = "", versionStage = "" }: SecretsManagerSecret): string =>
  key === "" && versionStage === "" ? "" : `:${literal(key)}:${literal(versionStage)}:`;

/** ECS decrypts with the execution role, which needs a permission for a customer key. */
const hasNoCustomerKey = (name: string) => ({
  condition:
    '${self.kms_key_id == null || self.kms_key_id == "" || endswith(self.kms_key_id, "alias/aws/secretsmanager")}',
  errorMessage: `A customer key encrypts the secret ${name}, and no task could start without permission to decrypt with it: set kmsKeyArn to the key's ARN.`,
});

function checkValue(scope: Construct, arn: string, { secretsManager, key, versionStage }: SecretsManagerSecret): void {
  const name = `secret_${secretsManager.replace(/\W+/g, "_")}_${scope.node.addr.slice(-8)}`;
  const values = { secret_id: arn, ...(versionStage === undefined ? {} : { version_stage: literal(versionStage) }) };
  checkEphemerally(scope, { type: "aws_secretsmanager_secret_version", name, values }, (of) =>
    key === undefined
      ? { condition: `\${${of}.secret_string != ""}`, errorMessage: `The secret ${secretsManager} contains no text.` }
      : {
          condition: `\${can(tostring(jsondecode(${of}.secret_string)[${literal(JSON.stringify(key))}]))}`,
          errorMessage: `The secret ${secretsManager} isn't a JSON object with the key ${literal(key)}, which would be the value of a variable.`,
        },
  );
}
