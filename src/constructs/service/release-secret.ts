import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";
import { DataAwsSsmParameter } from "@cdktf/provider-aws/lib/data-aws-ssm-parameter";
import { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { secretDefaults } from "../../aws/defaults";
import { accountIdOf, partitionOf, shared } from "../shared";

/** Properties of a {@link ReleaseSecret}. */
export interface ReleaseSecretProps {
  /** Name of the SSM parameter, such as `/my-org/prod/release-cookie`. It must exist and be a SecureString. */
  readonly ssmParameter: string;
  /**
   * How the plan makes sure of the parameter:
   * - `data`: a data source read *without* decryption. The plan fails, naming the parameter, when it is missing or no
   *   SecureString. What lands in state is the parameter's KMS ciphertext.
   * - `ephemeral`: the same check, at plan and at apply, with nothing of it in plan or state. Terraform ≥ 1.10. It reads
   *   with decryption, so whoever plans needs `kms:Decrypt`.
   * - `none`: no check; ECS finds out when a task starts.
   * @default "data"
   */
  readonly check?: "data" | "ephemeral" | "none";
  /** ARN of the customer key that encrypts it, so that the execution role may decrypt. @default the account's `aws/ssm` key, which needs no permission */
  readonly kmsKeyArn?: string | undefined;
}

/**
 * A secret of a release, held in SSM: the cookie, `SECRET_KEY_BASE`, and any other. It reaches the container by ECS's
 * `valueFrom` alone: its value stands in no task definition, no synthesized file, no plan and no state.
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

  /** Reads the parameter without anything of it staying. */
  private checkEphemerally(ssmParameter: string): void {
    const stack = TerraformStack.of(this);
    // cdktf 0.21 has no construct for ephemeral resources.
    const name = `parameter_${ssmParameter.replace(/\W+/g, "_")}_${this.node.addr.slice(-8)}`;
    stack.addOverride(`ephemeral.aws_ssm_parameter.${name}`, { arn: this.arn, with_decryption: true });
    const { condition, errorMessage } = isSecureString(`ephemeral.aws_ssm_parameter.${name}`, ssmParameter);
    // On a postcondition of the ephemeral resource itself `terraform show -json` panics (1.11: "unsupported resource mode").
    // An output without a value is neither kept nor shown; its precondition is checked.
    stack.addOverride(`output.${name}`, {
      value: "${null}",
      precondition: [{ condition, error_message: errorMessage }],
    });
  }
}

const isSecureString = (of: string, name: string) => ({
  condition: `\${${of}.type == "SecureString"}`,
  errorMessage: `SSM parameter ${name} is no SecureString: whoever may read parameters could read the secret. Create it again with --type SecureString.`,
});

/** The parameter's ARN put together from where Terraform runs. */
function derivedArn(scope: Construct, name: string): string {
  const stack = TerraformStack.of(scope);
  const region = shared(stack, "region", (id) => new DataAwsRegion(stack, id)).name;
  return `arn:${partitionOf(scope)}:ssm:${region}:${accountIdOf(scope)}:parameter/${name.replace(/^\//, "")}`;
}
