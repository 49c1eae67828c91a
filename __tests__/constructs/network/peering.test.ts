import fc from "fast-check";
import { ExternalPeer } from "../../../src/constructs/network/cluster-member";
import type { ElixirService } from "../../../src/constructs/service/elixir-service";
import { ErlangDistribution } from "../../../src/constructs/service/erlang-distribution";
import { Peering } from "../../../src/constructs/network/peering";
import { all, container, Layout, problemsOf, type TerraformJson } from "../layout";
import { notEmpty } from "../../not-empty";

interface Rule {
  readonly security_group_id: string;
  readonly referenced_security_group_id?: string;
  readonly ip_protocol: string;
  readonly from_port?: number;
  readonly to_port?: number;
  readonly cidr_ipv4?: string;
  readonly cidr_ipv6?: string;
}
const ingress = (json: TerraformJson) => all(json, "aws_vpc_security_group_ingress_rule") as unknown as Rule[];
const egress = (json: TerraformJson) => all(json, "aws_vpc_security_group_egress_rule") as unknown as Rule[];
/** `from 4369-4369 to`: a rule between groups, whichever side it is written at. */
const openings = (json: TerraformJson) => ({
  in: ingress(json)
    .filter((rule) => rule.referenced_security_group_id)
    .map((rule) => `${rule.referenced_security_group_id} ${rule.from_port}-${rule.to_port} ${rule.security_group_id}`)
    .sort(),
  out: egress(json)
    .filter((rule) => rule.referenced_security_group_id)
    .map((rule) => `${rule.security_group_id} ${rule.from_port}-${rule.to_port} ${rule.referenced_security_group_id}`)
    .sort(),
});
const groupOf = (name: string) => expect.stringContaining(`aws_security_group.${name}_security-group`) as string;
const nodesOf = (json: TerraformJson) =>
  (container(json).environment as { name: string; value: string }[]).find(({ name }) => name === "CLUSTER_NODES")
    ?.value;

/** A full mesh of `count` services, each with `tasks` tasks. */
function mesh(count: number): TerraformJson {
  const layout = new Layout();
  const peering = new Peering(layout.stack, "peering");
  const services = Array.from({ length: count }, (_, index) => layout.service(`s${index}`));
  services.forEach((service) => peering.allowWithin(service));
  services.forEach((a, i) => services.slice(i + 1).forEach((b) => peering.allowBetween(a, b)));
  return layout.json;
}

/** Rules between groups, at both ends. */
const rulesBetweenGroups = (json: TerraformJson) => openings(json).in.length + openings(json).out.length;

