import type { Service } from "../cluster/services";
import type { Resource, Resources } from "../read/resources";
import { block, blocks, flag, isReference, list, text, type Values } from "../read/value";

/**
 * Whether tasks of a service can reach the internet: a default route to a NAT gateway or its like, or to an internet gateway
 * with a public address. `undefined` where subnets or route tables aren't in the plan.
 */
export function wayOut(service: Service, resources: Resources): boolean | undefined {
  const network = block(service.resource.values.network_configuration);
  const { members, open } = list(network?.subnets);
  if (open || members.length === 0) return undefined;
  const publicIp = flag(network?.assign_public_ip) === true;
  const ways = members.map((member) => {
    const subnet = resources.named(member, "aws_subnet");
    const table = subnet && routeTableOf(subnet, resources);
    return table && routesOf(table, resources).some((route) => leadsOut(route, publicIp));
  });
  if (ways.includes(undefined)) return undefined;
  return ways.every(Boolean);
}

function routeTableOf(subnet: Resource, resources: Resources): Resource | undefined {
  const association = resources
    .of("aws_route_table_association")
    .find(({ values }) => resources.named(values.subnet_id, "aws_subnet") === subnet);
  return association && resources.named(association.values.route_table_id, "aws_route_table");
}

function routesOf(table: Resource, resources: Resources): readonly Values[] {
  const own = resources
    .of("aws_route")
    .filter(({ values }) => resources.named(values.route_table_id, "aws_route_table") === table);
  return [...blocks(table.values.route), ...own.map(({ values }) => values)];
}

const targets = [
  "nat_gateway_id",
  "transit_gateway_id",
  "network_interface_id",
  "vpc_peering_connection_id",
  "vpc_endpoint_id",
];

function leadsOut(route: Values, publicIp: boolean): boolean {
  if ((route.destination_cidr_block ?? route.cidr_block) !== "0.0.0.0/0") return false;
  const set = (name: string) => isReference(route[name]) || (text(route[name]) ?? "") !== "";
  return targets.some(set) || (publicIp && set("gateway_id"));
}

/** The AWS services that a task needs to start and run, by the end of their endpoints' names. */
export function neededEndpoints(service: Service): readonly string[] {
  const secrets =
    "known" in service.containers
      ? service.containers.known.flatMap((container) => [...container.secrets.values()])
      : [];
  return [
    "ecr.api",
    "ecr.dkr",
    "s3",
    "logs",
    ...(secrets.some((from) => !from.includes(":secretsmanager:")) ? ["ssm"] : []),
    ...(secrets.some((from) => from.includes(":secretsmanager:")) ? ["secretsmanager"] : []),
    ...(flag(service.resource.values.enable_execute_command) === true ? ["ssmmessages"] : []),
  ];
}

/** The AWS services for which the plan has a VPC endpoint. */
export function presentEndpoints(resources: Resources): ReadonlySet<string> {
  return new Set(
    resources.of("aws_vpc_endpoint", "data.aws_vpc_endpoint").flatMap(({ values }) => {
      const name = text(values.service_name);
      return name === undefined ? [] : [name.replace(/^com\.amazonaws\.[^.]+\./, "")];
    }),
  );
}
