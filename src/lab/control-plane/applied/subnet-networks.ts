import {
  type NetworkAcl,
  type NetworkAclEntry,
  paginateDescribeNetworkAcls,
  type Route,
  type RouteTable,
  type VpcPeeringConnection,
} from "@aws-sdk/client-ec2";
import type { AwsClients } from "../../local-aws/aws-clients";
import type { AclEntry, SubnetNetwork, SubnetRoute } from "../../data-plane/data-plane";
import type { AppliedSubnet, AppliedVpc } from "./subnets";

/** What EC2's API tells of the network around subnets. */
export interface DescribedNetwork {
  readonly vpcs: readonly AppliedVpc[];
  readonly subnets: readonly AppliedSubnet[];
  readonly acls: readonly NetworkAcl[];
  readonly routeTables: readonly RouteTable[];
  readonly peerings: readonly VpcPeeringConnection[];
}

/** The subnets of a VPC with their network ACLs. Their routes aren't read: all packets are routed. */
export async function readSubnetNetworks(
  { ec2 }: Pick<AwsClients, "ec2">,
  vpcId: string,
  subnets: Iterable<AppliedSubnet>,
): Promise<readonly SubnetNetwork[]> {
  const acls: NetworkAcl[] = [];
  const filters = { Filters: [{ Name: "vpc-id", Values: [vpcId] }] };
  for await (const page of paginateDescribeNetworkAcls({ client: ec2 }, filters))
    acls.push(...(page.NetworkAcls ?? []));
  const own = [...subnets].filter((subnet) => subnet.vpcId === vpcId);
  return subnetNetworks({ vpcs: [], subnets: own, acls, routeTables: [], peerings: [] });
}

/** Each subnet with the ACL and the routes that AWS evaluates for it. */
export function subnetNetworks(network: DescribedNetwork): readonly SubnetNetwork[] {
  return network.subnets.map((subnet) => {
    const acl = aclOf(subnet, network.acls);
    const table = routeTableOf(subnet, network.routeTables);
    return {
      cidr: subnet.cidr,
      ...(acl && { acl: { ingress: entries(acl, false), egress: entries(acl, true) } }),
      ...(table && { routes: (table.Routes ?? []).flatMap((route) => routeOf(route, subnet, network)) }),
    };
  });
}

function aclOf({ id, vpcId }: AppliedSubnet, acls: readonly NetworkAcl[]): NetworkAcl | undefined {
  const associated = acls.find(({ Associations = [] }) => Associations.some(({ SubnetId }) => SubnetId === id));
  return associated ?? acls.find(({ VpcId, IsDefault }) => VpcId === vpcId && IsDefault);
}

function entries({ Entries = [] }: NetworkAcl, egress: boolean): AclEntry[] {
  return Entries.filter(({ Egress }) => Egress === egress).map(aclEntry);
}

function aclEntry({
  RuleNumber,
  RuleAction,
  Protocol,
  CidrBlock,
  Ipv6CidrBlock,
  PortRange,
  IcmpTypeCode,
}: NetworkAclEntry): AclEntry {
  return {
    number: RuleNumber!,
    action: RuleAction!,
    protocol: Protocol!,
    cidr: CidrBlock ?? Ipv6CidrBlock!,
    ...(PortRange && { fromPort: PortRange.From, toPort: PortRange.To }),
    ...(IcmpTypeCode && { fromPort: IcmpTypeCode.Type, toPort: IcmpTypeCode.Code }),
  };
}

function routeTableOf({ id, vpcId }: AppliedSubnet, tables: readonly RouteTable[]): RouteTable | undefined {
  const associated = tables.find(({ Associations = [] }) => Associations.some(({ SubnetId }) => SubnetId === id));
  return (
    associated ??
    tables.find(({ VpcId, Associations = [] }) => VpcId === vpcId && Associations.some(({ Main }) => Main === true))
  );
}

function routeOf(route: Route, { vpcId }: AppliedSubnet, network: DescribedNetwork): SubnetRoute[] {
  // IPv6 routes and those of prefix lists (gateway endpoints) lead to no task.
  if (!route.DestinationCidrBlock) return [];
  return [{ destination: route.DestinationCidrBlock, reaches: reachOf(route, vpcId, network) }];
}

function reachOf(route: Route, vpcId: string, { vpcs, peerings }: DescribedNetwork): SubnetRoute["reaches"] {
  if (route.GatewayId === "local") return vpcs.find(({ id }) => id === vpcId)?.cidrs ?? [];
  if (route.State === "blackhole") return [];
  if (!route.VpcPeeringConnectionId) return "internet";
  const peering = peerings.find((each) => each.VpcPeeringConnectionId === route.VpcPeeringConnectionId);
  const ends = [peering?.RequesterVpcInfo, peering?.AccepterVpcInfo];
  const peer = ends.find((end) => end?.VpcId !== vpcId);
  const known = vpcs.find(({ id }) => id === peer?.VpcId)?.cidrs ?? (peer?.CidrBlock ? [peer.CidrBlock] : []);
  return peering?.Status?.Code === "active" && ends.some((end) => end?.VpcId === vpcId) ? known : [];
}
