import type { ResourceChange } from "../../read/plan-format";
import { isObject, type Json } from "../../read/traversal";
import type { Check } from "../check";

export const loadBalancerKept: Check = {
  id: "load-balancer-kept",
  title: "The plan deletes a protected load balancer, or moves it to another VPC",
  severity: "error",
  rationale:
    "AWS doesn't delete a load balancer with deletion protection (OperationNotPermitted). It doesn't move a load balancer to subnets or security groups of another VPC either. Terraform plans both without an error, and the apply fails halfway.",
  remediation:
    "To delete or replace it, first set enable_deletion_protection = false and apply. To move to another VPC, then remove the load balancer and what uses it, apply, change the VPC, and add both again.",
  limitations:
    "The check detects a move only if the plan replaces a security group of the load balancer in another VPC, whose id is known.",
  sources: [
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteLoadBalancer.html",
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SetSecurityGroups.html",
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SetSubnets.html",
  ],
  *find({ changes: all = [] }) {
    const changes = all.filter(({ deposed }) => deposed === undefined);
    for (const { address, type, change } of changes) {
      if (!/^aws_(?:lb|alb)$/.test(type) || !isObject(change.before)) continue;
      const { before, actions } = change;
      if (actions.includes("delete") && before.enable_deletion_protection === true)
        yield { address, message: `${address} is deleted while its deletion protection is on` };
      if (actions.includes("delete")) continue;
      for (const moved of groupsThatMove(before, changes))
        yield {
          address,
          message: `${address} stays in ${moved.from}, and its security group ${moved.group} moves to ${moved.to}`,
        };
    }
  },
};

/** Security groups of a load balancer that get another VPC. */
function* groupsThatMove({ security_groups }: Json, changes: readonly ResourceChange[]) {
  for (const { address, type, change } of changes) {
    const { before, after } = change;
    if (type !== "aws_security_group" || !isObject(before) || !isObject(after)) continue;
    if (!Array.isArray(security_groups) || !security_groups.includes(before.id)) continue;
    const [from, to] = [before.vpc_id, after.vpc_id];
    if (typeof from === "string" && typeof to === "string" && from !== to) yield { group: address, from, to };
  }
}
