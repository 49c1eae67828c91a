import { contains, prefixLength } from "./cidr";
import type { Attempt, Layout, Route, Subnet } from "./layout";

/**
 * Whether packets are routed there, and replies back: each by the route table of the subnet that it leaves.
 * Peered VPCs need a route in the tables of both subnets.
 * https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html
 */
export function routesLead(layout: Layout, { from, to }: Attempt): boolean {
  return leads(layout, subnet(layout, from.subnet), to) && leads(layout, subnet(layout, to.subnet), from);
}

type Target = Route["target"] | "local";

function leads(layout: Layout, from: Subnet, to: Attempt["to"]): boolean {
  // A route table directs traffic from a subnet; within the subnet none is asked.
  // https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html
  if (from.id === to.subnet) return true;
  const target = targetOf(layout, from, to.address);
  if (target === undefined) return false;
  if (target === "local") return subnet(layout, to.subnet).vpc === from.vpc;
  // The state blackhole: the route's target isn't available.
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html
  if ("unusedInterface" in target) return false;
  return crosses(layout, target.peering, from.vpc, subnet(layout, to.subnet).vpc);
}

/** The target of the route that a subnet's table has for an address. */
function targetOf(layout: Layout, { vpc, routeTable }: Subnet, address: string): Target | undefined {
  const own = layout.vpcs.find(({ id }) => id === vpc)!;
  // Every route table has a local route for the VPC. A subnet without a table of its own uses the main one.
  // https://docs.aws.amazon.com/vpc/latest/userguide/RouteTables.html
  const routes: { readonly destination: string; readonly target: Target }[] = [
    { destination: own.cidr, target: "local" },
    ...(layout.routeTables.find(({ id }) => id === routeTable)?.routes ?? []),
  ];
  // The most specific route that matches is used (longest prefix match). Routes more specific than the local one are
  // allowed, to an interface, for the CIDR of a subnet.
  // https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html
  return routes
    .filter(({ destination }) => contains(destination, address))
    .sort((one, other) => prefixLength(other.destination) - prefixLength(one.destination))[0]?.target;
}

/**
 * Whether a peering connection carries packets from one VPC to another.
 *
 * A route to a connection that is pending acceptance is a blackhole until the connection is active.
 * https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html
 * Peering is not transitive: a connection leads to its own two VPCs.
 * https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html#vpc-peering-limitations
 */
function crosses(layout: Layout, id: string, from: string, to: string): boolean {
  const { requester, accepter, state } = layout.peerings.find((peering) => peering.id === id)!;
  return state === "active" && [`${requester} ${accepter}`, `${accepter} ${requester}`].includes(`${from} ${to}`);
}

function subnet(layout: Layout, id: string): Subnet {
  return layout.subnets.find((each) => each.id === id)!;
}
