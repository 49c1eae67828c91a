import type { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { Construct } from "constructs";
import { newSecurityGroup } from "../network/security-group";
import type { AllowedClients, LoadBalancerSettings } from "./load-balancer-props";

const ports = { http: 80, https: 443 } as const;

/** The parts of a load balancer's settings that its security group depends on. */
interface GroupProps extends Pick<LoadBalancerSettings, "addresses"> {
  readonly allowedClients?: AllowedClients;
  /** The group's name. */
  readonly name: string;
  readonly vpcId: string;
}

/** The security group of a load balancer: clients reach it by HTTP and HTTPS, and it reaches only what a `WebRoute` adds. */
export function loadBalancerGroup(scope: Construct, { name, vpcId, ...props }: GroupProps): SecurityGroup {
  const description = `Load balancer ${name}`;
  const group = newSecurityGroup(scope, "security-group", { name, description, vpcId });
  for (const [protocol, port] of Object.entries(ports)) {
    for (const [id, source] of sourcesOf(props)) {
      new VpcSecurityGroupIngressRule(scope, `${protocol}-from-${id}`, {
        securityGroupId: group.id,
        ipProtocol: "tcp",
        fromPort: port,
        toPort: port,
        description: `${protocol.toUpperCase()} from clients`,
        ...source,
      });
    }
  }
  return group;
}

type Source = Partial<Record<"cidrIpv4" | "cidrIpv6" | "prefixListId", string>>;

function sourcesOf({ allowedClients, addresses }: Omit<GroupProps, "name" | "vpcId">): [string, Source][] {
  if (allowedClients === undefined) {
    const world = ["0.0.0.0/0", ...(addresses === "dual-stack" ? ["::/0"] : [])];
    return sourcesOf({ allowedClients: { cidrs: world }, addresses });
  }
  if ("prefixList" in allowedClients) return [[allowedClients.prefixList, { prefixListId: allowedClients.prefixList }]];
  return allowedClients.cidrs.map((cidr) => [cidr, cidr.includes(":") ? { cidrIpv6: cidr } : { cidrIpv4: cidr }]);
}