describe("Peering", () => {
  it("lets the tasks of one service reach each other, by their own group", () => {
    const layout = new Layout();
    new Peering(layout.stack, "peering").allowWithin(layout.service("myapp"));
    expect(ingress(layout.json)).toEqual([
      expect.objectContaining({
        security_group_id: groupOf("myapp"),
        referenced_security_group_id: groupOf("myapp"),
        ip_protocol: "tcp",
        from_port: 4369,
        to_port: 4369,
        description: "Erlang distribution from myapp",
      }),
      expect.objectContaining({
        security_group_id: groupOf("myapp"),
        referenced_security_group_id: groupOf("myapp"),
        ip_protocol: "tcp",
        from_port: 9000,
        to_port: 9010,
      }),
    ]);
  });

  it("opens two services to each other, in both directions", () => {
    const layout = new Layout();
    const [a, b] = [
      layout.service("a"),
      layout.service("b", { distribution: ErlangDistribution.epmd({ from: 9100, to: 9105 }) }),
    ];
    new Peering(layout.stack, "peering").allowBetween(a, b);
    const { in: admitted, out } = openings(layout.json);
    expect(admitted).toEqual(out);
    expect(admitted).toHaveLength(4);
    expect(admitted.filter((rule) => / 9100-9105 /.test(rule))).toEqual([
      expect.stringMatching(/\.a_.* 9100-9105 .*\.b_/),
    ]);
    expect(admitted.filter((rule) => / 9000-9010 /.test(rule))).toEqual([
      expect.stringMatching(/\.b_.* 9000-9010 .*\.a_/),
    ]);
  });

  it("makes both poll for each other", () => {
    const layout = new Layout();
    const [a, b] = [layout.service("a"), layout.service("b", { releaseName: "bee" })];
    new Peering(layout.stack, "peering").allowBetween(a, b);
    const definitions = JSON.stringify(all(layout.json, "aws_ecs_task_definition"));
    expect(definitions).toContain("a@a.organization.local,bee@b.organization.local");
    expect(definitions).toContain("bee@b.organization.local,a@a.organization.local");
  });

  it("is the same in either order, and when it is repeated", () => {
    const layouts = [1, 2].map((times) => {
      const layout = new Layout();
      const [a, b] = [layout.service("a"), layout.service("b")];
      const peering = new Peering(layout.stack, "peering");
      peering.allowBetween(a, b);
      if (times === 2) peering.allowBetween(b, a);
      return layout.json;
    });
    expect(layouts[1]).toEqual(layouts[0]);
  });

  it("keeps pairs apart whose names read alike when joined", () => {
    const layout = new Layout();
    const peering = new Peering(layout.stack, "peering");
    const [a, bToC, aToB, c] = ["a", "b-to-c", "a-to-b", "c"].map((name) => layout.service(name)) as ElixirService[];
    peering.allowBetween(a!, bToC!);
    peering.allowBetween(aToB!, c!);
    expect(openings(layout.json).in).toHaveLength(8);
  });

  it("writes a rule once for two peers in one group: AWS refuses it twice", () => {
    const layout = new Layout();
    const myapp = layout.service("myapp");
    const peering = new Peering(layout.stack, "peering");
    for (const name of ["billing", "ledger"]) {
      const securityGroup = { name: "their-cluster" };
      const node = `${name}@${name}.their.local`;
      peering.allowBetween(
        myapp,
        new ExternalPeer(layout.stack, name, { name, node, securityGroup, vpcId: layout.network.vpcId }),
      );
    }
    expect(openings(layout.json).in).toHaveLength(2);
    expect(all(layout.json, "aws_security_group", "data")).toHaveLength(1);
    expect(nodesOf(layout.json)).toBe(
      "myapp@myapp.organization.local,billing@billing.their.local,ledger@ledger.their.local",
    );
  });

  it("opens our end alone towards a peer that another project owns", () => {
    const layout = new Layout();
    const node = "billing@billing.their.local";
    const peer = new ExternalPeer(layout.stack, "billing", {
      name: "billing",
      node,
      securityGroup: { id: "sg-0abc1234" },
      vpcId: "vpc-1",
    });
    new Peering(layout.stack, "peering").allowBetween(layout.service("myapp"), peer);
    expect(ingress(layout.json).every((rule) => rule.security_group_id !== "sg-0abc1234")).toBe(true);
    expect(openings(layout.json).in).toEqual([
      expect.stringMatching(/^sg-0abc1234 4369-4369 /),
      expect.stringMatching(/^sg-0abc1234 9000-9010 /),
    ]);
    expect(openings(layout.json).out).toEqual([
      expect.stringMatching(/ 4369-4369 sg-0abc1234$/),
      expect.stringMatching(/ 9000-9010 sg-0abc1234$/),
    ]);
  });

  it("refuses modes that don't fit, once", () => {
    const layout = new Layout();
    const [a, b] = [layout.service("a"), layout.service("b", { distribution: ErlangDistribution.singlePort() })];
    const peering = new Peering(layout.stack, "peering");
    peering.allowBetween(a, b);
    peering.allowBetween(b, a);
    expect(problemsOf(layout.stack)).toEqual([
      '"a" uses epmd with 9000–9010 and "b" uses single port 9000: their nodes can\'t connect. Use the same distribution for both',
    ]);
  });

  it("refuses two members of one name", () => {
    const layout = new Layout();
    const myapp = layout.service("myapp");
    const namesake = new ExternalPeer(layout.stack, "other", {
      name: "myapp",
      node: "x@y.z",
      securityGroup: { id: "sg-0abc1234" },
      vpcId: "vpc-1",
    });
    expect(() => new Peering(layout.stack, "peering").allowBetween(myapp, namesake)).toThrow(
      'two members of stack/peering have the name "myapp": give each a different one',
    );
  });

  it.each([
    [2, 16],
    [10, 400],
  ])("has 4n² rules in a mesh: %i services, %i", (services, rules) => {
    expect(rulesBetweenGroups(mesh(services))).toBe(rules);
  });
});

