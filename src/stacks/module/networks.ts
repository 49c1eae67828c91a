import { DataAwsSubnets } from "@cdktf/provider-aws/lib/data-aws-subnets";
import type { DataAwsVpc } from "@cdktf/provider-aws/lib/data-aws-vpc";
import { maxSubnets } from "../../aws/limits";
import { placeholder } from "../../placeholder";
import type { ModuleVariables } from "./variables";

interface Filter {
  readonly name: string;
  readonly values: readonly string[];
}

/** A filter that every subnet passes. */
const anySubnet: Filter = { name: "state", values: ["available"] };

/** Makes the lookup of an existing VPC by tags take an id from a variable; without it, the tags decide. */
export function variableVpc(data: DataAwsVpc, variables: ModuleVariables): void {
  const { tagsInput } = data;
  if (tagsInput === undefined) return;
  const id = variables.add("vpc_id", {
    type: "string",
    description: `Id of the VPC; default: the VPC with the tags ${described(tagsInput)}`,
    default: null,
  });
  data.addOverride("id", id);
  data.addOverride("tags", placeholder(`var.vpc_id == null ? ${JSON.stringify(tagsInput)} : null`));
}

/** Makes the lookup of subnets take ids from a variable; without them, it looks as it did. */
export function variableSubnets(data: DataAwsSubnets, variables: ModuleVariables): void {
  const whose = data.node.path.includes("/load-balancer/") ? "load_balancer_" : "";
  const name = `${whose}subnet_ids`;
  const [vpc, filter = anySubnet] = data.filterInput as Filter[];
  const { tagsInput } = data;
  const ids = filter.name === "subnet-id" ? filter.values : null;
  variables.add(name, {
    type: "list(string)",
    description: `Ids of the ${whose ? "load balancer's" : "tasks'"} subnets${ids ? "" : `; default: ${found(filter, tagsInput)}`}`,
    default: ids,
    ...(ids ? { nullable: false } : {}),
  });
  const choice = (otherwise: string, given: string) => placeholder(`var.${name} == null ? ${otherwise} : ${given}`);
  data.addOverride("filter", [
    vpc,
    { name: choice(`"${filter.name}"`, '"subnet-id"'), values: choice(`["${filter.values[0]}"]`, `var.${name}`) },
  ]);
  if (tagsInput) data.addOverride("tags", choice(JSON.stringify(tagsInput), "null"));
  // The load balancer's have conditions of their own.
  if (whose) return;
  data.addOverride("lifecycle.postcondition", [
    {
      condition: choice(
        `length(self.ids) > 0 && length(self.ids) <= ${maxSubnets}`,
        `length(self.ids) == length(var.${name})`,
      ),
      error_message: `The VPC must have 1 to ${maxSubnets} subnets for tasks, and all of ${name} must be in it.`,
    },
  ]);
}

const described = (tags: Readonly<Record<string, string>>) =>
  Object.entries(tags)
    .map(([key, value]) => `${key} = ${value}`)
    .join(", ");

function found(filter: Filter, tags: Readonly<Record<string, string>> | undefined): string {
  if (tags) return `those of the VPC with the tags ${described(tags)}`;
  return filter.values[0] === "true" ? "the VPC's public ones" : "the VPC's private ones";
}
