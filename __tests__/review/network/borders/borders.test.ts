import { reviewPlan } from "../../../../src/review/review";
import { pairsOf } from "../../fixtures";
import { goodLayout, type Layout } from "../../good-layout";

const said = (edit: (resources: Layout["resource"]) => void, pair = "shop→stock") => {
  const layout = goodLayout();
  edit(layout.resource);
  return pairsOf(reviewPlan(layout))[pair]!;
};

const acl = (
  ingress: object[],
  egress: object[] = [{ rule_no: 1, action: "allow", protocol: "-1", cidr_block: "0.0.0.0/0" }],
) => ({
  vpc_id: "${aws_vpc.main.id}",
  subnet_ids: ["${aws_subnet.one.id}", "${aws_subnet.two.id}"],
  ingress,
  egress,
});
const allow = (rule_no: number, from_port: number, to_port: number) => ({
  ...{ rule_no, action: "allow", protocol: "tcp", from_port, to_port, cidr_block: "10.0.0.0/16" },
});

describe("network ACLs in the matrix", () => {
  it("stop a connection, unless both tasks are in one subnet", () => {
    const [state, reason] = said((resources) => (resources.aws_network_acl = { all: acl([allow(100, 443, 443)]) }));
    // Two subnets: tasks in the same one don't cross its border.
    expect(state).toBe("unknown");
    expect(reason).toContain("no rule of aws_network_acl.all allows port 4369");
    const apart = said((resources) => {
      resources.aws_network_acl = { all: acl([allow(100, 443, 443)]) };
      place(resources, "shop", ["one"]);
      place(resources, "stock", ["two"]);
    });
    expect(apart).toEqual([
      "blocked",
      "no rule of aws_network_acl.all allows port 4369 from aws_subnet.one",
      "no rule of aws_network_acl.all allows port 9000 from aws_subnet.one",
    ]);
  });

  it("stop replies, which go to any of the ports that Linux connects from", () => {
    const only = [allow(100, 4369, 4369), allow(110, 9000, 9010)];
    const replies = (...more: object[]) =>
      said((resources) => {
        resources.aws_network_acl = { all: acl([...only, ...more]) };
        place(resources, "shop", ["one"]);
        place(resources, "stock", ["two"]);
      });
    expect(replies()).toEqual([
      "blocked",
      "no rule of aws_network_acl.all allows ports 32768–60999 from aws_subnet.two",
    ]);
    expect(replies(allow(120, 1024, 65_535))).toEqual(["connects"]);
    expect(replies(allow(120, 32_768, 60_999))).toEqual(["connects"]);
    const [state, reason] = replies(allow(120, 32_768, 50_000));
    expect([state, reason]).toEqual(["unknown", expect.stringContaining("ports 50001–60999 from aws_subnet.two")]);
  });
});

const place = (resources: Layout["resource"], service: string, subnets: readonly string[]) => {
  const network = resources.aws_ecs_service![service]!.network_configuration as { subnets: string[] };
  network.subnets = subnets.map((name) => `\${aws_subnet.${name}.id}`);
};

describe("peered VPCs in the matrix", () => {
  const moved = (peering: boolean, routes: readonly string[]) =>
    said((resources) => {
      resources.aws_vpc!.other = { cidr_block: "10.1.0.0/16" };
      resources.aws_subnet!.far = { vpc_id: "${aws_vpc.other.id}", cidr_block: "10.1.1.0/24" };
      resources.aws_security_group!.stock!.vpc_id = "${aws_vpc.other.id}";
      place(resources, "stock", ["far"]);
      resources.aws_vpc_peering_connection = {
        p: { vpc_id: "${aws_vpc.main.id}", peer_vpc_id: "${aws_vpc.other.id}", ...(peering && { auto_accept: true }) },
      };
      const ends = { main: "10.1.0.0/16", other: "10.0.0.0/16" } as const;
      resources.aws_route = Object.fromEntries(
        Object.entries(ends)
          .filter(([vpc]) => routes.includes(vpc))
          .map(([vpc, destination_cidr_block]) => [
            vpc,
            {
              route_table_id: `\${aws_vpc.${vpc}.main_route_table_id}`,
              destination_cidr_block,
              vpc_peering_connection_id: "${aws_vpc_peering_connection.p.id}",
            },
          ]),
      );
    });

  it("need a route both ways, and an accepted connection", () => {
    // The namespace is the other VPC's: DNS is what stays unknown.
    const [state, ...reasons] = moved(true, ["main", "other"]);
    expect(reasons.filter((text) => /route|peering/.test(text))).toEqual([]);
    expect(["connects", "unknown"]).toContain(state);
    expect(moved(true, ["main"])).toEqual([
      "blocked",
      expect.stringContaining("aws_subnet.far has the main route table of aws_vpc.other"),
    ]);
    expect(moved(true, ["other"])).toEqual(["blocked", expect.stringContaining("has no route to aws_subnet.far")]);
    expect(moved(false, ["main", "other"])).toEqual([
      "blocked",
      expect.stringContaining("nothing in this plan accepts"),
    ]);
  });
});
