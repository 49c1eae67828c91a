import { BlockList, isIPv4 } from "node:net";
import { paginateDescribeNetworkInterfaces, paginateDescribeSecurityGroups } from "@aws-sdk/client-ec2";
import { type PortRange, isTcp, rulePorts, without } from "../aws/network/ports";
import { batches } from "../aws/sdk/batches";
import type { Aws } from "../aws/sdk/clients";
import { groupRules, maxFilterValues } from "../aws/sdk/security-group-rules";

/** A rule of a security group. */
export interface GroupRule {
  /** `sgr-…` */
  readonly id: string;
  readonly groupId: string;
  readonly direction: "ingress" | "egress";
  /** `tcp`, `udp`, `icmp` or a number; `-1` for all. */
  readonly protocol: string;
  /** Every port if the protocol has none, or if the rule is for all. */
  readonly ports: PortRange;
  /** The group at the other end, if the rule names a group. */
  readonly peerGroup: string | undefined;
  /** The networks at the other end, in CIDR notation, including those of a prefix list. */
  readonly networks: readonly string[];
  readonly prefixList: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/** One end of a connection. */
export interface End {
  readonly groups: readonly string[];
  /** IPv4. */
  readonly address: string;
}

/** The security groups of network interfaces, by the interface's id. Deleted interfaces are missing. */
export async function groupsAttached(
  { ec2: client }: Aws,
  interfaceIds: readonly string[],
): Promise<Map<string, string[]>> {
  const groups = new Map<string, string[]>();
  for (const Values of batches(interfaceIds, maxFilterValues)) {
    const request = { Filters: [{ Name: "network-interface-id", Values }] };
    for await (const { NetworkInterfaces = [] } of paginateDescribeNetworkInterfaces({ client }, request)) {
      for (const { NetworkInterfaceId, Groups = [] } of NetworkInterfaces) {
        groups.set(
          NetworkInterfaceId!,
          Groups.map(({ GroupId }) => GroupId!),
        );
      }
    }
  }
  return groups;
}

/** Ids of the VPCs of security groups. */
export async function vpcsOf({ ec2: client }: Aws, groupIds: readonly string[]): Promise<string[]> {
  const vpcs = new Set<string>();
  for (const Values of batches(groupIds, maxFilterValues)) {
    const request = { Filters: [{ Name: "group-id", Values }] };
    for await (const { SecurityGroups = [] } of paginateDescribeSecurityGroups({ client }, request)) {
      for (const { VpcId } of SecurityGroups) vpcs.add(VpcId!);
    }
  }
  return [...vpcs];
}

/** Ids of security groups by their names, which are unique only within a VPC. */
export async function groupIdsNamed(
  { ec2: client }: Aws,
  names: readonly string[],
  vpcIds: readonly string[],
): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  if (vpcIds.length === 0) return ids;
  for (const Values of batches(names, maxFilterValues)) {
    const inVpc = { Name: "vpc-id", Values: [...vpcIds] };
    const request = { Filters: [{ Name: "group-name", Values }, inVpc] };
    for await (const { SecurityGroups = [] } of paginateDescribeSecurityGroups({ client }, request)) {
      for (const { GroupName, GroupId } of SecurityGroups) ids.set(GroupName!, GroupId!);
    }
  }
  return ids;
}

/** The rules of security groups. */
export async function rulesOf(aws: Aws, groupIds: readonly string[]): Promise<GroupRule[]> {
  const rules = await groupRules(aws, groupIds);
  return rules.map((rule) => ({
    id: rule.SecurityGroupRuleId!,
    groupId: rule.GroupId!,
    direction: rule.IsEgress ? ("egress" as const) : ("ingress" as const),
    protocol: rule.IpProtocol ?? "-1",
    ports: rulePorts(rule.IpProtocol ?? "-1", rule.FromPort, rule.ToPort),
    peerGroup: rule.ReferencedGroupInfo?.GroupId,
    networks: [rule.CidrIpv4 ?? [], rule.CidrIpv6 ?? [], rule.entries].flat(),
    prefixList: rule.PrefixListId,
    tags: Object.fromEntries((rule.Tags ?? []).map(({ Key, Value }) => [Key!, Value ?? ""])),
  }));
}

/** The wanted ports that no rule opens from `own` to `other`, or for ingress from `other` to `own`. */
export function closedPorts(
  rules: readonly GroupRule[],
  direction: GroupRule["direction"],
  own: End,
  other: End,
  wanted: readonly PortRange[],
): PortRange[] {
  const open = rules
    .filter(
      (rule) =>
        isTcp(rule.protocol) &&
        rule.direction === direction &&
        own.groups.includes(rule.groupId) &&
        concerns(rule, other),
    )
    .map(({ ports }) => ports);
  return wanted.flatMap((range) => without(range, open));
}

const concerns = ({ peerGroup, networks }: GroupRule, { groups, address }: End): boolean =>
  peerGroup === undefined ? holds(networks, address) : groups.includes(peerGroup);

function holds(networks: readonly string[], address: string): boolean {
  const list = new BlockList();
  const family = familyOf(address);
  for (const network of networks) {
    const [prefix, length] = network.split("/");
    // A BlockList treats IPv4 as a part of IPv6, a security group doesn't: ::/0 admits no IPv4 address.
    if (familyOf(prefix!) === family) list.addSubnet(prefix!, Number(length), family);
  }
  return list.check(address, family);
}

const familyOf = (address: string) => (isIPv4(address) ? "ipv4" : "ipv6");
