import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group";
import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway";
import { Route } from "@cdktf/provider-aws/lib/route";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { createdVpcDefaults, defined } from "../../../aws/defaults";
import { createdVpcCidr, maxZones, subnetsOfZone } from "../../../aws/network/vpc-cidrs";
import { literal } from "../../literal";
import { FargateZones } from "./fargate-zones";
import { vpcFlowLogs } from "./flow-logs";
import { NatRoutes } from "./nat-routes";
import type { NewVpcProps } from "./new-vpc-props";
import { vpcEndpoints } from "./vpc-endpoints";

/** Every IPv4 address. */
const anywhere = "0.0.0.0/0";

/**
 * A VPC for tasks: a private subnet in each zone, public ones where a NAT gateway, a load balancer or tasks need them, routes,
 * endpoints and flow logs. Subnets keep their blocks when zones are added.
 * Source: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-example-private-subnets-nat.html
 */
export class NewVpc extends Construct {
  readonly vpcId: string;
  /** One a zone. */
  readonly privateSubnetIds: string[];
  /** One a zone, or none. */
  readonly publicSubnetIds: string[];
  /** What must exist before a task can start: its way to AWS. */
  readonly ready: readonly ITerraformDependable[];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: NewVpcProps,
  ) {
    super(scope, id);
    const settings = settingsOf(props);
    const { name, nameTemplates, region, cidr, zones, nat, endpoints, flowLogs, publicSubnets } = settings;
    this.node.addValidation({ validate: () => problems(cidr, zones) });
    const vpc = new Vpc(this, "vpc", {
      cidrBlock: cidr,
      enableDnsSupport: true,
      // Private DNS of endpoints needs both. Source: https://docs.aws.amazon.com/vpc/latest/privatelink/manage-dns-names.html
      enableDnsHostnames: true,
      tags: { Name: literal(name) },
    });
    this.vpcId = vpc.id;
    // Without rules: nothing uses it, and nothing should by mistake.
    new DefaultSecurityGroup(this, "default-security-group", { vpcId: vpc.id });
    const zoneNames = new FargateZones(this, "zones", region, zones);
    const positions = createdVpcCidr.isAllowed(cidr) ? [...Array(zones).keys()] : [];
    const subnets = (kind: "private" | "public") =>
      positions.map((zone) => this.subnet(kind, zone, zoneNames.at(zone), subnetsOfZone(cidr, zone)[kind]));
    const privateSubnets = subnets("private");
    const publicOnes = nat !== "none" || publicSubnets ? subnets("public") : [];
    this.privateSubnetIds = privateSubnets.map((subnet) => subnet.id);
    this.publicSubnetIds = publicOnes.map((subnet) => subnet.id);
    const internet = publicOnes.length > 0 ? this.internet(publicOnes) : [];
    const tables = privateSubnets.map((subnet, zone) => this.routeTable(`private-${zone + 1}`, [subnet]));
    const routes = new NatRoutes(this, "nat", { name, nat, tables, publicSubnets: publicOnes, internet }).routes;
    const privateLinks = vpcEndpoints(this, {
      ...{
        name,
        nameTemplate: nameTemplates.resources,
        region,
        cidr,
        vpcId: vpc.id,
        endpoints,
        subnetIds: this.privateSubnetIds,
      },
      routeTableIds: tables.map((table) => table.id),
    });
    this.ready = [...internet, ...routes, ...privateLinks];
    if (flowLogs) vpcFlowLogs(this, { name, nameTemplates, vpcId: vpc.id, flowLogs });
  }

  private subnet(kind: "private" | "public", zone: number, availabilityZone: string, cidrBlock: string): Subnet {
    return new Subnet(this, `${kind}-${zone + 1}`, {
      vpcId: this.vpcId,
      cidrBlock,
      availabilityZone,
      mapPublicIpOnLaunch: kind === "public",
      tags: { Name: literal(`${this.props.name}-${kind}-${zone + 1}`), Tier: kind },
      // A region may get another zone, whose name sorts before those that are in use.
      lifecycle: { ignoreChanges: ["availability_zone"] },
    });
  }

  private routeTable(id: string, subnets: readonly Subnet[]): RouteTable {
    const table = new RouteTable(this, `${id}-routes`, {
      vpcId: this.vpcId,
      tags: { Name: literal(`${this.props.name}-${id}`) },
    });
    subnets.forEach((subnet) => {
      new RouteTableAssociation(this, `${subnet.node.id}-association`, {
        subnetId: subnet.id,
        routeTableId: table.id,
      });
    });
    return table;
  }

  /** @returns what has to exist before something in a public subnet can reach the internet. */
  private internet(subnets: readonly Subnet[]): ITerraformDependable[] {
    const gateway = new InternetGateway(this, "internet-gateway", {
      vpcId: this.vpcId,
      tags: { Name: literal(this.props.name) },
    });
    const table = this.routeTable("public", subnets);
    const route = new Route(this, "internet-route", {
      routeTableId: table.id,
      destinationCidrBlock: anywhere,
      gatewayId: gateway.id,
    });
    return [gateway, route];
  }
}

const { zones, nat } = createdVpcDefaults;

const settingsOf = (props: NewVpcProps) => ({
  ...{ nameTemplates: { resources: `${props.name}-{service}`, roles: `${props.name}-{service}` } },
  ...{ zones, nat, publicSubnets: false, endpoints: [], flowLogs: undefined },
  ...defined(props),
});

function problems(cidr: string, zones: number): string[] {
  return [
    ...(createdVpcCidr.isAllowed(cidr) ? [] : [`cidr is "${cidr}"; allowed: ${createdVpcCidr.allowed}`]),
    ...(Number.isInteger(zones) && zones >= 1 && zones <= maxZones
      ? []
      : [`zones is ${zones}; allowed: a whole number from 1 to ${maxZones}`]),
  ];
}
