import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";
import { DataAwsSsmParameter } from "@cdktf/provider-aws/lib/data-aws-ssm-parameter";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { parameterResource } from "../../../aws/parameter-names";
import { accountIdOf, partitionOf, shared } from "../../stack-child";
import { checkEphemerally } from "../ephemeral-check";

/** A secret in SSM. */
export interface SsmSecret {
  /** Name of the SSM parameter, such as `/my-org/prod/release-cookie`, or its ARN. It must exist and be a SecureString. */
  readonly ssmParameter: string;
  readonly secretsManager?: undefined;
}

/** ARN of a parameter, which is checked as the properties say. */
export function parameterArn(
  scope: Construct,
  { ssmParameter }: SsmSecret,
  check: "data" | "ephemeral" | "none",
): string {
  if (check === "data") {
    return new DataAwsSsmParameter(scope, "parameter", {
      name: ssmParameter,
      withDecryption: false,
      lifecycle: { postcondition: [isSecureString("self", ssmParameter)] },
    }).arn;
  }
  const arn = ssmParameter.startsWith("arn:") ? ssmParameter : derivedArn(scope, ssmParameter);
  if (check === "ephemeral") {
    const name = `parameter_${ssmParameter.replace(/\W+/g, "_")}_${scope.node.addr.slice(-8)}`;
    const values = { arn, with_decryption: true };
    checkEphemerally(scope, { type: "aws_ssm_parameter", name, values }, (of) => isSecureString(of, ssmParameter));
  }
  return arn;
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
