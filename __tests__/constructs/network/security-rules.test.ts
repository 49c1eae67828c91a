import type { Environment } from "../../../src/environment";
import { all, Layout, type Resource } from "../layout";

function egressOf(choice: Environment["egress"]): Resource[] {
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

  it("a list: a rule in front of another leaves the other as it is", () => {
    const [https, dns] = [
      { protocol: "tcp" as const, ports: { from: 443, to: 443 }, cidr: "0.0.0.0/0" },
      { protocol: "udp" as const, ports: { from: 53, to: 53 }, cidr: "0.0.0.0/0" },
    ];
    const idsOf = (choice: Environment["egress"]) => {
      const layout = new Layout();
      layout.service("myapp", { egress: choice });
      return Object.keys(layout.json.resource!.aws_vpc_security_group_egress_rule!);
    };
    expect(idsOf([dns, https])).toHaveLength(2);
    expect(idsOf([dns, https])).toContain(idsOf([https])[0]);
    expect(idsOf([https, https])).toEqual(idsOf([https]));
  });
});
