import { prefixLength } from "../../../aws/network/ipv4";
import type { Resource, Resources } from "../../read/resources";
import { blocks, flag, isReference, isUnknown, listed, text, type Value, type Values } from "../../read/value";
import { prefixListCidrs } from "../prefix-lists";
import { type Place, vpcKey, vpcResource } from "./places";
import { mainTableOf, routesOf, routeTableOf } from "./route-tables";
import { firstMatch, passes, stopped, unsure, type Line, type Verdict } from "./verdict";

/** A route with its place in the order: the longest prefix counts. */
interface OrderedLine extends Line {
  readonly prefix: number;
}

/** Whether a subnet's packets are routed to another subnet. Source: https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html */
export function routed(from: Place, to: Place, resources: Resources): Verdict {
  if (from.name === to.name || from.vpc === undefined || to.vpc === undefined) return passes;
  const vpc = from.subnet && vpcResource(from.subnet, resources);
  const table = from.subnet && (routeTableOf(from.subnet, resources) ?? (vpc && mainTableOf(vpc, resources)));
  if (table)
    return from.vpc === to.vpc ? withinVpc({ from, to, table, resources }) : toVpc({ from, to, table, resources });
  if (from.vpc === to.vpc) return passes;
  // The main table of a new VPC leads nowhere else; that of an existing one isn't in this plan.
  return vpc
    ? stopped(`${from.name} has the main route table of ${vpc.address}, which has no route to ${to.name}`)
    : unsure(`the route table of ${from.name} isn't in this plan`);
}

/** Where a packet goes from one subnet to another, by the table of the first. */
interface Way {
  readonly from: Place;
  readonly to: Place;
  readonly table: Resource;
  readonly resources: Resources;
}

/** Every table leads within its own VPC, except where it has a more specific route, to one of these. */
const withinVpcTargets = ["network_interface_id", "vpc_endpoint_id", "nat_gateway_id"];

function withinVpc(way: Way): Verdict {
  const { from, to, table, resources } = way;
  const vpc = from.subnet && resources.named(from.subnet.values.vpc_id, "aws_vpc", "data.aws_vpc");
  const local = text(vpc?.values.cidr_block);
  const lines = routesOf(table, resources)
    .routes.filter((route) => withinVpcTargets.some((target) => isSet(route[target])))
    .flatMap((route) => linesOf(route, way))
    .filter(({ prefix }) => prefix > (local === undefined ? largestVpc : prefixLength(local)));
  return firstMatch(to.ranges, lines.sort(byPrefix), passes);
}

/** A VPC's block is at most a /16. */
const largestVpc = 16;

function toVpc(way: Way): Verdict {
  const { from, to, table, resources } = way;
  const { routes, open } = routesOf(table, resources);
  const rest =
    open || isPropagated(table, resources)
      ? unsure(`${table.address} may have routes that this plan doesn't show`)
      : stopped(`${table.address}, the route table of ${from.name}, has no route to ${to.name}`);
  return firstMatch(to.ranges, routes.flatMap((route) => linesOf(route, way)).sort(byPrefix), rest);
}

const byPrefix = (one: OrderedLine, other: OrderedLine) => other.prefix - one.prefix;

function linesOf(route: Values, way: Way): OrderedLine[] {
  const destination = route.destination_cidr_block ?? route.cidr_block;
  const cidr = text(destination);
  const verdict = targetVerdict(route, cidr ?? "a destination", way);
  if (cidr) return [{ cidr, prefix: prefixLength(cidr), verdict }];
  const list = route.destination_prefix_list_id;
  if (typeof list === "string" || isReference(list)) {
    const cidrs = list === "" ? [] : prefixListCidrs(list, way.resources);
    return cidrs
      ? cidrs.map((each) => ({ cidr: each, prefix: prefixLength(each), verdict }))
      : [{ cidr: undefined, prefix: 16, verdict: unsure("what its prefix list holds isn't in this plan") }];
  }
  if (isUnknown(destination) || isReference(destination)) return [{ cidr: undefined, prefix: 32, verdict }];
  // A route for IPv6.
  return [];
}

/** Targets that lead to the internet: private addresses of another VPC aren't there. */
const internet = ["nat_gateway_id", "egress_only_gateway_id", "carrier_gateway_id"];
const notEvaluated = ["transit_gateway_id", "vpc_endpoint_id", "core_network_arn", "local_gateway_id"];

const isSet = (value: Value | undefined) => isReference(value) || isUnknown(value) || (text(value) ?? "") !== "";

