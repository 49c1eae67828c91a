import { rulePorts } from "../../src/aws/network/ports";
import { isWithin } from "../../src/aws/network/ipv4";
import {
  protocolNumber,
  type RulePeer,
  type SecurityGroup,
  type SecurityGroupRule,
} from "../../src/lab/data-plane/network/security-group";

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
type Verdict =
  | { readonly passes: true; readonly egressRule: string; readonly ingressRule?: string }
  | { readonly passes: false; readonly hop: "egress" | "ingress" };

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
    const { from, to } = rulePorts(rule.protocol, rule.fromPort, rule.toPort);
    return packet.port !== undefined && from <= packet.port && packet.port <= to;
  }
  if (protocol !== 1) return true;
  const is = (wanted: number | undefined, actual: number | undefined) =>
    wanted === undefined || wanted < 0 || wanted === actual;
  return is(rule.fromPort, packet.icmp?.type) && is(rule.toPort, packet.icmp?.code);
}

/** Groups of the interface that has an address; `undefined` when none in the VPC has. */
type GroupsOf = (address: string) => readonly string[] | undefined;

/**
 * What AWS decides about a packet that opens a connection: a rule of any group of the sender must let it out, then one of
 * any group of the receiver must let it in. An address outside of the VPC has no groups that could refuse.
 */
export function decide(packet: Packet, groups: readonly SecurityGroup[], groupsOf: GroupsOf): Verdict {
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
