import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { notEmpty } from "../not-empty";
import { evaluate } from "../../src/conformance/evaluate";
import type { AclEntry, GroupRule, Layout, Route } from "../../src/conformance/layout";

const rule = (direction: GroupRule["direction"], more: Partial<GroupRule>): GroupRule => ({
  ...{ direction, form: "inline", protocol: "tcp", from: 9000, to: 9010, peers: [{ cidr: "0.0.0.0/0" }] },
  ...more,
});
const open: GroupRule[] = [rule("ingress", { protocol: "-1" }), rule("egress", { protocol: "-1" })];

/** Task a in one VPC, task b next to it in another subnet, task c in a peered VPC; each in a group of its own. */
function layout(
  more: Partial<Layout> & { readonly rules?: Readonly<Record<string, readonly GroupRule[]>> } = {},
): Layout {
  const { rules = {}, ...rest } = more;
  return {
    vpcs: [
      { id: "one", cidr: "10.1.0.0/16" },
      { id: "two", cidr: "10.2.0.0/16" },
    ],
    subnets: [
      { id: "s-a", vpc: "one", cidr: "10.1.1.0/24" },
      { id: "s-b", vpc: "one", cidr: "10.1.2.0/24" },
      { id: "s-c", vpc: "two", cidr: "10.2.1.0/24" },
    ],
    groups: ["a", "b", "c"].map((name) => ({
      id: name,
      vpc: name === "c" ? "two" : "one",
      rules: rules[name] ?? open,
    })),
    prefixLists: [],
    acls: [],
    routeTables: [],
    peerings: [],
    services: [],
    ...rest,
  };
}

const task = (name: string, address: string, groups = [name]) => ({ id: name, subnet: `s-${name}`, address, groups });
const a = task("a", "10.1.1.11");
const b = task("b", "10.1.2.11");
const c = task("c", "10.2.1.11");
const passes = (of: Layout, to = b, port = 9000, sourcePort = 45_000) =>
  evaluate(of, { from: a, to, port, sourcePort });

describe("security groups by the documentation", () => {
  const ingress = (more: Partial<GroupRule>) => layout({ rules: { b: [rule("ingress", more)] } });

  it("need a rule out and a rule in", () => {
    expect(passes(layout())).toBe(true);
    expect(passes(layout({ rules: { a: [open[0]!] } }))).toBe(false);
    expect(passes(layout({ rules: { b: [open[1]!] } }))).toBe(false);
  });

  it.each([
    ["all protocols", { protocol: "-1" }, true],
    ["TCP by number", { protocol: "6" }, true],
    ["UDP", { protocol: "udp" }, false],
    ["the last port", { from: 8000, to: 9000 }, true],
    ["ports below", { from: 8000, to: 8999 }, false],
    ["ports above", { from: 9001, to: 9010 }, false],
    ["the sender's block", { peers: [{ cidr: "10.1.1.0/25" }] }, true],
    ["another block", { peers: [{ cidr: "10.1.1.128/25" }] }, false],
    ["its address", { peers: [{ cidr: "10.1.1.11/32" }] }, true],
    ["IPv6", { peers: [{ cidr6: "::/0" }] }, false],
    ["the sender's group", { peers: [{ group: "a" }] }, true],
    ["another group", { peers: [{ group: "c" }] }, false],
    ["itself", { peers: [{ self: true }] }, false],
    ["one of several", { peers: [{ cidr: "192.0.2.0/24" }, { group: "a" }] }, true],
  ] as const)("read a rule for %s", (_, more, expected) => {
    expect(passes(ingress(more as Partial<GroupRule>))).toBe(expected);
  });

  it("take members of one group for each other by self", () => {
    const self = layout({ rules: { a: [rule("ingress", { peers: [{ self: true }] }), open[1]!] } });
    expect(passes(self, task("b", "10.1.2.11", ["a"]))).toBe(true);
  });

  it("read prefix lists", () => {
    const by = (cidrs: string[]) => ({
      ...ingress({ peers: [{ prefixList: "pl" }] }),
      prefixLists: [{ id: "pl", cidrs }],
    });
    expect(passes(by(["192.0.2.0/24", "10.1.0.0/16"]))).toBe(true);
    expect(passes(by([]))).toBe(false);
  });

  it("are in force over IPv6 as well", () => {
    const v6 = (address: string, groups: string[]) => ({ id: address, subnet: "s-a", address, groups });
    const to = v6("2001:db8::2", ["b"]);
    const from = v6("2001:db8::1", ["a"]);
    const attempt = { from, to, port: 9000, sourcePort: 45_000 };
    expect(
      evaluate(
        layout({
          rules: {
            a: [rule("egress", { peers: [{ cidr6: "2001:db8::/64" }] })],
            b: [rule("ingress", { peers: [{ cidr6: "::/0" }] })],
          },
        }),
        attempt,
      ),
    ).toBe(true);
    expect(evaluate(layout(), attempt)).toBe(false);
  });
});

