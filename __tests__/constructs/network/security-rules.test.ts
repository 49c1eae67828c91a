import { allowEgress, allowIngress, type Egress } from "../../../src/constructs/network/security-rules";
import { all, emptyStack, jsonOf, Layout, type Resource } from "../layout";

function egressOf(choice: Egress): Resource[] {
  const layout = new Layout();
  layout.service("myapp", { egress: choice });
  return all(layout.json, "aws_vpc_security_group_egress_rule").map(({ security_group_id: _, ...rule }) => rule);
}

describe("egress", () => {
  it("guarded: everything to anywhere but TCP to distribution ports", () => {
    expect(egressOf("guarded").filter((rule) => rule.cidr_ipv4)).toEqual([
      { cidr_ipv4: "0.0.0.0/0", ip_protocol: "icmp", from_port: -1, to_port: -1, description: "ICMP" },
      ...[
        [0, 4368],
        [4370, 8999],
        [9011, 65535],
      ].map(([from_port, to_port]) => ({
        cidr_ipv4: "0.0.0.0/0",
        ip_protocol: "tcp",
        from_port,
        to_port,
        description: "TCP but for Erlang distribution",
      })),
      { cidr_ipv4: "0.0.0.0/0", ip_protocol: "udp", from_port: 0, to_port: 65535, description: "UDP" },
    ]);
  });

  it("guarded: the same for IPv6", () => {
    const ports = (family: string) =>
      egressOf("guarded")
        .filter((rule) => rule[family])
        .map((rule) => [String(rule.ip_protocol).replace("v6", ""), rule.from_port, rule.to_port]);
    expect(ports("cidr_ipv6")).toEqual(ports("cidr_ipv4"));
  });

  it("open: everything", () => {
    expect(egressOf("open")).toEqual([
      { cidr_ipv4: "0.0.0.0/0", ip_protocol: "-1", description: "Everything" },
      { cidr_ipv6: "::/0", ip_protocol: "-1", description: "Everything" },
    ]);
  });

  it("a list: that alone", () => {
    expect(
      egressOf([
        { protocol: "tcp", ports: { from: 443, to: 443 }, cidr: "0.0.0.0/0" },
        { protocol: "udp", cidr: "2001:db8::/32" },
        { protocol: "all", cidr: "10.0.0.0/16" },
      ]),
    ).toEqual([
      { cidr_ipv4: "10.0.0.0/16", ip_protocol: "-1" },
      { cidr_ipv4: "0.0.0.0/0", ip_protocol: "tcp", from_port: 443, to_port: 443 },
      { cidr_ipv6: "2001:db8::/32", ip_protocol: "udp", from_port: 0, to_port: 65535 },
    ]);
  });

  it("a list: TCP to all ports where a rule has only a network", () => {
    expect(egressOf([{ cidr: "10.0.0.0/16" }])).toEqual([
      { cidr_ipv4: "10.0.0.0/16", ip_protocol: "tcp", from_port: 0, to_port: 65535 },
    ]);
  });

  it("a list: a rule in front of another leaves the other as it is", () => {
    const [https, dns] = [
      { protocol: "tcp" as const, ports: { from: 443, to: 443 }, cidr: "0.0.0.0/0" },
      { protocol: "udp" as const, ports: { from: 53, to: 53 }, cidr: "0.0.0.0/0" },
    ];
    const idsOf = (choice: Egress) => {
      const layout = new Layout();
      layout.service("myapp", { egress: choice });
      return Object.keys(layout.json.resource!.aws_vpc_security_group_egress_rule!);
    };
    expect(idsOf([dns, https])).toHaveLength(2);
    expect(idsOf([dns, https])).toContain(idsOf([https])[0]);
    expect(idsOf([https, https])).toEqual(idsOf([https]));
  });

  it("a list: two ranges of ports to the same addresses are two rules, and all traffic is one", () => {
    const cidr = "10.0.0.0/16";
    const tcp = (from: number, to: number) => ({ protocol: "tcp" as const, ports: { from, to }, cidr });
    const ports = (choice: Egress) => egressOf(choice).map(({ from_port, to_port }) => [from_port, to_port]);
    expect(ports([tcp(80, 80), tcp(443, 443), tcp(80, 90)]).sort()).toEqual([
      [443, 443],
      [80, 80],
      [80, 90],
    ]);
    const everything = { protocol: "all" as const, cidr };
    expect(egressOf([everything, { ...everything, ports: { from: 1, to: 2 } }])).toHaveLength(1);
  });
});

describe("rules between two groups", () => {
  const web = { securityGroupId: "sg-1", name: "web" };
  const database = { securityGroupId: "sg-2", name: "database" };
  const ports = [
    { from: 4369, to: 4369 },
    { from: 9000, to: 9010 },
    { from: 9000, to: 9000 },
  ];
  const rules = (allow: typeof allowIngress, type: string) => {
    const stack = emptyStack();
    allow(stack, web, database, ports);
    return all(jsonOf(stack), type);
  };
  const range = (from_port: number, to_port: number) => ({ ip_protocol: "tcp", from_port, to_port });

  it("let one in: a rule for each range", () => {
    const to = {
      security_group_id: "sg-2",
      referenced_security_group_id: "sg-1",
      description: "Erlang distribution from web",
    };
    const found = rules(allowIngress, "aws_vpc_security_group_ingress_rule");
    expect(found).toHaveLength(3);
    for (const { from, to: last } of ports) expect(found).toContainEqual({ ...to, ...range(from, last) });
  });

  it("let the other out: a rule for each range", () => {
    const from = {
      security_group_id: "sg-1",
      referenced_security_group_id: "sg-2",
      description: "Erlang distribution to database",
    };
    const found = rules(allowEgress, "aws_vpc_security_group_egress_rule");
    expect(found).toHaveLength(3);
    for (const { from: first, to } of ports) expect(found).toContainEqual({ ...from, ...range(first, to) });
  });
});
