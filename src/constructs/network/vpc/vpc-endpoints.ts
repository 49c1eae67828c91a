import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";
import { endpointsGroupName } from "../../../aws/names";
import { gatewayEndpoint } from "../../../aws/network/task-endpoints";
import { literal } from "../../literal";
import { newSecurityGroup } from "../security-group";

/** Properties of {@link vpcEndpoints}. */
interface VpcEndpointsProps {
  readonly name: string;
  readonly nameTemplate: string;
  readonly region: string;
  readonly cidr: string;
  readonly vpcId: string;
  /** AWS services by the end of their endpoints' names. */
  readonly endpoints: readonly string[];
  readonly subnetIds: string[];
  readonly routeTableIds: string[];
}

/**
 * The way to AWS services inside the VPC. S3 has a gateway endpoint in any case: it costs nothing, and image layers then pay no
 * NAT gateway. The others are interfaces in each private subnet, and answer by the services' own names.
 * Source: https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html
 */
export function vpcEndpoints(scope: Construct, props: VpcEndpointsProps): VpcEndpoint[] {
  const { name, region, vpcId, routeTableIds, subnetIds } = props;
  // In a scope of their own: their names are AWS's.
  const endpoints = new Construct(scope, "endpoints");
  const of = (service: string) => ({
    vpcId,
    serviceName: `com.amazonaws.${region}.${service}`,
    tags: { Name: literal(`${name}-${service}`) },
  });
  const gateway = new VpcEndpoint(endpoints, gatewayEndpoint, {
    ...of(gatewayEndpoint),
    vpcEndpointType: "Gateway",
    routeTableIds,
  });
  const interfaces = props.endpoints.filter((service) => service !== gatewayEndpoint);
  if (interfaces.length === 0) return [gateway];
  const securityGroupIds = [interfaceGroup(endpoints, props)];
  return [
    gateway,
    ...interfaces.map(
      (service) =>
        new VpcEndpoint(endpoints, service, {
          ...of(service),
          vpcEndpointType: "Interface",
          subnetIds,
          securityGroupIds,
          privateDnsEnabled: true,
        }),
    ),
  ];
}

/** Everything in the VPC may use the endpoints: whose permissions count is for IAM to say. */
function interfaceGroup(scope: Construct, { name, nameTemplate, cidr, vpcId }: VpcEndpointsProps): string {
  const { id } = newSecurityGroup(scope, "security-group", {
    name: endpointsGroupName(nameTemplate),
    description: `VPC endpoints of ${name}`,
    vpcId,
  });
  new VpcSecurityGroupIngressRule(scope, "https", {
    securityGroupId: id,
    description: "HTTPS from the VPC",
    ipProtocol: "tcp",
    fromPort: 443,
    toPort: 443,
    cidrIpv4: cidr,
  });
  return id;
}