describe("network ACLs by the documentation", () => {
  const entry = (direction: AclEntry["direction"], number: number, more: Partial<AclEntry> = {}): AclEntry => ({
    ...{ direction, number, action: "allow", protocol: "-1", cidr: "0.0.0.0/0" },
    ...more,
  });
  const around = (subnet: string, ...entries: readonly AclEntry[]) => {
    const plain = layout();
    return {
      ...plain,
      subnets: plain.subnets.map((each) => (each.id === subnet ? { ...each, acl: "acl" } : each)),
      acls: [{ id: "acl", vpc: "one", form: "inline" as const, entries }],
    };
  };

  it("deny what no rule allows, and go by the lowest number", () => {
    expect(passes(around("s-b"))).toBe(false);
    expect(passes(around("s-b", entry("ingress", 100), entry("egress", 100)))).toBe(true);
    const deny = entry("ingress", 90, { action: "deny", cidr: "10.1.1.0/24" });
    expect(passes(around("s-b", entry("ingress", 100), deny, entry("egress", 100)))).toBe(false);
    expect(passes(around("s-b", entry("ingress", 80), deny, entry("egress", 100)))).toBe(true);
  });

  it("see replies, to the port that the connection came from", () => {
    const replies = entry("egress", 100, { protocol: "tcp", from: 40_000, to: 65_535 });
    expect(passes(around("s-b", entry("ingress", 100), replies))).toBe(true);
    expect(passes(around("s-b", entry("ingress", 100), replies), b, 9000, 32_768)).toBe(false);
    expect(passes(around("s-b", entry("ingress", 100)))).toBe(false);
    expect(passes(around("s-a", entry("egress", 100)))).toBe(false);
  });

  it("don't see packets within a subnet", () => {
    expect(passes(around("s-a"), { ...b, subnet: "s-a", address: "10.1.1.12" })).toBe(true);
  });
});

describe("routes by the documentation", () => {
  const there: Route = { destination: "10.2.0.0/16", target: { peering: "pcx" } };
  const back: Route = { destination: "10.1.0.0/16", target: { peering: "pcx" } };
  const peered = (from: readonly Route[], to: readonly Route[], state: "active" | "pending-acceptance" = "active") => {
    const plain = layout();
    const tables = { "s-a": "t-a", "s-c": "t-c" } as Record<string, string>;
    return {
      ...plain,
      subnets: plain.subnets.map((each) => ({ ...each, routeTable: tables[each.id] })),
      routeTables: [
        { id: "t-a", vpc: "one", form: "inline" as const, routes: from },
        { id: "t-c", vpc: "two", form: "inline" as const, routes: to },
      ],
      peerings: [{ id: "pcx", requester: "two", accepter: "one", state }],
    };
  };

  it("lead within the VPC, and over an active peering connection that has one on both sides", () => {
    expect(passes(layout())).toBe(true);
    expect(passes(layout(), c)).toBe(false);
    expect(passes(peered([there], [back]), c)).toBe(true);
    expect(passes(peered([there], []), c)).toBe(false);
    expect(passes(peered([], [back]), c)).toBe(false);
    expect(passes(peered([there], [back], "pending-acceptance"), c)).toBe(false);
  });

  it("go by the longest prefix", () => {
    const blackhole: Route = { destination: "10.2.1.0/24", target: { unusedInterface: "eni" } };
    expect(passes(peered([there, blackhole], [back]), c)).toBe(false);
    expect(passes(peered([{ ...blackhole, destination: "10.1.2.0/24" }], []), b)).toBe(false);
  });

  it("don't lead through a peered VPC to another", () => {
    const beyond = peered([there], [back]);
    expect(passes({ ...beyond, peerings: [{ ...beyond.peerings[0]!, requester: "three" }] }, c)).toBe(false);
  });
});

describe("the evaluator", () => {
  it("shares nothing with what it evaluators, and names a page for each rule", () => {
    const folder = path.join(__dirname, "../../src/conformance");
    const files = readdirSync(folder);
    expect(files).toContain("evaluate.ts");
    for (const file of notEmpty(files)) {
      const text = readFileSync(path.join(folder, file), "utf8");
      const imports = [...text.matchAll(/from "([^"]+)"/g)].map(([, from]) => from!);
      expect(imports.filter((from) => !/^\.\/[\w-]+$/.test(from))).toEqual([]);
    }
    for (const file of ["network-acls.ts", "protocol.ts", "routes.ts", "security-groups.ts"])
      expect(readFileSync(path.join(folder, file), "utf8")).toContain("https://docs.aws.amazon.com/");
  });
});
