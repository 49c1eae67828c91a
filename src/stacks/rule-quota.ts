import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { TerraformStack } from "cdktf";
import { maxGroupRules } from "../aws/limits";
import { reference } from "../constructs/reference";

/**
 * A warning for each security group that gets more rules than AWS allows by default, by the {@link reference} of its id.
 *
 * @param remedy what to do, as an imperative
 */
export function groupsOverQuota(stack: TerraformStack, remedy: string): ReadonlyMap<string, string> {
  const counts = new Map<string, { groupId: string; direction: string; rules: number }>();
  const references = new Map<string, string>();
  const count = (id: string, direction: string, family: string) => {
    const groupId = references.get(id) ?? reference(stack, id);
    references.set(id, groupId);
    const key = `${groupId} ${direction} ${family}`;
    const { rules } = counts.get(key) ?? { rules: 0 };
    counts.set(key, { groupId, direction, rules: rules + 1 });
  };
  for (const rule of stack.node.findAll()) {
    const isIngress = rule instanceof VpcSecurityGroupIngressRule;
    if (!isIngress && !(rule instanceof VpcSecurityGroupEgressRule)) continue;
    const direction = isIngress ? "ingress" : "egress";
    if (!rule.cidrIpv6Input) count(rule.securityGroupIdInput!, direction, "IPv4");
    if (!rule.cidrIpv4Input) count(rule.securityGroupIdInput!, direction, "IPv6");
  }
  const over = [...counts.values()].filter(({ rules }) => rules > maxGroupRules);
  return new Map(
    over.map(({ groupId, direction, rules }) => [
      groupId,
      `its security group gets ${rules} ${direction} rules, and AWS allows ${maxGroupRules} by default: ${remedy}, or ask AWS to raise the quota`,
    ]),
  );
}
