import { Eip } from "@cdktf/provider-aws/lib/eip";
import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway";
import { Route } from "@cdktf/provider-aws/lib/route";
import type { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import type { Subnet } from "@cdktf/provider-aws/lib/subnet";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { literal } from "../../literal";
import type { NatGateways } from "./new-vpc-props";

/** Properties of {@link NatRoutes}. */
interface NatRoutesProps {
  readonly name: string;
  readonly nat: NatGateways;
  /** The private route table of each zone. */
  readonly tables: readonly RouteTable[];
  /** The public subnet of each zone. */
  readonly publicSubnets: readonly Subnet[];
  /** The internet gateway and its route. */
  readonly internet: readonly ITerraformDependable[];
}

/**
 * NAT gateways with a fixed address each, and the default routes of private subnets to them. Each zone has its own table, so
 * that another choice changes routes in place.
 * Source: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html
 */
export class NatRoutes extends Construct {
  readonly routes: readonly Route[];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: NatRoutesProps,
  ) {
    super(scope, id);
    const { nat, tables, publicSubnets } = props;
    const places = nat === "none" ? [] : nat === "one" ? publicSubnets.slice(0, 1) : publicSubnets;
    const gateways = places.map((subnet, zone) => this.gateway(subnet, zone + 1));
    this.routes = tables.flatMap((table, zone) => {
      const gateway = gateways[zone] ?? gateways[0];
      return gateway ? [this.route(table, zone + 1, gateway)] : [];
    });
  }

  private gateway(subnet: Subnet, zone: number): NatGateway {
    const { internet } = this.props;
    const tags = { Name: literal(`${this.props.name}-${zone}`) };
    const address = new Eip(this, `address-${zone}`, { domain: "vpc", tags, dependsOn: [...internet] });
    return new NatGateway(this, `gateway-${zone}`, {
      allocationId: address.allocationId,
      subnetId: subnet.id,
      tags,
      // Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/nat_gateway
      dependsOn: [...internet],
    });
  }

  private route(table: RouteTable, zone: number, gateway: NatGateway): Route {
    return new Route(this, `route-${zone}`, {
      routeTableId: table.id,
      destinationCidrBlock: "0.0.0.0/0",
      natGatewayId: gateway.id,
    });
  }
}
