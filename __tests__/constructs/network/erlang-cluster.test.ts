import fc from "fast-check";
import { ExternalPeer } from "../../../src/constructs/network/cluster-member";
import { EgressGroup } from "../../../src/constructs/network/egress-group";
import { type DistributionRules, ErlangCluster } from "../../../src/constructs/network/erlang-cluster";
import type { ElixirServiceProps } from "../../../src/constructs/service/elixir-service-props";
import { ErlangDistribution } from "../../../src/constructs/service/erlang-distribution";
import { notEmpty } from "../../not-empty";
import { all, Layout, problemsOf, type Resource, type TerraformJson } from "../layout";

const ingress = (json: TerraformJson) => all(json, "aws_vpc_security_group_ingress_rule");
const egress = (json: TerraformJson) =>
  all(json, "aws_vpc_security_group_egress_rule").filter((rule) => rule.referenced_security_group_id);
const groupsOf = (json: TerraformJson) =>
  all(json, "aws_ecs_service").map(
    ({ network_configuration }) => (network_configuration as { security_groups: string[] }).security_groups,
  );
/** `from 4369-4369 to`, whichever side the rule is at; groups by the construct that has them. */
const shown = (json: TerraformJson) => {
  const name = (id: unknown) => /aws_security_group\.(.*?)_?security-group/.exec(String(id))?.[1] ?? String(id);
  const ports = ({ ip_protocol, from_port, to_port }: Resource) =>
    ip_protocol === "-1" ? "all" : `${String(from_port)}-${String(to_port)}`;
  return {
    in: ingress(json)
      .map((rule) => `${name(rule.referenced_security_group_id)} ${ports(rule)} ${name(rule.security_group_id)}`)
      .sort(),
    out: egress(json)
      .map((rule) => `${name(rule.security_group_id)} ${ports(rule)} ${name(rule.referenced_security_group_id)}`)
      .sort(),
  };
};
const nodesOf = (json: TerraformJson): string[] =>
  all(json, "aws_ecs_task_definition").map(({ container_definitions }) => {
    const [{ environment }] = JSON.parse(container_definitions as string) as [
      { environment: { name: string; value: string }[] },
    ];
    return environment.find(({ name }) => name === "CLUSTER_NODES")!.value;
  });

/** A cluster of services, and what it is part of. */
function clusterOf(names: readonly string[], rules?: DistributionRules, props: Partial<ElixirServiceProps> = {}) {
  const layout = new Layout();
  const cluster = new ErlangCluster(layout.stack, "shop", {
    name: "prod-shop-cluster",
    vpcId: layout.network.vpcId,
    ...(rules === undefined ? {} : { rules }),
  });
  names.forEach((name) => cluster.add(layout.service(name, props)));
  const peer = (name: string, group: string, distribution = ErlangDistribution.epmd()) =>
    new ExternalPeer(layout.stack, name, {
      name,
      node: `${name}@${name}.their.local`,
      securityGroup: { id: group },
      vpcId: layout.network.vpcId,
      distribution,
    });
  return { layout, cluster, peer };
}

