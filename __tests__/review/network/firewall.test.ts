import { addressesOf, nowhereKnown } from "../../../src/review/network/addresses";
import { Firewall, type Endpoint } from "../../../src/review/network/firewall";
import { Resources, type Resource } from "../../../src/review/read/resources";
import { Unknown, type Values } from "../../../src/review/read/value";
import { ref, resource } from "../resource";

const unknown = new Unknown("a variable");
const group = (name: string) => resource(`aws_security_group.${name}`, { name });
const groups = [group("a"), group("b")];
const endpoint = (name: string, more: Partial<Endpoint> = {}): Endpoint => ({
  groups: [`aws_security_group.${name}`],
  addresses: nowhereKnown,
  ...more,
});
const [a, b] = [endpoint("a"), endpoint("b")];

let rules = 0;
const rule = (direction: "ingress" | "egress", of: string, values: Values): Resource =>
  resource(`aws_vpc_security_group_${direction}_rule.r${++rules}`, {
    security_group_id: ref(`aws_security_group.${of}`),
    ip_protocol: "tcp",
    from_port: 9000,
    to_port: 9010,
    ...values,
  });
const toB = { referenced_security_group_id: ref("aws_security_group.b") };
const fromA = { referenced_security_group_id: ref("aws_security_group.a") };
const firewall = (...resources: readonly Resource[]) => new Firewall(new Resources([...groups, ...resources]));

describe("a connection passes on one side", () => {
  it("by a rule for its port and the other's group, in its direction alone", () => {
    const of = firewall(rule("egress", "a", toB));
    expect([8999, 9000, 9010, 9011].map((port) => of.passage("egress", a, b, port).passes)).toEqual([
      "no",
      "yes",
      "yes",
      "no",
    ]);
    expect(of.passage("ingress", a, b, 9000)).toEqual({ passes: "no" });
    expect(of.passage("egress", b, a, 9000)).toEqual({ passes: "no" });
    expect(of.passage("egress", a, a, 9000)).toEqual({ passes: "no" });
    const other = firewall(rule("ingress", "b", fromA));
    expect(other.passage("ingress", a, b, 9000)).toEqual({ passes: "yes" });
    expect(other.passage("egress", a, b, 9000)).toEqual({ passes: "no" });
  });

  it("by any of several groups", () => {
    const two = { ...a, groups: ["aws_security_group.b", "aws_security_group.a"] };
    expect(firewall(rule("egress", "a", toB)).passage("egress", two, b, 9000)).toEqual({ passes: "yes" });
  });

  it("by addresses: all, a part, none, and some that aren't known", () => {
    const of = firewall(rule("egress", "a", { cidr_ipv4: "10.0.1.0/24" }));
    const at = (cidrs: readonly string[], exact = true) =>
      of.passage("egress", a, endpoint("b", { addresses: addressesOf(cidrs, exact) }), 9000);
    expect(at(["10.0.1.0/24"])).toEqual({ passes: "yes" });
    expect(at(["10.0.2.0/24"])).toEqual({ passes: "no" });
    expect(at(["10.0.1.0/24", "10.0.2.0/24"])).toEqual({
      passes: "unknown",
      because: expect.stringContaining("10.0.1.0/24 is a part of its subnets only") as string,
    });
    expect(at(["10.0.0.0/16"], false)).toEqual({
      passes: "unknown",
      because: expect.stringContaining("10.0.1.0/24") as string,
    });
  });

  it("by two CIDRs that contain all of its addresses together", () => {
    const halves = ["10.0.1.0/25", "10.0.1.128/25"].map((cidr_ipv4) => rule("egress", "a", { cidr_ipv4 }));
    const peer = endpoint("b", { addresses: addressesOf(["10.0.1.0/24"], true) });
    expect(firewall(...halves).passage("egress", a, peer, 9000)).toEqual({ passes: "yes" });
    const shifted = rule("egress", "a", { cidr_ipv4: "10.0.1.128/25", from_port: 9005 });
    const of = firewall(halves[0]!, shifted);
    expect(of.passage("egress", a, peer, 9005)).toEqual({ passes: "yes" });
    expect(of.passage("egress", a, peer, 9010)).toEqual({ passes: "yes" });
    expect(of.passage("egress", a, peer, 9004).passes).toBe("unknown");
    expect(of.passage("egress", a, peer, 9011)).toEqual({ passes: "no" });
  });

  it("perhaps, where a rule's group, protocol or peer isn't known, or an end has more groups", () => {
    const because = (...resources: readonly Resource[]) => firewall(...resources).passage("egress", a, b, 9000);
    const perhaps = (text: string) => ({ passes: "unknown", because: expect.stringContaining(text) as string });
    expect(because(rule("egress", "a", { ...toB, security_group_id: unknown }))).toEqual(
      perhaps("belongs to a group that is unknown"),
    );
    expect(because(rule("egress", "a", { ...toB, ip_protocol: unknown }))).toEqual(perhaps("protocol"));
    expect(because(rule("egress", "a", { referenced_security_group_id: unknown })).passes).toBe("unknown");
    expect(because(rule("egress", "a", { ...toB, security_group_id: unknown, from_port: 9001 }))).toEqual({
      passes: "no",
    });
    const of = firewall(rule("egress", "a", fromA));
    expect(of.passage("egress", { ...a, groupsOpen: "a variable" }, b, 9000)).toEqual(perhaps("a variable"));
    // More groups of the other end matter where a rule lets some group through.
    expect(of.passage("egress", a, { ...b, groupsOpen: "a variable" }, 9000)).toEqual(perhaps("a variable"));
    expect(of.passage("egress", a, { ...b, groupsOpen: "a variable" }, 8000)).toEqual({ passes: "no" });
  });

  it("perhaps, where its group isn't in the plan", () => {
    const outside = { ...a, groups: ["sg-1"] };
    expect(firewall().passage("egress", outside, b, 9000)).toEqual({
      passes: "unknown",
      because: "sg-1 is not in this plan, so its own rules aren't seen",
    });
    expect([firewall().isSeen("sg-1"), firewall().isSeen("aws_security_group.a")]).toEqual([false, true]);
  });
});

