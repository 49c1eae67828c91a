import { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { awsProviderRange, isOlder, oldestAwsProvider } from "../aws/provider-versions";
import { shared } from "./stack-child";

/** The versions of the AWS provider that one stack allows, in place of the exact one that the bindings were made from. */
class AwsProviderRange extends Construct {
  private constraint: string | undefined;
  private lowerBound = oldestAwsProvider;

  /** The range of the stack that `scope` is in. */
  static of(scope: Construct): AwsProviderRange {
    const stack = TerraformStack.of(scope);
    return shared(stack, "aws-provider-range", (id) => new AwsProviderRange(stack, id));
  }

  /** Uses a constraint in place of the default range. */
  constrain(constraint: string | undefined): void {
    this.constraint = constraint;
    this.write();
  }

  raise(version: string): void {
    if (isOlder(this.lowerBound, version)) this.lowerBound = version;
    this.write();
  }

  private write(): void {
    const raised = this.lowerBound === oldestAwsProvider ? [] : [`>= ${this.lowerBound}`];
    const version =
      this.constraint === undefined
        ? awsProviderRange(this.lowerBound)
        : // Both apply: `terraform init` reports a constraint that leaves no version.
          [this.constraint, ...raised].join(", ");
    TerraformStack.of(this).addOverride("terraform.required_providers.aws.version", version);
  }
}

/**
 * Sets which versions of the AWS provider a stack allows. The bindings alone would pin the exact version that they were made
 * from.
 * Source: https://developer.hashicorp.com/terraform/language/expressions/version-constraints
 *
 * @param constraint such as `"~> 6.20"`. @default ">= 5.100.0, < 7.0.0"
 */
export function constrainAwsProvider(stack: TerraformStack, constraint?: string): void {
  AwsProviderRange.of(stack).constrain(constraint);
}

/**
 * Raises the lower bound of the AWS provider in the stack of `scope`. Call it where you write an attribute that older
 * versions don't have, so that only stacks with that attribute need a newer provider.
 *
 * @param version the first version with the attribute, such as `"6.21.0"`.
 */
export function requireAwsProvider(scope: Construct, version: string): void {
  AwsProviderRange.of(scope).raise(version);
}