describe("ErlangCluster", () => {
  it.each([1, 2, 10, 50])("has two rules in and two out for %i services", (count) => {
    const { layout } = clusterOf(Array.from({ length: count }, (_, index) => `s${index}`));
    const opened = ["shop 4369-4369 shop", "shop 9000-9010 shop"];
    expect(shown(layout.json)).toEqual({ in: opened, out: opened });
  });

  it("puts every service into its group, and no group contains rules but through resources", () => {
    const { layout } = clusterOf(["a", "b"]);
    for (const groups of notEmpty(groupsOf(layout.json))) expect(groups[1]).toMatch(/aws_security_group\.shop_/);
    expect(all(layout.json, "aws_security_group")).toContainEqual({
      name: "prod-shop-cluster",
      description: "Nodes of the cluster prod-shop-cluster",
      vpc_id: expect.anything(),
      tags: { Name: "prod-shop-cluster" },
      lifecycle: { create_before_destroy: true },
    });
  });

  it("makes every member poll for every other, its own service first", () => {
    const { layout, cluster, peer } = clusterOf(["a", "b", "c"]);
    cluster.add(peer("billing", "sg-1"));
    const [a, b, c, billing] = [..."abc"]
      .map((name) => `${name}@${name}.organization.local`)
      .concat("billing@billing.their.local");
    expect(nodesOf(layout.json)).toEqual([
      [a, b, c, billing].join(","),
      [b, a, c, billing].join(","),
      [c, a, b, billing].join(","),
    ]);
  });

  it("opens the group once for services on the same ports, and for each that has others", () => {
    const { layout, cluster } = clusterOf(["a", "b"]);
    cluster.add(layout.service("c", { distribution: ErlangDistribution.epmd({ from: 9100, to: 9105 }) }));
    const opened = ["shop 4369-4369 shop", "shop 9000-9010 shop", "shop 9100-9105 shop"];
    expect(shown(layout.json)).toEqual({ in: opened, out: opened });
  });

  it.each(["peer first", "peer last"])("opens the group to a peer of another project, %s", (order) => {
    const { layout, cluster, peer } = clusterOf(order === "peer last" ? ["a", "b"] : []);
    cluster.add(peer("billing", "sg-1", ErlangDistribution.epmd({ from: 9300, to: 9310 })));
    if (order === "peer first") ["a", "b"].forEach((name) => cluster.add(layout.service(name)));
    const within = ["shop 4369-4369 shop", "shop 9000-9010 shop"];
    expect(shown(layout.json)).toEqual({
      in: ["sg-1 4369-4369 shop", "sg-1 9000-9010 shop", ...within],
      out: ["shop 4369-4369 sg-1", ...within.slice(0, 1), "shop 9000-9010 shop", "shop 9300-9310 sg-1"].sort(),
    });
  });

  it("writes a rule once for two peers in one group: AWS rejects it twice", () => {
    const { layout, cluster, peer } = clusterOf(["a"]);
    cluster.add(peer("billing", "sg-1"));
    cluster.add(peer("ledger", "sg-1"));
    expect(shown(layout.json).in.filter((rule) => rule.startsWith("sg-1"))).toHaveLength(2);
    expect(shown(layout.json).out.filter((rule) => rule.endsWith("sg-1"))).toHaveLength(2);
    expect(nodesOf(layout.json)[0]).toContain("billing@billing.their.local,ledger@ledger.their.local");
  });

  it("allows all traffic within the group if asked, and a peer only the ports of distribution", () => {
    const { layout, cluster, peer } = clusterOf(["a", "b"], "all-traffic");
    cluster.add(peer("billing", "sg-1"));
    expect(shown(layout.json)).toEqual({
      in: ["sg-1 4369-4369 shop", "sg-1 9000-9010 shop", "shop all shop"],
      out: ["shop 4369-4369 sg-1", "shop 9000-9010 sg-1", "shop all shop"],
    });
  });

  it("leaves the rules of an existing group to its owner, and opens the services' own groups to peers", () => {
    const { layout, cluster, peer } = clusterOf(["a", "b"], { id: "sg-9" });
    cluster.add(peer("billing", "sg-1"));
    expect(groupsOf(layout.json).map((groups) => groups[1])).toEqual(["sg-9", "sg-9"]);
    expect(shown(layout.json).in).toEqual(
      ["4369-4369", "9000-9010"].flatMap((ports) => ["a", "b"].map((name) => `sg-1 ${ports} ${name}`)),
    );
    expect(nodesOf(layout.json)[0]).toContain("b@b.organization.local,billing@billing.their.local");
  });

  it("has rules for every pair with rules by pairs, and no group of its own", () => {
    const { layout, cluster, peer } = clusterOf(["a", "b", "c"], "pairs");
    cluster.add(peer("billing", "sg-1"));
    const { in: admitted, out } = shown(layout.json);
    const pairs = [..."abc"].flatMap((from) => [..."abc"].map((to) => `${from} 4369-4369 ${to}`));
    expect(admitted.filter((rule) => rule.includes(" 4369-") && !rule.includes("sg-1"))).toEqual(pairs);
    expect(admitted.filter((rule) => !rule.includes("sg-1"))).toEqual(out.filter((rule) => !rule.includes("sg-1")));
    expect(admitted.filter((rule) => rule.startsWith("sg-1"))).toHaveLength(6);
    expect(groupsOf(layout.json).map((groups) => groups.length)).toEqual([1, 1, 1]);
    expect(all(layout.json, "aws_security_group")).toHaveLength(3);
    expect(nodesOf(layout.json)[2]).toContain("a@a.organization.local,b@b.organization.local,billing@");
  });

  it.each<DistributionRules>(["group", "pairs"])(
    "rejects members that look for ports differently, once: %s",
    (rules) => {
      const { layout, cluster } = clusterOf(["a", "b"], rules);
      cluster.add(layout.service("c", { distribution: ErlangDistribution.singlePort(9000) }));
      cluster.add(layout.service("d", { distribution: ErlangDistribution.singlePort(9001) }));
      expect(problemsOf(layout.stack)).toEqual([
        '"a", "b" use epmd; "c" uses single port 9000; "d" uses single port 9001: their nodes can\'t connect. Use the same distribution in the whole cluster',
      ]);
    },
  );
});