/** Some services with their first ports, and who of them cluster. */
const layouts = fc.integer({ min: 1, max: 5 }).chain((count) =>
  fc.record({
    ports: fc.array(
      fc.integer({ min: 0, max: 20 }).map((step) => 5000 + 7 * step),
      { minLength: count, maxLength: count },
    ),
    pairs: fc.array(fc.tuple(fc.nat({ max: count - 1 }), fc.nat({ max: count - 1 })), { maxLength: 8 }),
  }),
);

function built({ ports, pairs }: { ports: number[]; pairs: [number, number][] }): [TerraformJson, Layout] {
  const layout = new Layout();
  const distributions = ports.map((from) => ErlangDistribution.epmd({ from, to: from + 4 }));
  const guardedPorts = distributions.flatMap(({ distributionPorts }) => distributionPorts);
  const services = distributions.map((distribution, i) => layout.service(`s${i}`, { distribution, guardedPorts }));
  const peering = new Peering(layout.stack, "peering");
  services.forEach((service) => peering.allowWithin(service));
  pairs.filter(([a, b]) => a !== b).forEach(([a, b]) => peering.allowBetween(services[a]!, services[b]!));
  return [layout.json, layout];
}

describe("whatever the layout", () => {
  const runs = { numRuns: 25 };

  it("has an egress rule for each ingress rule, and no rule twice", () => {
    fc.assert(
      fc.property(layouts, (layout) => {
        const { in: admitted, out } = openings(built(layout)[0]);
        expect(admitted).toEqual(out);
        expect(new Set(admitted).size).toBe(admitted.length);
      }),
      runs,
    );
  });

  it("allows both directions or none", () => {
    fc.assert(
      fc.property(layouts, (layout) => {
        const pairs = new Set(openings(built(layout)[0]).in.map((rule) => rule.replace(/ \d+-\d+ /, " ")));
        expect([...pairs].filter((pair) => !pairs.has(pair.split(" ").reverse().join(" ")))).toEqual([]);
      }),
      runs,
    );
  });

  it("nobody is admitted by address, and guarded egress to addresses is every TCP port but those of distribution", () => {
    fc.assert(
      fc.property(layouts, (layout) => {
        const [json] = built(layout);
        expect(ingress(json).filter((rule) => rule.cidr_ipv4 ?? rule.cidr_ipv6)).toEqual([]);
        const closed = [4369, ...layout.ports.flatMap((from) => [from, from + 1, from + 2, from + 3, from + 4])];
        const groups = [...new Set(egress(json).map((rule) => rule.security_group_id))];
        for (const group of notEmpty(groups)) {
          for (const family of ["cidr_ipv4", "cidr_ipv6"] as const) {
            const open = egress(json).filter(
              (rule) => rule.security_group_id === group && rule.ip_protocol === "tcp" && rule[family],
            );
            const isOpen = (port: number) =>
              open.some(({ from_port, to_port }) => from_port! <= port && port <= to_port!);
            for (const port of [0, 65535, ...closed.flatMap((port) => [port - 1, port, port + 1])]) {
              expect([port, isOpen(port)]).toEqual([port, !closed.includes(port)]);
            }
          }
        }
      }),
      runs,
    );
  });

  it("nothing of it is refused", () => {
    fc.assert(
      fc.property(layouts, (layout) => expect(problemsOf(built(layout)[1].stack)).toEqual([])),
      runs,
    );
  });
});
