import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import type { Construct } from "constructs";
import { deletedLast } from "../lifecycle";

/** Properties of a {@link newSecurityGroup}. */
export interface SecurityGroupProps {
  /** Unique in the VPC. */
  readonly name: string;
  /** It must follow from the name alone: see {@link newSecurityGroup}. */
  readonly description: string;
  readonly vpcId: string;
}

/**
 * A security group without rules; rule resources add them. A replacement is created before the old group is deleted, so that
 * ECS services move off it first: AWS doesn't delete a group in use (DependencyViolation). Both can have the same fixed name,
 * because only another name, description or VPC forces a replacement: with a description that follows from the name, the two
 * groups differ in name or in VPC.
 * Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSecurityGroup.html
 */
export function newSecurityGroup(scope: Construct, id: string, props: SecurityGroupProps): SecurityGroup {
  return new SecurityGroup(scope, id, {
    ...props,
    tags: { Name: props.name },
    lifecycle: deletedLast,
  });
}
