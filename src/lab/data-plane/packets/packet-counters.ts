export interface PacketCounters {
  /** First packets of connections that a rule let pass; replies and later packets pass by connection tracking. */
  readonly rules: readonly RuleCounter[];
  /** Packets that no rule of a security group let pass, and those that a network ACL denied, at the hop that dropped them. */
  readonly denied: readonly DeniedCounter[];
  /** Packets of connections that were let pass, in the direction in which they were opened. */
  readonly flows: readonly FlowCounter[];
}

export interface RuleCounter {
  readonly groupId: string;
  readonly ruleId: string;
  readonly direction: "ingress" | "egress";
  readonly packets: number;
}

export interface FlowCounter {
  /** Addresses: of the side that opened, and of the other. */
  readonly source: string;
  readonly destination: string;
  /** `tcp`, `udp`, `icmp` or a number. */
  readonly protocol: string;
  /** Destination port; 0 for protocols without. */
  readonly port: number;
  readonly packets: number;
}

export interface DeniedCounter extends FlowCounter {
  /** `egress`: the sender's groups; `ingress`: the receiver's. */
  readonly direction: "ingress" | "egress";
  /** Whether the network ACL of the sender's or the receiver's subnet dropped it, and not the groups. */
  readonly byAcl?: true;
}
