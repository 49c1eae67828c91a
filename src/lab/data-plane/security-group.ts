import { isWithin } from "./ipv4";

/** A security group with the rules that were applied to it. Source: https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html */
export interface SecurityGroup {
  /** Such as `sg-0123…`. */
  readonly id: string;
  /** No rule, nothing in. */
  readonly ingress: readonly SecurityGroupRule[];
  /** No rule, nothing out. */
  readonly egress: readonly SecurityGroupRule[];
}

export interface SecurityGroupRule {
  /** Such as `sgr-0123…`: what the packet counters name. */
  readonly id: string;
  /** `tcp`, `udp`, `icmp`, `icmpv6`, `-1` (everything) or a protocol number as a string, as EC2's API gives it. */
  readonly protocol: string;
  /** First port; for ICMP its type. Left out or -1: all. */
  readonly fromPort?: number;
  /** Last port; for ICMP its code. Left out or -1: all. */
  readonly toPort?: number;
  /** Who may send (ingress) or be sent to (egress). */
  readonly peer: RulePeer;
}

/** A group that refers to itself is a `group` like any other; `prefixList` carries its entries. */
export type RulePeer =
  | { readonly cidr4: string }
  | { readonly cidr6: string }
  | { readonly group: string }
  | { readonly prefixList: string; readonly cidrs: readonly string[] };

/** The first packet of a connection. */
export interface Packet {
  readonly source: string;
  readonly destination: string;
  /** IP protocol number: 6 is TCP, 17 UDP, 1 ICMP. */
  readonly protocol: number;
  /** Destination port of TCP and UDP. */
  readonly port?: number;
  /** Type and code of ICMP. */
  readonly icmp?: { readonly type: number; readonly code: number };
}

/** Whether a connection may be opened, and by which rules, or at which hop it is dropped. */
export type Verdict =
  | { readonly passes: true; readonly egressRule: string; readonly ingressRule?: string }
  | { readonly passes: false; readonly hop: "egress" | "ingress" };

const protocolNumbers: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58 };

/** IP protocol number of a rule; `undefined` for every protocol. Source: IpProtocol in https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroupRule.html */
export function protocolNumber(protocol: string): number | undefined {
  if (protocol === "-1" || protocol === "all") return undefined;
  const number = protocolNumbers[protocol.toLowerCase()] ?? Number(protocol);
  if (!Number.isInteger(number) || number < 0 || number > 255) {
    throw new Error(`"${protocol}" is no protocol of a security-group rule: tcp, udp, icmp, icmpv6, -1 or 0 to 255.`);
  }
  return number;
}

/** First and last port of a rule for TCP or UDP. */
export function portRange(rule: SecurityGroupRule): { readonly first: number; readonly last: number } {
  const all = rule.fromPort === undefined || rule.fromPort < 0;
  return all ? { first: 0, last: 65_535 } : { first: rule.fromPort, last: rule.toPort ?? rule.fromPort };
}

function matchesPeer(peer: RulePeer, address: string, groupsOf: GroupsOf): boolean {
  if ("cidr4" in peer) return isWithin(address, peer.cidr4);
  // Tasks have IPv4 addresses only here, so a rule for IPv6 matches none.
  if ("cidr6" in peer) return false;
  if ("group" in peer) return groupsOf(address)?.includes(peer.group) ?? false;
  return peer.cidrs.some((cidr) => !cidr.includes(":") && isWithin(address, cidr));
}

function matches(rule: SecurityGroupRule, packet: Packet, other: string, groupsOf: GroupsOf): boolean {
  const protocol = protocolNumber(rule.protocol);
  if (!matchesPeer(rule.peer, other, groupsOf)) return false;
  if (protocol === undefined) return true;
  if (protocol !== packet.protocol) return false;
  if (protocol === 6 || protocol === 17) {
    const { first, last } = portRange(rule);
    return packet.port !== undefined && first <= packet.port && packet.port <= last;
  }
  if (protocol !== 1) return true;
  const is = (wanted: number | undefined, actual: number | undefined) =>
    wanted === undefined || wanted < 0 || wanted === actual;
  return is(rule.fromPort, packet.icmp?.type) && is(rule.toPort, packet.icmp?.code);
}

/** Groups of the interface that has an address; `undefined` when none in the VPC has. */
export type GroupsOf = (address: string) => readonly string[] | undefined;

/**
 * What AWS decides about a packet that opens a connection: a rule of any group of the sender must let it out, then one of
 * any group of the receiver must let it in. An address outside of the VPC has no groups that could refuse.
 */
export function judge(packet: Packet, groups: readonly SecurityGroup[], groupsOf: GroupsOf): Verdict {
  const find = (address: string, direction: "egress" | "ingress", other: string) => {
    const ids = groupsOf(address) ?? [];
    const own = ids.flatMap((id) => groups.find((group) => group.id === id)?.[direction] ?? []);
    return own.find((rule) => matches(rule, packet, other, groupsOf));
  };
  const egress = find(packet.source, "egress", packet.destination);
  if (!egress) return { passes: false, hop: "egress" };
  if (!groupsOf(packet.destination)) return { passes: true, egressRule: egress.id };
  const ingress = find(packet.destination, "ingress", packet.source);
  if (!ingress) return { passes: false, hop: "ingress" };
  return { passes: true, egressRule: egress.id, ingressRule: ingress.id };
}
