import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";
import { DataAwsSsmParameter } from "@cdktf/provider-aws/lib/data-aws-ssm-parameter";
import { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { secretDefaults } from "../../aws/defaults";
import { parameterResource } from "../../aws/parameter-names";
import { accountIdOf, partitionOf, shared } from "../stack-child";

/** Properties of a {@link ReleaseSecret}. */
export interface ReleaseSecretProps {
  /** Name of the SSM parameter, such as `/my-org/prod/release-cookie`. It must exist and be a SecureString. */
  readonly ssmParameter: string;
  /**
   * How a plan checks the parameter:
   * - `data`: a data source read *without* decryption. The plan fails and names the parameter when it is missing or
   *   not a SecureString. The state gets the parameter's KMS ciphertext.
   * - `ephemeral`: the same check, at plan and at apply, with nothing of it in plan or state. Terraform ≥ 1.10. It reads
   *   with decryption, so a plan needs `kms:Decrypt`.
   * - `none`: no check; ECS finds out when a task starts.
   * @default "data"
   */
  readonly check?: "data" | "ephemeral" | "none";
  /** ARN of the customer key that encrypts it, so that the execution role may decrypt. @default the account's `aws/ssm` key, which needs no permission */
  readonly kmsKeyArn?: string | undefined;
}

/**
 * A secret of a release in SSM: the cookie, `SECRET_KEY_BASE`, or another. Only ECS's `valueFrom` passes it to the container:
 * task definition, synthesized files, plan and state don't contain its value.
 * Sources: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-ssm-paramstore.html,
 * https://developer.hashicorp.com/terraform/language/resources/ephemeral
 */
export class ReleaseSecret extends Construct {
  /** ARN of the parameter: what a container definition's `valueFrom` takes. */
  readonly arn: string;
  /** ARN of the customer key that the execution role must be able to decrypt with, if there is one. */
  readonly kmsKeyArn: string | undefined;

  constructor(
    scope: Construct,
    id: string,
    { ssmParameter, check = secretDefaults.check, kmsKeyArn }: ReleaseSecretProps,
  ) {
    super(scope, id);
    this.kmsKeyArn = kmsKeyArn;
    if (check === "data") {
      this.arn = new DataAwsSsmParameter(this, "parameter", {
        name: ssmParameter,
        withDecryption: false,
        lifecycle: { postcondition: [isSecureString("self", ssmParameter)] },
      }).arn;
      return;
    }
    this.arn = derivedArn(this, ssmParameter);
    if (check === "ephemeral") this.checkEphemerally(ssmParameter);
  }

  /** Reads the parameter without leaving anything of it in plan or state. */
  private checkEphemerally(ssmParameter: string): void {
    const stack = TerraformStack.of(this);
    // cdktf 0.21 has no construct for ephemeral resources.
    const name = `parameter_${ssmParameter.replace(/\W+/g, "_")}_${this.node.addr.slice(-8)}`;
    stack.addOverride(`ephemeral.aws_ssm_parameter.${name}`, { arn: this.arn, with_decryption: true });
    const { condition, errorMessage } = isSecureString(`ephemeral.aws_ssm_parameter.${name}`, ssmParameter);
    // On a postcondition of the ephemeral resource itself `terraform show -json` panics (1.11: "unsupported resource mode").
    // Terraform neither stores nor shows an output without a value, but checks its precondition.
    stack.addOverride(`output.${name}`, {
      value: "${null}",
      precondition: [{ condition, error_message: errorMessage }],
    });
  }
}

const isSecureString = (of: string, name: string) => ({
  condition: `\${${of}.type == "SecureString"}`,
  errorMessage: `SSM parameter ${name} isn't a SecureString, so anyone who may read parameters could read the secret. Create it again with --type SecureString.`,
});

/** The parameter's ARN, from the account and region that Terraform works in. */
function derivedArn(scope: Construct, name: string): string {
  const stack = TerraformStack.of(scope);
  // Provider 5 has no attribute "region", and provider 6 prints a warning about "name".
  const region = shared(stack, "region", (id) => new DataAwsRegion(stack, id)).id;
  return `arn:${partitionOf(scope)}:ssm:${region}:${accountIdOf(scope)}:${parameterResource(name)}`;
}