function targetVerdict(route: Values, cidr: string, way: Way): Verdict {
  const { from, to, table, resources } = way;
  const name = `the route to ${cidr} in ${table.address}`;
  if (isSet(route.vpc_peering_connection_id)) return peered(route.vpc_peering_connection_id!, name, way);
  if (isSet(route.network_interface_id)) return throughInterface(route.network_interface_id!, name, resources);
  const other = notEvaluated.find((target) => isSet(route[target]));
  if (other) return unsure(`${name} has a ${other}, which isn't evaluated`);
  if (text(route.gateway_id) === "local") return passes;
  const gateway = route.gateway_id;
  if (internet.some((target) => isSet(route[target])) || resources.named(gateway, "aws_internet_gateway"))
    return from.vpc === to.vpc
      ? unsure(`${name} leads through a gateway, which isn't evaluated`)
      : stopped(`${name} leads to the internet, not to ${to.name}`);
  return isSet(gateway)
    ? unsure(`${name} has a gateway that isn't evaluated`)
    : unsure(`${name} from ${from.name} has no target that this plan shows`);
}

/**
 * An interface that nothing in the plan uses is a blackhole; through an instance, only that instance knows.
 * Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html (State)
 */
function throughInterface(value: Value, name: string, resources: Resources): Verdict {
  const found = resources.named(value, "aws_network_interface");
  const through = unsure(`${name} leads through a network interface, which isn't evaluated`);
  if (!found || isUnknown(value) || blocks(found.values.attachment).length > 0) return through;
  const users = [
    ...resources.of("aws_network_interface_attachment").map(({ values }) => [values.network_interface_id]),
    ...resources
      .of("aws_instance", "aws_launch_template", "aws_nat_gateway")
      .map(({ values }) => [
        ...blocks(values.network_interface).map((each) => each.network_interface_id),
        ...blocks(values.network_interfaces).map((each) => each.network_interface_id),
        ...blocks(values.primary_network_interface).map((each) => each.network_interface_id),
      ]),
  ].flat();
  if (users.some((user) => isUnknown(user) || resources.named(user, "aws_network_interface") === found)) return through;
  return stopped(`${name} is a blackhole: nothing in this plan uses ${found.address}`);
}

/** Peering leads to its own two VPCs, once it is active. Source: https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html */
function peered(value: Value, name: string, { from, to, resources }: Way): Verdict {
  const connection = resources.named(value, "aws_vpc_peering_connection", "data.aws_vpc_peering_connection");
  if (!connection) return acceptedHere(value, name, { from, to, resources });
  const { values } = connection;
  const ends = [values.vpc_id, values.peer_vpc_id].map((vpc) => vpcKey(vpc, resources));
  if (ends.includes(undefined)) return unsure(`which VPCs ${connection.address} connects isn't known before apply`);
  if (from.vpc === to.vpc || !ends.includes(from.vpc) || !ends.includes(to.vpc))
    return stopped(`${name} leads to ${connection.address}, which doesn't connect ${from.vpc} and ${to.vpc}`);
  return active(connection, name, resources);
}

function active(connection: Resource, name: string, resources: Resources): Verdict {
  const { values, address } = connection;
  const status = text(values.accept_status) ?? text(values.status);
  const accepters = resources.of("aws_vpc_peering_connection_accepter");
  const accepter = accepters.find(
    (each) => resources.named(each.values.vpc_peering_connection_id, connection.type) === connection,
  );
  if (flag(values.auto_accept) === true || flag(accepter?.values.auto_accept) === true || status === "active")
    return passes;
  if (connection.mode === "data" && status === undefined)
    return unsure(`the status of ${address} isn't known before apply`);
  const elsewhere = [values.peer_owner_id, values.peer_region].some(isSet) && connection.mode === "managed";
  return elsewhere && (status === undefined || status === "pending-acceptance") && values.peer_owner_id !== undefined
    ? unsure(`${name} works once the other account accepts ${address}`)
    : stopped(`${name} is a blackhole: nothing in this plan accepts ${address}`);
}

/** A connection that another plan requested and this one may accept. */
function acceptedHere(value: Value, name: string, { from, to, resources }: Omit<Way, "table">): Verdict {
  const accepter = resources.named(value, "aws_vpc_peering_connection_accepter");
  const ends = [accepter?.values.vpc_id, accepter?.values.peer_vpc_id].map((vpc) => vpcKey(vpc, resources));
  return accepter && flag(accepter.values.auto_accept) === true && ends.includes(from.vpc) && ends.includes(to.vpc)
    ? passes
    : unsure(`${name} leads to a peering connection that isn't in this plan`);
}

/** Routes that a virtual private gateway adds by itself. */
function isPropagated(table: Resource, resources: Resources): boolean {
  return (
    listed(table.values.propagating_vgws).length > 0 ||
    resources
      .of("aws_vpn_gateway_route_propagation")
      .some(({ values }) => resources.named(values.route_table_id, table.type) === table)
  );
}
