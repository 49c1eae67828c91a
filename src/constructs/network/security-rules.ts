import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";
import { egressRuleDefaults } from "../../aws/defaults";
import { everyPort, type PortRange, without } from "../../aws/network/ports";
import { shared } from "../stack-child";

/** Traffic that tasks may open to a network. */
export interface EgressRule {
  /** @default "tcp" */
  readonly protocol?: "tcp" | "udp" | "all";
  /** For TCP and UDP. @default all ports */
  readonly ports?: PortRange | undefined;
  /** Where to: a network such as `10.0.0.0/16`. */
  readonly cidr: string;
}

/**
 * What a group's members may open to the rest of the world:
 * - `guarded`: everything to anywhere except TCP to the distribution ports, so that tasks never connect to an untrusted
 *   node that is registered in DNS;
 * - `open`: everything;
 * - a list: only what it contains.
 */
export type Egress = "guarded" | "open" | readonly EgressRule[];

/** A group that rules are written for, with the name that their descriptions use. */
export interface NamedGroup {
  readonly securityGroupId: string;
  /** The name of the service, for descriptions. */
  readonly name: string;
}

/** `4369` or `9000-9010`: a range as an id and a description name it. */
const label = ({ from, to }: PortRange): string => (from === to ? `${from}` : `${from}-${to}`);

const tcp = ({ from, to }: PortRange) => ({ ipProtocol: "tcp", fromPort: from, toPort: to });

type Ports = readonly PortRange[];

/** Lets the members of `from` reach distribution ports of the members of `to`: in `to`, one rule a range. */
export function allowIngress(scope: Construct, from: NamedGroup, to: NamedGroup, ports: Ports): void {
  const groups = { securityGroupId: to.securityGroupId, referencedSecurityGroupId: from.securityGroupId };
  for (const range of ports) {
    const rule = { ...groups, ...tcp(range), description: `Erlang distribution from ${from.name}` };
    shared(scope, `in-${label(range)}`, (id) => new VpcSecurityGroupIngressRule(scope, id, rule));
  }
}

/** The other half: lets the members of `from` connect to these ports, in `from`. */
export function allowEgress(scope: Construct, from: NamedGroup, to: NamedGroup, ports: Ports): void {
  const groups = { securityGroupId: from.securityGroupId, referencedSecurityGroupId: to.securityGroupId };
  for (const range of ports) {
    const rule = { ...groups, ...tcp(range), description: `Erlang distribution to ${to.name}` };
    shared(scope, `out-${label(range)}`, (id) => new VpcSecurityGroupEgressRule(scope, id, rule));
  }
}

/** Members of one group may reach each other on every port. */
export function allowAllWithin(scope: Construct, group: NamedGroup): void {
  const everything = {
    securityGroupId: group.securityGroupId,
    referencedSecurityGroupId: group.securityGroupId,
    ipProtocol: "-1",
    description: `All traffic within ${group.name}`,
  };
  shared(scope, "in-all", (id) => new VpcSecurityGroupIngressRule(scope, id, everything));
  shared(scope, "out-all", (id) => new VpcSecurityGroupEgressRule(scope, id, everything));
}

type EgressConfig = ConstructorParameters<typeof VpcSecurityGroupEgressRule>[2];

const everywhere = [
  { cidr: { cidrIpv4: "0.0.0.0/0" }, suffix: "ipv4", icmp: "icmp" },
  { cidr: { cidrIpv6: "::/0" }, suffix: "ipv6", icmp: "icmpv6" },
] as const;

/** Writes the rules of an {@link Egress}. @param closed the distribution ports that `guarded` leaves out. */
export function egress(scope: Construct, securityGroupId: string, choice: Egress, closed: Ports): void {
  const rule = (id: string, config: object) =>
    shared(scope, id, () => new VpcSecurityGroupEgressRule(scope, id, { securityGroupId, ...config } as EgressConfig));
  if (typeof choice !== "string") {
    for (const { protocol = egressRuleDefaults.protocol, ports = everyPort, cidr } of choice) {
      const target = cidr.includes(":") ? { cidrIpv6: cidr } : { cidrIpv4: cidr };
      // The content is the id, not the position: a rule added in front must not rewrite all that follow, which AWS rejects
      // as duplicates of each other.
      if (protocol === "all") rule(`all-${cidr}`, { ...target, ipProtocol: "-1" });
      else rule(`${protocol}-${label(ports)}-${cidr}`, { ...target, ...tcp(ports), ipProtocol: protocol });
    }
    return;
  }
  for (const { cidr, suffix, icmp } of everywhere) {
    if (choice === "open") {
      rule(`all-${suffix}`, { ...cidr, ipProtocol: "-1", description: "Everything" });
      continue;
    }
    for (const range of without(everyPort, closed)) {
      const description = "TCP but for Erlang distribution";
      rule(`tcp-${label(range)}-${suffix}`, { ...cidr, ...tcp(range), description });
    }
    rule(`udp-${suffix}`, {
      ...cidr,
      ipProtocol: "udp",
      fromPort: everyPort.from,
      toPort: everyPort.to,
      description: "UDP",
    });
    rule(`icmp-${suffix}`, { ...cidr, ipProtocol: icmp, fromPort: -1, toPort: -1, description: "ICMP" });
  }
}
