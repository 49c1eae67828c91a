import { isConfigured } from "../../read/configured";
import type { Resource, Resources } from "../../read/resources";
import { blocks, isUnknown, openBlocks, type Value, type Values } from "../../read/value";
import { isAttribute } from "./places";

/** The table that a subnet is associated with; `undefined` for the main one, and where the plan doesn't show it. */
export function routeTableOf(subnet: Resource, resources: Resources): Resource | undefined {
  const association = resources
    .of("aws_route_table_association")
    .find(({ values }) => resources.named(values.subnet_id, "aws_subnet", "data.aws_subnet") === subnet);
  return association && resources.named(association.values.route_table_id, "aws_route_table");
}

/** The main route table of a VPC that this plan makes: `undefined` where nothing changes it, so that it has the local route alone. */
export function mainTableOf(vpc: Resource, resources: Resources): Resource | undefined {
  const chosen = resources
    .of("aws_main_route_table_association")
    .find(({ values }) => resources.named(values.vpc_id, "aws_vpc") === vpc);
  if (chosen) return resources.named(chosen.values.route_table_id, "aws_route_table");
  const own = resources
    .of("aws_default_route_table")
    .find(({ values }) => isAttribute(values.default_route_table_id, vpc, "default_route_table_id"));
  // A route of its own may name the VPC's table by the VPC's attribute.
  return own ?? (namesMainTable(vpc, resources) ? vpc : undefined);
}

const isMainTable = (value: Value | undefined, vpc: Resource) =>
  isAttribute(value, vpc, "main_route_table_id") || isAttribute(value, vpc, "default_route_table_id");

function namesMainTable(vpc: Resource, resources: Resources): boolean {
  return resources.of("aws_route").some(({ values }) => isMainTable(values.route_table_id, vpc));
}

/** The routes of a table, and whether there may be others. The table of a VPC is its main one. */
export function routesOf(table: Resource, resources: Resources): { routes: readonly Values[]; open: boolean } {
  const separate = resources.of("aws_route");
  const isOwn = ({ values: { route_table_id: id } }: Resource) =>
    table.type === "aws_vpc"
      ? isMainTable(id, table)
      : resources.named(id, "aws_route_table", "aws_default_route_table") === table;
  const own = separate.filter(isOwn).map(({ values }) => values);
  const unsure = separate.some((route) => isUnknown(route.values.route_table_id));
  if (table.type === "aws_vpc") return { routes: own, open: unsure };
  if (isConfigured(table, "route"))
    return {
      routes: [...blocks(table.values.route), ...own],
      open: unsure || openBlocks(table.values.route) !== undefined,
    };
  // Routes that only the state knows may go with what they lead to.
  return { routes: own, open: unsure || unclaimed(table, resources).length > 0 };
}

/** Routes in the state that no route resource made. */
function unclaimed({ values, before }: Resource, resources: Resources): readonly Values[] {
  const claimed = new Set(
    [...resources.all(), ...resources.destroyed].flatMap(({ type, before: route }) =>
      type === "aws_route" && route?.route_table_id === before?.id ? [route?.destination_cidr_block] : [],
    ),
  );
  return blocks(values.route).filter(({ cidr_block: cidr }) => cidr !== "" && !claimed.has(cidr));
}
