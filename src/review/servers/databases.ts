import type { Endpoint } from "../network/firewall";
import { nowhereKnown } from "../network/addresses";
import type { Resource, Resources } from "../read/resources";
import { list, number, text } from "../read/value";

/** A database of this configuration. */
export interface Database {
  readonly resource: Resource;
  readonly endpoint: Endpoint;
  readonly port: number;
}

/** Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html, "Port" */
const ports: readonly (readonly [engine: RegExp, port: number])[] = [
  [/postgres/, 5432],
  [/mysql|mariadb/, 3306],
];

/** The databases whose security groups and port the configuration names. */
export function databasesOf(resources: Resources): Database[] {
  return resources.of("aws_db_instance", "aws_rds_cluster").flatMap((resource): Database[] => {
    const { vpc_security_group_ids: given, engine, port } = resource.values;
    const { members, open } = list(given);
    const groups = members.map((member) => resources.groupKey(member) ?? String(member));
    const listens = number(port) ?? ports.find(([known]) => known.test(text(engine) ?? ""))?.[1];
    if (open || groups.length === 0 || listens === undefined) return [];
    return [{ resource, endpoint: { groups, addresses: nowhereKnown }, port: listens }];
  });
}

/** Whether a value of a container's environment names the database's address. */
export function names(value: string, { resource: { address, values } }: Pick<Database, "resource">): boolean {
  const addresses = [values.address, values.endpoint, values.reader_endpoint].flatMap((known) => text(known) ?? []);
  const references = ["address", "endpoint", "reader_endpoint"].map((attribute) => `\${${address}.${attribute}}`);
  // An instance's endpoint has its port behind it.
  return [...references, ...addresses.map((known) => known.replace(/:\d+$/, ""))].some(
    (known) => known !== "" && value.includes(known),
  );
}
