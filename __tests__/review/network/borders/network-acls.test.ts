import { NetworkAcls } from "../../../../src/review/network/borders/network-acls";
import { placeOf } from "../../../../src/review/network/borders/places";
import type { Resource } from "../../../../src/review/read/resources";
import { Resources } from "../../../../src/review/read/resources";
import { byDynamicBlock, setByAws, Unknown, type Values } from "../../../../src/review/read/value";
import { ref, resource } from "../../resource";

const network = [
  resource("aws_vpc.main", { cidr_block: "10.0.0.0/16" }),
  resource("aws_subnet.a", { vpc_id: ref("aws_vpc.main"), cidr_block: "10.0.1.0/24" }),
  resource("aws_subnet.b", { vpc_id: ref("aws_vpc.main"), cidr_block: "10.0.2.0/24" }),
];

/** What the ACL of subnet a says of packets from b. */
function said(
  others: readonly Resource[],
  ports = { from: 9000, to: 9000 },
  direction: "ingress" | "egress" = "ingress",
) {
  const resources = new Resources([...network, ...others]);
  const [a, b] = ["a", "b"].map((name) => placeOf(ref(`aws_subnet.${name}`), resources)!);
  return new NetworkAcls(resources).verdict(a!, direction, b!, ports);
}

const entry = (rule_no: number, action: string, more: Values = {}): Values => ({
  ...{ rule_no, action, protocol: "tcp", from_port: 9000, to_port: 9010, cidr_block: "10.0.0.0/16" },
  ...more,
});
const acl = (...ingress: readonly Values[]) =>
  resource("aws_network_acl.x", {
    vpc_id: ref("aws_vpc.main"),
    subnet_ids: [ref("aws_subnet.a")],
    ingress,
    egress: [],
  });
const because = (text: string) => ({ passes: "unknown", because: expect.stringContaining(text) });

describe("a subnet's network ACL", () => {
  it("lets everything through where the VPC's default one is left as it is", () => {
    expect(said([])).toEqual({ passes: "yes" });
  });

  it("goes by the first rule that matches, and denies what none matches", () => {
    expect(said([acl(entry(100, "allow"))])).toEqual({ passes: "yes" });
    expect(said([acl(entry(100, "allow"), entry(90, "deny"))])).toEqual({
      passes: "no",
      because: "rule 90 of aws_network_acl.x denies port 9000 from aws_subnet.b",
    });
    expect(said([acl(entry(100, "allow"))], { from: 9011, to: 9011 })).toEqual({
      passes: "no",
      because: "no rule of aws_network_acl.x allows port 9011 from aws_subnet.b",
    });
    expect(said([acl(entry(100, "allow"))], undefined, "egress").passes).toBe("no");
  });

  it.each([
    ["any protocol", { protocol: "-1", from_port: 0, to_port: 0 }, "yes"],
    ["its number", { protocol: "6" }, "yes"],
    ["UDP", { protocol: "udp" }, "no"],
    ["another subnet", { cidr_block: "10.0.3.0/24" }, "no"],
    ["IPv6", { cidr_block: "", ipv6_cidr_block: "::/0" }, "no"],
  ])("reads a rule for %s", (_, more: Values, passes) => {
    expect(said([acl(entry(100, "allow", more))]).passes).toBe(passes);
  });

  it("is unknown where a rule is for a part of the other subnet, or of the ports", () => {
    const half = entry(90, "deny", { cidr_block: "10.0.2.128/25" });
    expect(said([acl(entry(100, "allow"), half)])).toEqual(because("for a part of it: rule 90"));
    const other = entry(91, "deny", { cidr_block: "10.0.2.0/25" });
    expect(said([acl(entry(100, "allow"), half, other)]).passes).toBe("no");
    expect(said([acl(entry(100, "allow"))], { from: 9000, to: 9020 })).toEqual(because("no rule of aws_network_acl.x"));
  });

  it("is unknown where a rule is", () => {
    expect(said([acl(entry(100, new Unknown("a variable") as never))])).toEqual(because("rule 100"));
    expect(said([acl(entry(100, "allow", { cidr_block: new Unknown("a variable") }))]).passes).toBe("unknown");
    expect(said([acl(entry(100, "allow", { from_port: new Unknown("a variable") }))])).toEqual(
      because("ports of rule 100"),
    );
    expect(said([acl({ ...entry(1, "allow"), rule_no: new Unknown("a variable") })])).toEqual(
      because("number of a rule"),
    );
    expect(said([acl(entry(100, "allow", { protocol: new Unknown("a variable") }))])).toEqual(
      because("protocol of rule"),
    );
    // Before it, a rule decides that is known.
    expect(said([acl(entry(90, "deny"), entry(100, new Unknown("a variable") as never))]).passes).toBe("no");
    const dynamic = resource("aws_network_acl.x", { subnet_ids: [ref("aws_subnet.a")], ingress: byDynamicBlock });
    expect(said([dynamic])).toEqual(because("a dynamic block"));
  });

  it("has rules as resources of their own", () => {
    const bare = resource(
      "aws_network_acl.x",
      { subnet_ids: [ref("aws_subnet.a")], ingress: setByAws },
      { configured: { subnet_ids: {} } },
    );
    const rule = (name: string, more: Values) =>
      resource(`aws_network_acl_rule.${name}`, {
        network_acl_id: ref("aws_network_acl.x"),
        ...{ rule_number: 100, rule_action: "allow", egress: false, protocol: "tcp", from_port: 9000, to_port: 9010 },
        ...{ cidr_block: "0.0.0.0/0", ...more },
      });
    expect(said([bare]).passes).toBe("no");
    expect(said([bare, rule("in", {})]).passes).toBe("yes");
    expect(said([bare, rule("in", { egress: true })]).passes).toBe("no");
    expect(said([bare, rule("in", {}), rule("first", { rule_number: 1, rule_action: "deny" })]).passes).toBe("no");
    expect(said([bare, rule("in", { network_acl_id: ref("aws_network_acl.other") })]).passes).toBe("no");
    expect(said([bare, rule("in", { network_acl_id: new Unknown("a variable") })])).toEqual(because("may belong"));
    expect(said([bare, rule("in", { egress: new Unknown("a variable") })]).passes).toBe("unknown");
  });

  it("keeps the rules of the state that no resource made", () => {
    const refreshed = (more: Partial<Resource> = {}) =>
      resource(
        "aws_network_acl.x",
        { id: "acl-1", subnet_ids: [ref("aws_subnet.a")], ingress: [entry(100, "allow")], egress: [] },
        {
          configured: { subnet_ids: {} },
          actions: ["no-op"],
          before: { id: "acl-1", ingress: [entry(100, "allow")], egress: [] },
          ...more,
        },
      );
    expect(said([refreshed()]).passes).toBe("yes");
    // What a rule resource made goes with it.
    const before = { network_acl_id: "acl-1", rule_number: 100, egress: false };
    const resources = [...network, refreshed()];
    const gone = new Resources(resources, [
      { address: "aws_network_acl_rule.gone", type: "aws_network_acl_rule", before },
    ]);
    const place = (name: string) => placeOf(ref(`aws_subnet.${name}`), gone)!;
    const ports = { from: 9000, to: 9000 };
    expect(new NetworkAcls(gone).verdict(place("a"), "ingress", place("b"), ports).passes).toBe("no");
  });
});

