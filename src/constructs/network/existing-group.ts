import { DataAwsSecurityGroup } from "@cdktf/provider-aws/lib/data-aws-security-group";
import { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { literal } from "../literal";
import { shared } from "../stack-child";

/** A security group of another project, by id, or by a name that is looked up in the VPC. */
export type ExistingGroup = { readonly id: string } | { readonly name: string };

/** Its id. The plan fails when no group of the VPC has the name. */
export const groupIdOf = (scope: Construct, group: ExistingGroup, vpcId: string): string =>
  "id" in group ? group.id : groupNamed(TerraformStack.of(scope), literal(group.name), vpcId).id;

/** One data source for each group: two peers may be in the same one, and rules are identified by it. */
function groupNamed(stack: TerraformStack, name: string, vpcId: string): DataAwsSecurityGroup {
  const groups = shared(stack, "security-groups", (id) => new Construct(stack, id));
  const known = groups.node.children.find(
    (group) => group instanceof DataAwsSecurityGroup && group.nameInput === name && group.vpcIdInput === vpcId,
  );
  return (
    (known as DataAwsSecurityGroup | undefined) ??
    new DataAwsSecurityGroup(groups, `${groups.node.children.length}`, { name, vpcId })
  );
}
