/** What decides about packets at the border of a subnet, in addition to security groups. */
export interface SubnetNetwork {
  /** IPv4 CIDR block. */
  readonly cidr: string;
  /** Absent: everything passes. */
  readonly acl?: NetworkAcl;
  /** The routes of its table, the local one included. Absent: everything is routed. */
  readonly routes?: readonly SubnetRoute[];
}

/** Source: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html */
export interface NetworkAcl {
  /** In any order; their numbers decide. What none matches is denied. */
  readonly ingress: readonly AclEntry[];
  readonly egress: readonly AclEntry[];
}

export interface AclEntry {
  readonly number: number;
  readonly action: "allow" | "deny";
  /** As in a security group's rule. */
  readonly protocol: string;
  /** IPv4 or IPv6: where packets come from, or go to. */
  readonly cidr: string;
  /** Ports of TCP and UDP; type and code of ICMP, -1 for all. Absent: all. */
  readonly fromPort?: number;
  readonly toPort?: number;
}

/** Source: https://docs.aws.amazon.com/vpc/latest/userguide/RouteTables.html */
export interface SubnetRoute {
  /** IPv4 CIDR block. Of several that match, the longest prefix counts. */
  readonly destination: string;
  /** CIDR blocks that its target delivers to: none for a blackhole, the peer's for an active peering connection. */
  readonly reaches: readonly string[] | "internet";
}
