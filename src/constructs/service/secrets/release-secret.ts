import { Construct } from "constructs";
import { secretDefaults } from "../../../aws/defaults";
import { parameterArn, type SsmSecret } from "./ssm-secret";
import { managedSecretArn, type SecretsManagerSecret, selector } from "./secrets-manager-secret";

/** How a plan checks a secret, and which key encrypts it. */
export interface SecretOptions {
  /**
   * How a plan checks the secret:
   * - `data`: a data source that doesn't decrypt. The plan fails when the secret is missing, an SSM parameter isn't a
   *   SecureString, or a key encrypts it that nothing names here. The state gets the KMS ciphertext of an SSM parameter; of
   *   a secret in Secrets Manager it gets nothing.
   * - `ephemeral`: the same check, at plan and at apply, with the value, so that it also finds a missing JSON key. Nothing of
   *   it is in plan or state. Terraform ≥ 1.10. A plan needs the permission to read the value, and `kms:Decrypt`.
   * - `none`: no check; ECS finds out when a task starts.
   * @default "data" for a name, "none" for an ARN
   */
  readonly check?: "data" | "ephemeral" | "none" | undefined;
  /** ARN of the customer key that encrypts it, so that the execution role may decrypt. @default the account's `aws/ssm` or `aws/secretsmanager` key, which needs no permission */
  readonly kmsKeyArn?: string | undefined;
}

/** Properties of a {@link ReleaseSecret}: a parameter in SSM, or a secret in Secrets Manager. */
export type ReleaseSecretProps = SecretOptions & (SsmSecret | SecretsManagerSecret);

/** The name or ARN under which SSM or Secrets Manager keeps it. */
export const nameOf = (secret: SsmSecret | SecretsManagerSecret): string =>
  secret.ssmParameter ?? secret.secretsManager;

/**
 * A secret of a release: the cookie, `SECRET_KEY_BASE`, or another. Only ECS's `valueFrom` passes it to the container:
 * task definition, synthesized files, plan and state don't contain its value.
 * Sources: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-ssm-paramstore.html,
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html,
 * https://developer.hashicorp.com/terraform/language/resources/ephemeral
 */
export class ReleaseSecret extends Construct {
  /** The name or ARN that it was given. */
  readonly name: string;
  /** ARN of the parameter or secret: what a policy names. */
  readonly arn: string;
  /** What a container definition's `valueFrom` takes: the ARN, and which part of the secret. */
  readonly valueFrom: string;
  /** The service that keeps it. */
  readonly keptIn: "ssm" | "secretsmanager";
  /** ARN of the customer key that the execution role must be able to decrypt with, if there is one. */
  readonly kmsKeyArn: string | undefined;

  constructor(scope: Construct, id: string, props: ReleaseSecretProps) {
    super(scope, id);
    this.name = nameOf(props);
    const check = props.check ?? secretDefaults.check[this.name.startsWith("arn:") ? "arn" : "name"];
    this.kmsKeyArn = props.kmsKeyArn;
    if (props.ssmParameter !== undefined) {
      this.keptIn = "ssm";
      this.arn = parameterArn(this, props, check);
      this.valueFrom = this.arn;
    } else {
      this.keptIn = "secretsmanager";
      this.arn = managedSecretArn(this, props, check);
      this.valueFrom = `${this.arn}${selector(props)}`;
    }
  }
}
