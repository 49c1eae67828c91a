import { isIcmp } from "./random-rules";
import type { NetworkAclEntry } from "@aws-sdk/client-ec2";
import type { Acl, AclEntry, GroupRule, Layout, Route, RulePeer } from "../../conformance/layout";
import type { RuleWithEntries } from "../../aws/sdk/security-group-rules";
import { securityGroupRule } from "../control-plane/applied/security-groups";
import { type DescribedNetwork, subnetNetworks } from "../control-plane/applied/subnet-networks";
import type { SecurityGroup, SubnetNetwork } from "../data-plane/data-plane";

/** What the lab reads of a layout: EC2's answers about it, put through the lab's own reading. */
export interface AsApplied {
  readonly groups: readonly SecurityGroup[];
  readonly subnets: readonly SubnetNetwork[];
}

export function asApplied(layout: Layout): AsApplied {
  const groups = layout.groups.map(({ id, rules }): SecurityGroup => {
    const all = rules.flatMap((rule, at) =>
      rule.peers.map((peer, index) => ({
        rule,
        described: describedRule(layout, `sgr-${id}-${at}-${index}`, id, rule, peer),
      })),
    );
    const of = (direction: GroupRule["direction"]) =>
      all.filter(({ rule }) => rule.direction === direction).map(({ described }) => securityGroupRule(described));
    return { id, ingress: of("ingress"), egress: of("egress") };
  });
  return { groups, subnets: subnetNetworks(describedNetwork(layout)) };
}

/** EC2 names tcp, udp and icmp, and gives -1 as the ports of every protocol. */
const protocolNames: Readonly<Record<string, string>> = { "6": "tcp", "17": "udp", "1": "icmp" };

function describedRule(
  { prefixLists }: Layout,
  SecurityGroupRuleId: string,
  GroupId: string,
  { direction, protocol, from = -1, to = -1 }: GroupRule,
  peer: RulePeer,
): RuleWithEntries {
  return {
    SecurityGroupRuleId,
    GroupId,
    IsEgress: direction === "egress",
    IpProtocol: protocolNames[protocol] ?? protocol,
    FromPort: from,
    ToPort: to,
    entries: [],
    ...("cidr" in peer && { CidrIpv4: peer.cidr }),
    ...("cidr6" in peer && { CidrIpv6: peer.cidr6 }),
    ...("group" in peer && { ReferencedGroupInfo: { GroupId: peer.group } }),
    ...("self" in peer && { ReferencedGroupInfo: { GroupId } }),
    ...("prefixList" in peer && {
      PrefixListId: peer.prefixList,
      entries: prefixLists.find(({ id }) => id === peer.prefixList)!.cidrs,
    }),
  };
}

/** EC2 gives numbers here. */
const protocolNumbers: Readonly<Record<string, string>> = { tcp: "6", udp: "17", icmp: "1" };

function describedEntry({ direction, number, action, protocol, cidr, from, to }: AclEntry): NetworkAclEntry {
  return {
    Egress: direction === "egress",
    RuleNumber: number,
    RuleAction: action,
    Protocol: protocolNumbers[protocol] ?? protocol,
    CidrBlock: cidr,
    ...(from !== undefined &&
      (isIcmp(protocol) ? { IcmpTypeCode: { Type: from, Code: to } } : { PortRange: { From: from, To: to } })),
  };
}

/** The rule with the asterisk, as EC2 gives it. */
const denied = (["ingress", "egress"] as const).map((direction): AclEntry => ({
  direction,
  number: 32_767,
  action: "deny",
  protocol: "-1",
  cidr: "0.0.0.0/0",
}));

const allowed = denied.map((entry): AclEntry => ({ ...entry, number: 100, action: "allow" }));

function describedNetwork(layout: Layout): DescribedNetwork {
  const { vpcs, subnets, acls, routeTables, peerings } = layout;
  const associations = (field: "acl" | "routeTable", id: string) =>
    subnets.filter((subnet) => subnet[field] === id).map((subnet) => ({ SubnetId: subnet.id }));
  const described = (entries: readonly AclEntry[]) => [...entries, ...denied].map(describedEntry);
  return {
    vpcs: vpcs.map(({ id, cidr }) => ({ id, cidrs: [cidr] })),
    subnets: subnets.map(({ id, vpc, cidr }) => ({ id, cidr, vpcId: vpc, availabilityZone: "eu-west-1a" })),
    acls: [
      ...vpcs.map(({ id }) => ({ VpcId: id, IsDefault: true, Entries: described(allowed) })),
      ...acls.map(({ id, vpc, entries }: Acl) => ({
        VpcId: vpc,
        IsDefault: false,
        Associations: associations("acl", id),
        Entries: described(entries),
      })),
    ],
    routeTables: vpcs.flatMap(({ id, cidr }) => {
      const local = { DestinationCidrBlock: cidr, GatewayId: "local", State: "active" as const };
      return [
        { VpcId: id, Associations: [{ Main: true }], Routes: [local] },
        ...routeTables
          .filter(({ vpc }) => vpc === id)
          .map((table) => ({
            VpcId: id,
            Associations: associations("routeTable", table.id),
            Routes: [local, ...table.routes.map((route) => describedRoute(layout, route))],
          })),
      ];
    }),
    peerings: peerings.map(({ id, requester, accepter, state }) => ({
      VpcPeeringConnectionId: id,
      Status: { Code: state },
      RequesterVpcInfo: { VpcId: requester },
      AccepterVpcInfo: { VpcId: accepter },
    })),
  };
}

function describedRoute({ peerings }: Layout, { destination, target }: Route) {
  const isActive = "peering" in target && peerings.find(({ id }) => id === target.peering)?.state === "active";
  return {
    DestinationCidrBlock: destination,
    State: isActive ? ("active" as const) : ("blackhole" as const),
    ...("peering" in target
      ? { VpcPeeringConnectionId: target.peering }
      : { NetworkInterfaceId: target.unusedInterface }),
  };
}
