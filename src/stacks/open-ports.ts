import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { SecurityGroupRule } from "@cdktf/provider-aws/lib/security-group-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { ElixirService } from "../constructs/elixir-service";

/** What a rule opens, whichever of the AWS provider's resources it is written in. */
interface Opening {
  readonly securityGroupId: string | undefined;
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
  readonly cidrs: readonly string[];
}

/**
 * Distribution ports that an address range may reach, whoever wrote the rule: the cookie is then all that keeps the
 * range from running code on a node. One sentence each, by the construct whose rule it is.
 */
export function openDistributionPorts(stack: TerraformStack): { construct: IConstruct; message: string }[] {
  const services = stack.node.findAll().filter((child): child is ElixirService => child instanceof ElixirService);
  return stack.node.findAll().flatMap((construct) =>
    openingsOf(construct).flatMap(({ securityGroupId, protocol, from, to, cidrs }) =>
      services
        .filter((service) => service.securityGroupId === securityGroupId)
        .flatMap((service) => {
          const open = service.distribution.distributionPorts.find((port) => port.from <= to && from <= port.to);
          if (!open || cidrs.length === 0 || !["tcp", "6", "-1", "all"].includes(protocol)) return [];
          const ports = open.from === open.to ? `${open.from}` : `${open.from}–${open.to}`;
          const message = `opens the distribution port ${ports} of "${service.name}" to ${cidrs.join(", ")}: admit peers by security group, with Peering.allowBetween`;
          return [{ construct, message }];
        }),
    ),
  );
}

function openingsOf(construct: IConstruct): Opening[] {
  if (construct instanceof VpcSecurityGroupIngressRule) {
    return [
      {
        securityGroupId: construct.securityGroupIdInput,
        protocol: construct.ipProtocolInput ?? "-1",
        ...range(construct.ipProtocolInput, construct.fromPortInput, construct.toPortInput),
        cidrs: [construct.cidrIpv4Input, construct.cidrIpv6Input].filter((cidr) => cidr !== undefined),
      },
    ];
  }
  if (construct instanceof SecurityGroupRule && construct.typeInput === "ingress") {
    return [
      {
        securityGroupId: construct.securityGroupIdInput,
        protocol: construct.protocolInput ?? "-1",
        ...range(construct.protocolInput, construct.fromPortInput, construct.toPortInput),
        cidrs: [...(construct.cidrBlocksInput ?? []), ...(construct.ipv6CidrBlocksInput ?? [])],
      },
    ];
  }
  if (construct instanceof SecurityGroup && Array.isArray(construct.ingressInput)) {
    return construct.ingressInput.map((rule) => ({
      securityGroupId: construct.id,
      protocol: rule.protocol ?? "-1",
      ...range(rule.protocol, rule.fromPort, rule.toPort),
      cidrs: [...(rule.cidrBlocks ?? []), ...(rule.ipv6CidrBlocks ?? [])],
    }));
  }
  return [];
}

const range = (protocol: string | undefined, from: number | undefined, to: number | undefined) =>
  protocol === "-1" || protocol === "all" ? { from: 0, to: 65535 } : { from: from ?? 0, to: to ?? 65535 };