describe("which network ACL a subnet has", () => {
  const open = entry(100, "allow");
  const named = (name: string, ingress: readonly Values[], subnet_ids: Values["x"] = []) =>
    resource(`aws_network_acl.${name}`, { ingress, egress: [], subnet_ids });
  const association = (subnet_id: Values["x"], network_acl_id: Values["x"] = ref("aws_network_acl.y")) =>
    resource("aws_network_acl_association.a", { subnet_id, network_acl_id });

  it("is that of an association", () => {
    expect(said([named("y", []), association(ref("aws_subnet.a"))]).passes).toBe("no");
    expect(said([named("y", [open]), association(ref("aws_subnet.a"))]).passes).toBe("yes");
    expect(said([named("y", []), association(ref("aws_subnet.b"))]).passes).toBe("yes");
    expect(said([association(ref("aws_subnet.a"), "acl-9")])).toEqual(because("isn't in this plan"));
    expect(said([named("y", []), association(new Unknown("a variable"))])).toEqual(because("may give aws_subnet.a"));
  });

  it("may be one whose subnets aren't known", () => {
    expect(said([named("y", [], new Unknown("a variable"))])).toEqual(because("may be its ACL"));
  });

  it("is the default one of its VPC, where the plan changes that", () => {
    const byDefault = (vpc: string, ingress: readonly Values[] = []) =>
      resource("aws_default_network_acl.d", {
        default_network_acl_id: ref(`aws_vpc.${vpc}`, "default_network_acl_id"),
        ingress,
        egress: [],
      });
    expect(said([byDefault("main")]).passes).toBe("no");
    expect(said([byDefault("main", [open])]).passes).toBe("yes");
    expect(said([byDefault("other")]).passes).toBe("yes");
    expect(said([byDefault("main"), named("y", [open], [ref("aws_subnet.a")])]).passes).toBe("yes");
    const rule = resource("aws_network_acl_rule.r", {
      network_acl_id: ref("aws_vpc.main", "default_network_acl_id"),
      ...{ rule_number: 1, rule_action: "allow", egress: false, protocol: "-1", cidr_block: "0.0.0.0/0" },
    });
    expect(said([byDefault("main"), rule]).passes).toBe("yes");
  });
});
