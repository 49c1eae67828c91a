/** A network as AWS has it once everything is applied. Ids are names such as `sg-1`; addresses are text. */
export interface Layout {
  readonly vpcs: readonly Vpc[];
  readonly subnets: readonly Subnet[];
  readonly groups: readonly Group[];
  readonly prefixLists: readonly PrefixList[];
  readonly acls: readonly Acl[];
  readonly routeTables: readonly RouteTable[];
  readonly peerings: readonly Peering[];
  readonly services: readonly Service[];
}

export interface Vpc {
  readonly id: string;
  readonly cidr: string;
}

export interface Subnet {
  readonly id: string;
  readonly vpc: string;
  readonly cidr: string;
  /** Absent: the VPC's default network ACL, which nobody changed. */
  readonly acl?: string;
  /** Absent: the VPC's main route table, which has the local route alone. */
  readonly routeTable?: string;
}

/** How Terraform writes a rule; AWS doesn't see a difference. */
export type RuleForm = "inline" | "aws_security_group_rule" | "aws_vpc_security_group_rule";

export interface Group {
  readonly id: string;
  readonly vpc: string;
  readonly rules: readonly GroupRule[];
}

export interface GroupRule {
  readonly direction: "ingress" | "egress";
  readonly form: RuleForm;
  /** `-1`, `tcp`, `udp`, `icmp`, or a protocol number as text. */
  readonly protocol: string;
  /** Absent for `-1`. */
  readonly from?: number;
  readonly to?: number;
  readonly peers: readonly RulePeer[];
}

export type RulePeer =
  | { readonly cidr: string }
  | { readonly cidr6: string }
  | { readonly group: string }
  | { readonly prefixList: string }
  | { readonly self: true };

export interface PrefixList {
  readonly id: string;
  readonly cidrs: readonly string[];
}

export interface Acl {
  readonly id: string;
  readonly vpc: string;
  /** Whether Terraform writes the entries in the ACL, or as resources of their own. */
  readonly form: "inline" | "aws_network_acl_rule";
  readonly entries: readonly AclEntry[];
}

export interface AclEntry {
  readonly direction: "ingress" | "egress";
  readonly number: number;
  readonly action: "allow" | "deny";
  readonly protocol: string;
  readonly cidr: string;
  readonly from?: number;
  readonly to?: number;
}

export interface RouteTable {
  readonly id: string;
  readonly vpc: string;
  readonly form: "inline" | "aws_route";
  /** Without the local route, which every table has. */
  readonly routes: readonly Route[];
}

export interface Route {
  readonly destination: string;
  /** A peering connection, or an interface that no one uses: a blackhole. */
  readonly target: { readonly peering: string } | { readonly unusedInterface: string };
}

export interface Peering {
  readonly id: string;
  readonly requester: string;
  readonly accepter: string;
  readonly state: "active" | "pending-acceptance";
}

/** A service with one task in each of its subnets. */
export interface Service {
  readonly name: string;
  readonly groups: readonly string[];
  readonly tasks: readonly Task[];
}

export interface Task {
  readonly id: string;
  readonly subnet: string;
  readonly address: string;
}

/** What opens a TCP connection. */
export interface Attempt {
  readonly from: Task & { readonly groups: readonly string[] };
  readonly to: Task & { readonly groups: readonly string[] };
  /** The port that is connected to, and the one that the connection comes from. */
  readonly port: number;
  readonly sourcePort: number;
}
