import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";

/**
 * Reads a secret without leaving anything of it in plan or state. cdktf 0.21 has no construct for ephemeral resources.
 * On a postcondition of the ephemeral resource itself `terraform show -json` panics (1.11: "unsupported resource mode").
 * Terraform neither stores nor shows an output without a value, but checks its precondition.
 *
 * @param name unique in the stack, among those of its type
 * @param conditionOf the condition on the resource with an address
 */
export function checkEphemerally(
  scope: Construct,
  { type, name, values }: { readonly type: string; readonly name: string; readonly values: object },
  conditionOf: (address: string) => { readonly condition: string; readonly errorMessage: string },
): void {
  const stack = TerraformStack.of(scope);
  stack.addOverride(`ephemeral.${type}.${name}`, values);
  const { condition, errorMessage } = conditionOf(`ephemeral.${type}.${name}`);
  stack.addOverride(`output.${name}`, {
    value: "${null}",
    precondition: [{ condition, error_message: errorMessage }],
  });
}
