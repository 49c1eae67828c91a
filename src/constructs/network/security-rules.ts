import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";
import { egressRuleDefaults } from "../../aws/defaults";
import { complement, type PortRange } from "../service/erlang-distribution";
import { shared } from "../shared";

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

/** What a rule is written for: a group, whose name a description can say. */
export interface NamedGroup {
  readonly securityGroupId: string;
  /** The service, as descriptions call it. */
  readonly name: string;
}

/** `4369` or `9000-9010`: a range as an id and a description name it. */
const label = ({ from, to }: PortRange): string => (from === to ? `${from}` : `${from}-${to}`);

/** Admits TCP on `ports` from the members of one group into the members of another: one rule a range, by reference. */
export function allowIngress(
  scope: Construct,
  from: NamedGroup,
  to: NamedGroup,
  ports: readonly PortRange[],
  what: string,
): void {
  for (const range of ports) {
    shared(
      scope,
      `in-${label(range)}`,
      (id) =>
        new VpcSecurityGroupIngressRule(scope, id, {
          securityGroupId: to.securityGroupId,
          referencedSecurityGroupId: from.securityGroupId,
          ipProtocol: "tcp",
          fromPort: range.from,
          toPort: range.to,
          description: `${what} from ${from.name}`,
        }),
    );
  }
}

/** Lets the members of one group open TCP connections to `ports` of another: one rule a range, by reference. */
export function allowEgress(
  scope: Construct,
  from: NamedGroup,
  to: NamedGroup,
  ports: readonly PortRange[],
  what: string,
): void {
  for (const range of ports) {
    shared(
      scope,
      `out-${label(range)}`,
      (id) =>
        new VpcSecurityGroupEgressRule(scope, id, {
          securityGroupId: from.securityGroupId,
          referencedSecurityGroupId: to.securityGroupId,
          ipProtocol: "tcp",
          fromPort: range.from,
          toPort: range.to,
          description: `${what} to ${to.name}`,
        }),
    );
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

const everywhere = [
  { cidr: { cidrIpv4: "0.0.0.0/0" }, suffix: "ipv4", icmp: "icmp" },
  { cidr: { cidrIpv6: "::/0" }, suffix: "ipv6", icmp: "icmpv6" },
] as const;

/** Writes the rules of an {@link Egress}. @param closed the distribution ports that `guarded` leaves out. */
export function egress(scope: Construct, securityGroupId: string, choice: Egress, closed: readonly PortRange[]): void {
  const rule = (
    id: string,
    config: Omit<ConstructorParameters<typeof VpcSecurityGroupEgressRule>[2], "securityGroupId">,
  ) => new VpcSecurityGroupEgressRule(scope, id, { securityGroupId, ...config });
  if (typeof choice !== "string") {
    for (const { protocol = egressRuleDefaults.protocol, ports = { from: 0, to: 65535 }, cidr } of choice) {
      const target = cidr.includes(":") ? { cidrIpv6: cidr } : { cidrIpv4: cidr };
      const range = protocol === "all" ? {} : { fromPort: ports.from, toPort: ports.to };
      // Named by what it says, not by its place: a rule put in front must not rewrite all that follow, which AWS refuses
      // as duplicates of each other half-way.
      shared(scope, `${protocol}-${protocol === "all" ? "" : `${label(ports)}-`}${cidr}`, (id) =>
        rule(id, { ...target, ...range, ipProtocol: protocol === "all" ? "-1" : protocol }),
      );
    }
    return;
  }
  for (const { cidr, suffix, icmp } of everywhere) {
    if (choice === "open") {
      rule(`all-${suffix}`, { ...cidr, ipProtocol: "-1", description: "Everything" });
      continue;
    }
    for (const range of complement(closed)) {
      rule(`tcp-${label(range)}-${suffix}`, {
        ...cidr,
        ipProtocol: "tcp",
        fromPort: range.from,
        toPort: range.to,
        description: "TCP but for Erlang distribution",
      });
    }
    rule(`udp-${suffix}`, { ...cidr, ipProtocol: "udp", fromPort: 0, toPort: 65535, description: "UDP" });
    rule(`icmp-${suffix}`, { ...cidr, ipProtocol: icmp, fromPort: -1, toPort: -1, description: "ICMP" });
  }
}
