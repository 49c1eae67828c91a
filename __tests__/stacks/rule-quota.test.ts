import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { App, TerraformStack } from "cdktf";
import { groupsOverQuota } from "../../src/stacks/rule-quota";
import { scratchFolder } from "../scratch";

type Target = { cidrIpv4: string } | { cidrIpv6: string } | { referencedSecurityGroupId: string };

const ipv4: Target = { cidrIpv4: "10.0.0.0/16" };
const ipv6: Target = { cidrIpv6: "fd00::/8" };
const group: Target = { referencedSecurityGroupId: "sg-2" };

/** What is reported for groups that get these numbers of rules. */
function over(...rules: readonly { in?: number; out?: number; to: Target; of?: string }[]) {
  const stack = new TerraformStack(new App({ outdir: scratchFolder("rule-quota") }), "prod");
  rules.forEach(({ in: ingress = 0, out: egress = 0, to, of: securityGroupId = "sg-1" }, kind) => {
    const props = { securityGroupId, ipProtocol: "-1", ...to };
    for (let each = 0; each < ingress; each++) new VpcSecurityGroupIngressRule(stack, `in-${kind}-${each}`, props);
    for (let each = 0; each < egress; each++) new VpcSecurityGroupEgressRule(stack, `out-${kind}-${each}`, props);
  });
  return Object.fromEntries(groupsOverQuota(stack, "merge some rules"));
}

const message = (count: number, direction: string) =>
  `its security group gets ${count} ${direction} rules, and AWS allows 60 by default: merge some rules, or ask AWS to raise the quota`;

describe("a security group's rules, of which AWS allows 60", () => {
  it.each([
    ["IPv4", ipv4],
    ["IPv6", ipv6],
    ["security groups", group],
  ])("to %s: 60 are within the quota, 61 are over it", (_, to) => {
    expect(over({ in: 60, out: 60, to })).toEqual({});
    expect(over({ in: 61, to })).toEqual({ "sg-1": message(61, "ingress") });
    expect(over({ out: 61, to })).toEqual({ "sg-1": message(61, "egress") });
  });

  it("are counted for IPv4 and for IPv6 apart", () => {
    expect(over({ out: 60, to: ipv4 }, { out: 60, to: ipv6 })).toEqual({});
  });

  it.each([
    ["IPv4", ipv4],
    ["IPv6", ipv6],
  ])("to groups count with those to %s", (_, to) => {
    expect(over({ out: 31, to }, { out: 31, to: group })).toEqual({ "sg-1": message(62, "egress") });
  });

  it("are counted for each group apart", () => {
    expect(over({ in: 60, to: ipv4 }, { in: 61, to: ipv4, of: "sg-3" })).toEqual({ "sg-3": message(61, "ingress") });
  });
});
