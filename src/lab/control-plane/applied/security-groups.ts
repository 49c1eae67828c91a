import { paginateDescribeSecurityGroups } from "@aws-sdk/client-ec2";
import { groupRules, type RuleWithEntries } from "../../../aws/sdk/security-group-rules";
import type { AwsClients } from "../../local-aws/aws-clients";
import type { RulePeer, SecurityGroup, SecurityGroupRule } from "../../data-plane/data-plane";

/** A VPC's security groups, and the one that a network interface has where none is named. */
export interface AppliedSecurityGroups {
  readonly all: readonly SecurityGroup[];
  readonly defaultId?: string;
}

/** All security groups of a VPC with their rules; rules to a prefix list carry its entries. */
export async function readSecurityGroups(clients: AwsClients, vpcId: string): Promise<AppliedSecurityGroups> {
  const names = new Map<string, string>();
  const filters = { Filters: [{ Name: "vpc-id", Values: [vpcId] }] };
  for await (const page of paginateDescribeSecurityGroups({ client: clients.ec2 }, filters)) {
    for (const group of page.SecurityGroups ?? []) names.set(group.GroupId!, group.GroupName ?? "");
  }
  const ids = [...names.keys()];
  const rules = await groupRules(clients, ids);
  const rulesOf = (groupId: string, egress: boolean) =>
    rules.filter((rule) => rule.GroupId === groupId && rule.IsEgress === egress).map(securityGroupRule);
  return {
    all: ids.map((id) => ({ id, ingress: rulesOf(id, false), egress: rulesOf(id, true) })),
    defaultId: ids.find((id) => names.get(id) === "default"),
  };
}

/** A rule as EC2's API gives it, as one of the data plane. */
export function securityGroupRule(rule: RuleWithEntries): SecurityGroupRule {
  const id = rule.SecurityGroupRuleId!;
  return {
    id,
    protocol: rule.IpProtocol ?? "-1",
    fromPort: rule.FromPort,
    toPort: rule.ToPort,
    peer: peerOf(rule),
  };
}

function peerOf(rule: RuleWithEntries): RulePeer {
  if (rule.ReferencedGroupInfo?.GroupId) return { group: rule.ReferencedGroupInfo.GroupId };
  if (rule.PrefixListId) return { prefixList: rule.PrefixListId, cidrs: rule.entries };
  if (rule.CidrIpv6) return { cidr6: rule.CidrIpv6 };
  if (rule.CidrIpv4) return { cidr4: rule.CidrIpv4 };
  throw new Error(`Rule ${rule.SecurityGroupRuleId} of security group ${rule.GroupId} names no source or destination.`);
}
