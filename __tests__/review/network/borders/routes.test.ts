import { placeOf } from "../../../../src/review/network/borders/places";
import { routed } from "../../../../src/review/network/borders/routes";
import { Resources, type Resource } from "../../../../src/review/read/resources";
import { Unknown, type Value, type Values } from "../../../../src/review/read/value";
import { ref, resource } from "../../resource";

const vpc = (name: string, cidr_block: string) => resource(`aws_vpc.${name}`, { cidr_block });
const subnet = (name: string, of: string, cidr_block: string) =>
  resource(`aws_subnet.${name}`, { vpc_id: ref(`aws_vpc.${of}`), cidr_block });

const network = [
  vpc("one", "10.1.0.0/16"),
  vpc("two", "10.2.0.0/16"),
  vpc("three", "10.3.0.0/16"),
  subnet("a", "one", "10.1.1.0/24"),
  subnet("a2", "one", "10.1.2.0/24"),
  subnet("b", "two", "10.2.1.0/24"),
  subnet("c", "three", "10.3.1.0/24"),
];
const association = (of: string) =>
  resource(`aws_route_table_association.${of}`, {
    subnet_id: ref(`aws_subnet.${of}`),
    route_table_id: ref("aws_route_table.t"),
  });
const peering = (more: Values = { auto_accept: true }, to = "two") =>
  resource("aws_vpc_peering_connection.p", { vpc_id: ref("aws_vpc.one"), peer_vpc_id: ref(`aws_vpc.${to}`), ...more });
const via = (cidr_block: Value, more: Values = { vpc_peering_connection_id: ref("aws_vpc_peering_connection.p") }) => ({
  cidr_block,
  ...more,
});

const way = (resources: readonly Resource[], to = "b", from = "a") => {
  const all = new Resources([...network, ...resources]);
  return routed(placeOf(ref(`aws_subnet.${from}`), all)!, placeOf(ref(`aws_subnet.${to}`), all)!, all);
};
/** From subnet a, whose table has these routes. */
const routes = (route: readonly Values[], others: readonly Resource[] = [peering()], to = "b") =>
  way([association("a"), resource("aws_route_table.t", { route }), ...others], to);

const no = (text: string) => ({ passes: "no", because: expect.stringContaining(text) });
const unknown = (text: string) => ({ passes: "unknown", because: expect.stringContaining(text) });

describe("routes within a VPC", () => {
  it("are always there", () => {
    expect(way([], "a2").passes).toBe("yes");
    expect(routes([], [], "a2").passes).toBe("yes");
    expect(routes([via("0.0.0.0/0", { nat_gateway_id: ref("aws_nat_gateway.n") })], [], "a2").passes).toBe("yes");
    expect(routes([via("10.0.0.0/8", { transit_gateway_id: "tgw-1" })], [], "a2").passes).toBe("yes");
    expect(way([], "a").passes).toBe("yes");
  });

  it("give way to a more specific one, through an interface", () => {
    const through = via("10.1.2.0/24", { network_interface_id: ref("aws_network_interface.i") });
    const unused = resource("aws_network_interface.i", {});
    expect(routes([through], [unused], "a2")).toEqual(
      no("is a blackhole: nothing in this plan uses aws_network_interface.i"),
    );
    const network_interface_id = ref("aws_network_interface.i");
    const used = resource("aws_network_interface_attachment.i", { network_interface_id });
    expect(routes([through], [unused, used], "a2")).toEqual(unknown("leads through a network interface"));
    const instance = resource("aws_instance.i", { network_interface: [{ network_interface_id }] });
    expect(routes([through], [unused, instance], "a2").passes).toBe("unknown");
    const attached = resource("aws_network_interface.i", { attachment: [{ instance: "i-1" }] });
    expect(routes([through], [attached], "a2").passes).toBe("unknown");
    expect(routes([through], [], "a2").passes).toBe("unknown");
    const half = via("10.1.2.0/25", { network_interface_id: ref("aws_network_interface.i") });
    expect(routes([half], [unused], "a2")).toEqual(unknown("for a part of it"));
    const nat = via("10.1.2.0/24", { nat_gateway_id: "nat-1" });
    expect(routes([nat], [], "a2").passes).toBe("unknown");
  });

  it("give way to nothing as wide as the VPC, or that leads elsewhere", () => {
    const nat = (cidr: string) => routes([via(cidr, { nat_gateway_id: "nat-1" })], [], "a2").passes;
    expect([nat("10.1.0.0/16"), nat("10.1.0.0/17")]).toEqual(["yes", "unknown"]);
    expect(routes([via("10.1.2.0/24", { transit_gateway_id: "tgw-1" })], [], "a2").passes).toBe("yes");
  });

  it.each([
    ["of a /20", [resource("aws_vpc.small", { cidr_block: "10.8.0.0/20" })], "/20", "/21"],
    ["whose block this plan doesn't show", [], "/16", "/17"],
  ])("give way to what is more specific than a VPC %s", (_, vpcs, local, specific) => {
    const subnetOf = (name: string, cidr_block: string) =>
      resource(`aws_subnet.${name}`, { vpc_id: vpcs.length > 0 ? ref("aws_vpc.small") : "vpc-9", cidr_block });
    const through = (prefix: string) => {
      const route = [via(`10.8.0.0${prefix}`, { nat_gateway_id: "nat-1" })];
      const subnets = [subnetOf("x", "10.8.1.0/24"), subnetOf("y", "10.8.2.0/24")];
      return way([...vpcs, ...subnets, association("x"), resource("aws_route_table.t", { route })], "y", "x").passes;
    };
    expect([through(local), through(specific)]).toEqual(["yes", "unknown"]);
  });

  it("go by the longest prefix, in whatever order they are listed", () => {
    const unused = resource("aws_network_interface.i", {});
    const wide = via("10.1.0.0/20", { network_interface_id: ref("aws_network_interface.i") });
    const narrow = via("10.1.2.0/24", { nat_gateway_id: "nat-1" });
    for (const route of [
      [wide, narrow],
      [narrow, wide],
    ])
      expect(routes(route, [unused], "a2").passes).toBe("unknown");
  });
});

