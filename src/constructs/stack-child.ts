import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";

/** The child `id` of `scope`, created on first use: for data sources and providers that a stack needs once. */
export function shared<Child extends Construct>(scope: Construct, id: string, make: (id: string) => Child): Child {
  return (scope.node.tryFindChild(id) as Child | undefined) ?? make(id);
}

/** Id of the account that Terraform works in. */
export function accountIdOf(scope: Construct): string {
  const stack = TerraformStack.of(scope);
  return shared(stack, "caller-identity", (id) => new DataAwsCallerIdentity(stack, id)).accountId;
}

/** Partition that Terraform works in: `aws`, `aws-cn`, `aws-us-gov` … */
export function partitionOf(scope: Construct): string {
  const stack = TerraformStack.of(scope);
  return shared(stack, "partition", (id) => new DataAwsPartition(stack, id)).partition;
}
