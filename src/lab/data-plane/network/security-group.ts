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

const protocolNumbers: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58 };

/** IP protocol number of a rule; `undefined` for every protocol. Source: IpProtocol in https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroupRule.html */
export function protocolNumber(protocol: string): number | undefined {
  if (protocol === "-1" || protocol === "all") return undefined;
  const number = protocolNumbers[protocol.toLowerCase()] ?? Number(protocol);
  if (!Number.isInteger(number) || number < 0 || number > 255) {
    throw new Error(`"${protocol}" isn't a protocol of a security-group rule: tcp, udp, icmp, icmpv6, -1 or 0 to 255.`);
  }
  return number;
}