describe("what lets a connection through", () => {
  const cidr = rule("egress", "a", { cidr_ipv4: "10.0.0.0/16" });
  const elsewhere = rule("egress", "a", { cidr_ipv4: "192.168.0.0/16" });
  const byGroup = rule("egress", "a", toB);
  const own = rule("egress", "a", fromA);
  const unsure = rule("egress", "a", { ...toB, from_port: unknown });
  const back = rule("ingress", "a", toB);
  const of = firewall(cidr, elsewhere, byGroup, own, unsure, back);
  const peer = endpoint("b", { addresses: addressesOf(["10.0.1.0/24"], true) });
  const explain = (from: number, to: number, direction: "ingress" | "egress" = "egress") =>
    of.explain(direction, ...(direction === "egress" ? ([a, peer] as const) : ([peer, a] as const)), { from, to });

  it("are the rules for its ports that match the other end", () => {
    expect(explain(9000, 9000).map(({ address }) => address)).toEqual([cidr.address, byGroup.address]);
    expect(explain(9010, 9020).map(({ address }) => address)).toEqual([cidr.address, byGroup.address]);
    expect(explain(9011, 9020)).toEqual([]);
    expect(explain(9000, 9000, "ingress").map(({ address }) => address)).toEqual([back.address]);
  });

  it("are among all rules of a group", () => {
    expect(of.rulesOf("egress", "aws_security_group.a")).toHaveLength(5);
    expect(of.rulesOf("ingress", "aws_security_group.a").map(({ origin }) => origin)).toEqual(["resource"]);
    expect(of.rulesOf("ingress", "aws_security_group.b")).toEqual([]);
    expect(of.rulesOf("egress", "aws_security_group.a").map((each) => of.cidrsOf(each))).toEqual([
      ["10.0.0.0/16"],
      ["192.168.0.0/16"],
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("leaves these ports open in each direction", () => {
    const { ingress, egress } = of.openPorts(a, peer);
    expect(egress.missing({ from: 8999, to: 9011 })).toEqual([
      { from: 8999, to: 8999 },
      { from: 9011, to: 9011 },
    ]);
    expect(ingress.has(9000)).toBe(false);
    const other = firewall(rule("ingress", "b", fromA)).openPorts(a, b);
    expect([other.ingress.has(9000), other.egress.has(9000)]).toEqual([true, false]);
  });
});
