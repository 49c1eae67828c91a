import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Construct } from "constructs";
import { deletedLast } from "../lifecycle";
import { partitionOf } from "../stack-child";

/**
 * The role with which ECS itself sets the weights of listener rules and registers targets. It has AWS's own policy, which
 * AWS extends when ECS needs more; AWS shows no condition in its trust policy.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AmazonECSInfrastructureRolePolicyForLoadBalancers.html
 */
export class TrafficShiftRole extends Construct {
  readonly arn: string;
  /** The policy: ECS accepts the role only with it. */
  readonly policy: IamRolePolicyAttachment;

  /** @param name the role's name */
  constructor(scope: Construct, id: string, name: string) {
    super(scope, id);
    const Statement = [{ Effect: "Allow", Principal: { Service: "ecs.amazonaws.com" }, Action: "sts:AssumeRole" }];
    const role = new IamRole(this, "role", {
      name,
      assumeRolePolicy: JSON.stringify({ Version: "2012-10-17", Statement }),
      lifecycle: deletedLast,
    });
    this.arn = role.arn;
    this.policy = new IamRolePolicyAttachment(this, "policy", {
      role: role.name,
      policyArn: `arn:${partitionOf(this)}:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers`,
      lifecycle: deletedLast,
    });
  }
}
