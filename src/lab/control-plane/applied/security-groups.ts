import {
  DescribeSecurityGroupRulesCommand,
  GetManagedPrefixListEntriesCommand,
  paginateDescribeSecurityGroups,
} from "@aws-sdk/client-ec2";
import type { SecurityGroupRule as Ec2Rule } from "@aws-sdk/client-ec2";
import type { AwsClients } from "../../local-aws/aws-clients";
import type { RulePeer, SecurityGroup, SecurityGroupRule } from "../../data-plane/data-plane";

/** A VPC's security groups, and the one that a network interface has where none is named. */
export interface AppliedSecurityGroups {
  readonly all: readonly SecurityGroup[];
  readonly defaultId?: string;
}

/** All security groups of a VPC with their rules; rules to a prefix list carry its entries. */
export async function readSecurityGroups(clients: AwsClients, vpcId: string): Promise<AppliedSecurityGroups> {
  const { ec2 } = clients;
  const names = new Map<string, string>();
  const filters = { Filters: [{ Name: "vpc-id", Values: [vpcId] }] };
  for await (const page of paginateDescribeSecurityGroups({ client: ec2 }, filters)) {
    for (const group of page.SecurityGroups ?? []) names.set(group.GroupId!, group.GroupName ?? "");
  }
  const { SecurityGroupRules: rules = [] } = await ec2.send(new DescribeSecurityGroupRulesCommand({}));
  const lists = new Map<string, string[]>();
  for (const id of new Set(rules.map((rule) => rule.PrefixListId))) {
    if (id) lists.set(id, await prefixListEntries(clients, id));
  }
  const rulesOf = (groupId: string, egress: boolean) =>
    rules
      .filter((rule) => rule.GroupId === groupId && rule.IsEgress === egress)
      .map((rule) => securityGroupRule(rule, lists));
  const ids = [...names.keys()];
  return {
    all: ids.map((id) => ({ id, ingress: rulesOf(id, false), egress: rulesOf(id, true) })),
    defaultId: ids.find((id) => names.get(id) === "default"),
  };
}

async function prefixListEntries({ ec2 }: AwsClients, id: string): Promise<string[]> {
  const { Entries = [] } = await ec2.send(new GetManagedPrefixListEntriesCommand({ PrefixListId: id }));
  return Entries.map((entry) => entry.Cidr!);
}

function securityGroupRule(rule: Ec2Rule, lists: ReadonlyMap<string, string[]>): SecurityGroupRule {
  const id = rule.SecurityGroupRuleId!;
  return {
    id,
    protocol: rule.IpProtocol ?? "-1",
    fromPort: rule.FromPort,
    toPort: rule.ToPort,
    peer: peerOf(rule, lists),
  };
}

function peerOf(rule: Ec2Rule, lists: ReadonlyMap<string, string[]>): RulePeer {
  if (rule.ReferencedGroupInfo?.GroupId) return { group: rule.ReferencedGroupInfo.GroupId };
  if (rule.PrefixListId) return { prefixList: rule.PrefixListId, cidrs: lists.get(rule.PrefixListId) ?? [] };
  if (rule.CidrIpv6) return { cidr6: rule.CidrIpv6 };
  if (rule.CidrIpv4) return { cidr4: rule.CidrIpv4 };
  throw new Error(`Rule ${rule.SecurityGroupRuleId} of security group ${rule.GroupId} names no source or destination.`);
}
