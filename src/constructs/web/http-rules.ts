import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { Construct } from "constructs";
import type { NamedGroup } from "../network/security-rules";
import type { WebTarget } from "./web-target";

/** Lets a load balancer reach the HTTP port of a service's tasks and nothing else, by group, on both sides that are ours. */
export function allowHttp(scope: Construct, from: WebTarget, to: NamedGroup, port: number): void {
  const tcp = { ipProtocol: "tcp", fromPort: port, toPort: port };
  new VpcSecurityGroupIngressRule(scope, "from-load-balancer", {
    securityGroupId: to.securityGroupId,
    referencedSecurityGroupId: from.securityGroupId,
    ...tcp,
    description: "HTTP from the load balancer",
  });
  if (!from.ownsSecurityGroup) return;
  new VpcSecurityGroupEgressRule(scope, "load-balancer-to-tasks", {
    securityGroupId: from.securityGroupId,
    referencedSecurityGroupId: to.securityGroupId,
    ...tcp,
    description: `HTTP to ${to.name}`,
  });
}