describe("routes to another VPC", () => {
  it("lead over an active peering connection", () => {
    expect(routes([via("10.2.0.0/16")]).passes).toBe("yes");
    expect(routes([via("10.2.1.0/24")]).passes).toBe("yes");
    const accepter = resource("aws_vpc_peering_connection_accepter.p", {
      vpc_peering_connection_id: ref("aws_vpc_peering_connection.p"),
      auto_accept: true,
    });
    expect(routes([via("10.2.0.0/16")], [peering({}), accepter]).passes).toBe("yes");
    expect(routes([via("10.2.0.0/16")], [peering({ accept_status: "active" })]).passes).toBe("yes");
  });

  it("are missing", () => {
    expect(way([])).toEqual(
      no("aws_subnet.a has the main route table of aws_vpc.one, which has no route to aws_subnet.b"),
    );
    expect(routes([])).toEqual(no("aws_route_table.t, the route table of aws_subnet.a, has no route to aws_subnet.b"));
    expect(routes([via("10.3.0.0/16")]).passes).toBe("no");
    expect(routes([via("10.2.1.0/25")])).toEqual(unknown("for a part of it"));
  });

  it("lead nowhere while nobody accepts the connection", () => {
    expect(routes([via("10.2.0.0/16")], [peering({})])).toEqual(
      no("nothing in this plan accepts aws_vpc_peering_connection.p"),
    );
    const other = peering({ peer_owner_id: "123456789012" });
    expect(routes([via("10.2.0.0/16")], [other])).toEqual(unknown("once the other account accepts"));
    const deleted = peering({ peer_owner_id: "123456789012", accept_status: "deleted" });
    expect(routes([via("10.2.0.0/16")], [deleted]).passes).toBe("no");
  });

  it("lead over a connection that is looked up, once it is active", () => {
    const lookedUp = (more: Values) => {
      const ends = { vpc_id: ref("aws_vpc.one"), peer_vpc_id: ref("aws_vpc.two") };
      const target = { vpc_peering_connection_id: ref("data.aws_vpc_peering_connection.p") };
      const found = resource("data.aws_vpc_peering_connection.p", { ...ends, ...more });
      return routes([via("10.2.0.0/16", target)], [found]);
    };
    expect(lookedUp({ status: "active" }).passes).toBe("yes");
    expect(lookedUp({ status: "deleted" }).passes).toBe("no");
    expect(lookedUp({})).toEqual(unknown("the status of data.aws_vpc_peering_connection.p isn't known before apply"));
  });

  it("are unknown over a connection whose VPCs are", () => {
    const other = peering({ auto_accept: true, peer_vpc_id: new Unknown("a variable") });
    expect(routes([via("10.2.0.0/16")], [other])).toEqual(unknown("which VPCs aws_vpc_peering_connection.p connects"));
  });

  it("aren't those of IPv6", () => {
    const ipv6 = via("", { destination_prefix_list_id: "", ipv6_cidr_block: "::/0", gateway_id: "igw-1" });
    expect(routes([ipv6])).toEqual(no("has no route to aws_subnet.b"));
  });

  it("aren't transitive", () => {
    expect(routes([via("10.3.0.0/16")], [peering()], "c")).toEqual(no("doesn't connect aws_vpc.one and aws_vpc.three"));
  });

  it("go by the longest prefix", () => {
    const blackhole = via("10.2.1.0/24", { network_interface_id: ref("aws_network_interface.i") });
    expect(routes([via("10.2.0.0/16"), blackhole], [peering(), resource("aws_network_interface.i", {})]).passes).toBe(
      "no",
    );
    const wide = via("10.0.0.0/8", { transit_gateway_id: "tgw-1" });
    expect(routes([wide, via("10.2.0.0/16")]).passes).toBe("yes");
    expect(routes([wide])).toEqual(unknown("has a transit_gateway_id, which isn't evaluated"));
  });

  it("end where they lead to the internet", () => {
    expect(routes([via("0.0.0.0/0", { nat_gateway_id: "nat-1" })])).toEqual(no("leads to the internet"));
    const gateway = resource("aws_internet_gateway.g", {});
    expect(routes([via("0.0.0.0/0", { gateway_id: ref("aws_internet_gateway.g") })], [gateway]).passes).toBe("no");
    expect(routes([via("0.0.0.0/0", { gateway_id: "vgw-1" })])).toEqual(unknown("has a gateway that isn't evaluated"));
  });

  it("may be resources of their own, and in the main table", () => {
    const route = (route_table_id: Value) =>
      resource("aws_route.r", {
        route_table_id,
        destination_cidr_block: "10.2.0.0/16",
        vpc_peering_connection_id: ref("aws_vpc_peering_connection.p"),
      });
    expect(routes([], [peering(), route(ref("aws_route_table.t"))]).passes).toBe("yes");
    expect(way([peering(), route(ref("aws_vpc.one", "main_route_table_id"))]).passes).toBe("yes");
    expect(way([peering(), route(ref("aws_vpc.two", "main_route_table_id"))]).passes).toBe("no");
    const table = resource("aws_default_route_table.d", {
      default_route_table_id: ref("aws_vpc.one", "default_route_table_id"),
      route: [via("10.2.0.0/16")],
    });
    expect(way([peering(), table]).passes).toBe("yes");
    const main = resource("aws_main_route_table_association.m", {
      vpc_id: ref("aws_vpc.one"),
      route_table_id: ref("aws_route_table.t"),
    });
    expect(way([peering(), main, resource("aws_route_table.t", { route: [via("10.2.0.0/16")] })]).passes).toBe("yes");
  });

  it("may go by a prefix list", () => {
    const list = (cidr: string) => resource("aws_ec2_managed_prefix_list.l", { entry: [{ cidr }] });
    const by = (id: Value) => via(null, { destination_prefix_list_id: id, vpc_peering_connection_id: "x" });
    const route = {
      ...by(ref("aws_ec2_managed_prefix_list.l")),
      vpc_peering_connection_id: ref("aws_vpc_peering_connection.p"),
    };
    expect(routes([route], [peering(), list("10.2.0.0/16")]).passes).toBe("yes");
    expect(routes([route], [peering(), list("10.9.0.0/16")]).passes).toBe("no");
    expect(routes([by("pl-1")]).passes).toBe("unknown");
  });

  it("are unknown where the plan doesn't show them", () => {
    const all = new Resources([
      ...network,
      resource("data.aws_subnet.d", { vpc_id: "vpc-9", cidr_block: "10.9.1.0/24" }),
    ]);
    const [a, d] = [placeOf(ref("aws_subnet.a"), all)!, placeOf(ref("data.aws_subnet.d"), all)!];
    expect(routed(d, a, all)).toEqual(unknown("the route table of data.aws_subnet.d isn't in this plan"));
    expect(routes([via(new Unknown("a variable"))]).passes).toBe("unknown");
    expect(routes([], [peering(), resource("aws_route.r", { route_table_id: new Unknown("a variable") })])).toEqual(
      unknown("may have routes that this plan doesn't show"),
    );
    const gateways = resource("aws_route_table.t", { route: [], propagating_vgws: ["vgw-1"] });
    expect(way([association("a"), gateways]).passes).toBe("unknown");
    const propagation = resource("aws_vpn_gateway_route_propagation.v", { route_table_id: ref("aws_route_table.t") });
    expect(routes([], [propagation]).passes).toBe("unknown");
    expect(routes([via("10.2.0.0/16", { vpc_peering_connection_id: "pcx-9" })])).toEqual(unknown("isn't in this plan"));
    const nowhere = placeOf("subnet-9", all)!;
    expect(routed(a, nowhere, all).passes).toBe("yes");
  });

  it("lead over a connection that another plan requested and this one accepts", () => {
    const accepter = (auto_accept: boolean) =>
      resource("aws_vpc_peering_connection_accepter.q", {
        vpc_peering_connection_id: "pcx-9",
        ...{ vpc_id: ref("aws_vpc.one"), peer_vpc_id: ref("aws_vpc.two"), auto_accept },
      });
    const route = via("10.2.0.0/16", { vpc_peering_connection_id: ref("aws_vpc_peering_connection_accepter.q") });
    expect(routes([route], [accepter(true)]).passes).toBe("yes");
    expect(routes([route], [accepter(false)]).passes).toBe("unknown");
  });
});
