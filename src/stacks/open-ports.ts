import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { SecurityGroupRule } from "@cdktf/provider-aws/lib/security-group-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { everyPort, isTcp, overlaps, type PortRange, rulePorts, showPorts } from "../aws/network/ports";
import { ElixirService } from "../constructs/service/elixir-service";
import type { Egress } from "../constructs/network/security-rules";
import { reference } from "../constructs/reference";

/** The ports that an ingress rule opens, for each of the AWS provider's resources; prefix lists are address ranges too. */
interface Opening {
  readonly securityGroupId: string;
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
  readonly cidrs: readonly string[];
}

/**
 * Distribution ports that any rule in any of a service's groups opens to an address range: then only the cookie keeps the
 * range from running code on a node. One error for each, with the path of the rule.
 */
export function openDistributionPorts(stack: TerraformStack): string[] {
  const constructs = stack.node.findAll();
  const services = constructs.filter((child): child is ElixirService => child instanceof ElixirService);
  return constructs.flatMap((construct) =>
    openingsOf(construct)
      .filter(({ protocol, cidrs }) => cidrs.length > 0 && isTcp(protocol))
      .flatMap(({ securityGroupId, from, to, cidrs }) =>
        services
          .filter((service) =>
            service.securityGroups.some(
              (group) => reference(stack, group.securityGroupId) === reference(stack, securityGroupId),
            ),
          )
          .flatMap((service) => {
            const open = overlapping(service.distribution.distributionPorts, { from, to });
            if (!open) return [];
            return `${construct.node.path} opens the distribution port ${open} of "${service.name}" to ${cidrs.join(", ")}: allow nodes by security group, as members of its cluster`;
          }),
      ),
  );
}

/** Warnings about egress that lets tasks connect to the distribution ports of untrusted nodes. */
export function unguardedEgress(choice: Egress, closed: readonly PortRange[]): string[] {
  const danger =
    "tasks connect to any node that is registered under a name they poll, and an untrusted node could join if it has the cookie";
  if (choice === "guarded") return [];
  if (choice === "open") return [`its egress is "open": ${danger}. "guarded" prevents that`];
  return choice.flatMap(({ protocol, ports = everyPort, cidr }) => {
    const open = protocol === "udp" ? undefined : overlapping(closed, ports);
    return open
      ? [`its egress to ${cidr} covers the distribution port ${open}: ${danger}. Exclude the port, or choose "guarded"`]
      : [];
  });
}

/** The first of `ports` that overlaps `range`, for a message. */
function overlapping(ports: readonly PortRange[], range: PortRange): string | undefined {
  const open = ports.find((port) => overlaps(port, range));
  return open && showPorts(open);
}

function openingsOf(construct: IConstruct): Opening[] {
  if (construct instanceof VpcSecurityGroupIngressRule) {
    const { securityGroupIdInput, ipProtocolInput, fromPortInput, toPortInput } = construct;
    const ranges = [construct.cidrIpv4Input, construct.cidrIpv6Input, construct.prefixListIdInput];
    return [opening(securityGroupIdInput!, ipProtocolInput, fromPortInput, toPortInput, ranges)];
  }
  if (construct instanceof SecurityGroupRule && construct.typeInput === "ingress") {
    const { securityGroupIdInput, protocolInput, fromPortInput, toPortInput } = construct;
    const ranges = [construct.cidrBlocksInput, construct.ipv6CidrBlocksInput, construct.prefixListIdsInput];
    return [opening(securityGroupIdInput!, protocolInput, fromPortInput, toPortInput, ranges.flat())];
  }
  if (construct instanceof SecurityGroup && Array.isArray(construct.ingressInput)) {
    return construct.ingressInput.map(({ protocol, fromPort, toPort, ...rule }) =>
      opening(
        construct.id,
        protocol,
        fromPort,
        toPort,
        [rule.cidrBlocks, rule.ipv6CidrBlocks, rule.prefixListIds].flat(),
      ),
    );
  }
  return [];
}

function opening(
  securityGroupId: string,
  protocol = "-1",
  from: number | undefined,
  to: number | undefined,
  ranges: readonly (string | undefined)[],
): Opening {
  return {
    securityGroupId,
    protocol,
    ...rulePorts(protocol, from, to),
    cidrs: ranges.filter((range) => range !== undefined),
  };
}