describe("EgressGroup", () => {
  const withGroup = (count: number) => {
    const layout = new Layout();
    const group = new EgressGroup(layout.stack, "egress", {
      name: "prod-egress",
      vpcId: layout.network.vpcId,
      closedPorts: ErlangDistribution.epmd().distributionPorts,
    });
    for (let index = 0; index < count; index++) layout.service(`s${index}`, { egress: group });
    return layout;
  };

  it.each([1, 10])("has the ten rules of guarded egress for %i services, which have none of their own", (count) => {
    const rules = all(withGroup(count).json, "aws_vpc_security_group_egress_rule");
    expect(rules).toHaveLength(10);
    for (const rule of notEmpty(rules)) expect(rule.security_group_id).toMatch(/aws_security_group\.egress_/);
  });

  it("is a group of each service's tasks", () => {
    for (const groups of notEmpty(groupsOf(withGroup(2).json))) {
      expect(groups).toEqual([expect.any(String), expect.stringMatching(/aws_security_group\.egress_/)]);
    }
  });

  it("is named in the error about too many groups", () => {
    const layout = new Layout();
    const { vpcId } = layout.network;
    const egressGroup = new EgressGroup(layout.stack, "egress", { name: "prod-egress", vpcId, closedPorts: [] });
    const cluster = new ErlangCluster(layout.stack, "shop", { name: "prod-shop-cluster", vpcId });
    const extraSecurityGroups = ["sg-00000001", "sg-00000002", "sg-00000003"];
    cluster.add(
      layout.service("myapp", {
        nameTemplates: { resources: "prod-{service}" },
        egress: egressGroup,
        extraSecurityGroups,
      }),
    );
    expect(problemsOf(layout.stack)).toEqual([
      "its tasks are in 6 security groups, AWS allows 5: prod-myapp-service, prod-egress, sg-00000001, sg-00000002, sg-00000003, prod-shop-cluster. Remove some of extraSecurityGroups, or merge them",
    ]);
  });
});

describe("whatever the cluster", () => {
  const clusters = fc.record({
    ports: fc.array(
      fc.integer({ min: 0, max: 20 }).map((step) => 5000 + 7 * step),
      { minLength: 1, maxLength: 5 },
    ),
    rules: fc.constantFrom<DistributionRules>("group", "pairs"),
  });

  it("has an egress rule for each ingress rule, no rule twice, and nothing is rejected", () => {
    fc.assert(
      fc.property(clusters, ({ ports, rules }) => {
        const { layout, cluster } = clusterOf([], rules);
        ports.forEach((from, index) =>
          cluster.add(layout.service(`s${index}`, { distribution: ErlangDistribution.epmd({ from, to: from + 4 }) })),
        );
        const { in: admitted, out } = shown(layout.json);
        expect(admitted).toEqual(out);
        expect(new Set(admitted).size).toBe(admitted.length);
        expect(problemsOf(layout.stack)).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });
});
