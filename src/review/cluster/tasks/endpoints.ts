import { addressesOf, nowhereKnown, type Addresses } from "../../network/addresses";
import { placeOf, type Place, vpcKey } from "../../network/borders/places";
import type { Endpoint } from "../../network/firewall";
import type { Resource, Resources } from "../../read/resources";
import { block, list, openBlocks, text, type Reference, type Values } from "../../read/value";
import type { Inference } from "../inferred";
import { controllerOf } from "./scale";

/** The network interface of a service's tasks. */
export function endpointOf(
  { values }: Resource,
  taskDefinition: Resource | undefined,
  resources: Resources,
  inference: Inference,
): Endpoint {
  const network = block(values.network_configuration);
  const open = openBlocks(values.network_configuration);
  // ECS refuses a network configuration with these modes; its groups would be no tasks' groups.
  const shared = taskDefinition?.values.network_mode != null && sharedNetworkMode(taskDefinition.values) !== undefined;
  if (!network || open || shared)
    return {
      groups: [],
      groupsOpen: open
        ? `its network configuration isn't known: ${open.because}`
        : withoutInterface(values, taskDefinition?.values),
      addresses: nowhereKnown,
    };
  const { members, open: openGroups } = inference.groups(network.security_groups ?? null, "network_configuration");
  const groups = members.map((member) => resources.groupKey(member) ?? String(member));
  const none = groups.length === 0 && openGroups === undefined;
  return {
    groups: none ? ["the VPC's default security group"] : [...new Set(groups)],
    ...(openGroups && { groupsOpen: `its security groups aren't all known: ${openGroups.because}` }),
    addresses: taskAddresses(list(network.subnets).members, groups, resources),
    ...placesOf(network, groups, resources),
  };
}

/** Why a service has no network configuration. Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-networking.html */
function withoutInterface(service: Values, taskDefinition: Values | undefined): string {
  if (controllerOf(service) === "EXTERNAL") return "its task sets have the network configuration (EXTERNAL controller)";
  const mode = sharedNetworkMode(taskDefinition);
  if (mode === undefined) return "it has no network_configuration";
  return `network mode "${mode}" has no security groups of its own: those of the container instances count, which a plan doesn't name`;
}

/** The network mode of tasks on EC2 that have no interface of their own; `undefined` for `awsvpc`, and where it isn't known. */
export function sharedNetworkMode(taskDefinition: Values | undefined): string | undefined {
  if (taskDefinition === undefined) return undefined;
  const mode = taskDefinition.network_mode ?? (taskDefinition.requires_compatibilities ? "awsvpc" : "bridge");
  return typeof mode === "string" && mode !== "awsvpc" ? mode : undefined;
}

/** The subnets, where all of them are known. */
function placesOf(network: Values, groups: readonly string[], resources: Resources): Pick<Endpoint, "places"> {
  const { members, open } = list(network.subnets);
  const places = members.map((member) => placeOf(member, resources));
  if (open || places.includes(undefined)) return {};
  const vpc = vpcOf(groups, resources);
  return { places: (places as Place[]).map((place) => ({ ...place, vpc: place.vpc ?? vpc })) };
}

/** The subnets' CIDRs, or the VPC's where a subnet's isn't known. */
function taskAddresses(
  subnets: readonly (Reference | string)[],
  groups: readonly string[],
  resources: Resources,
): Addresses {
  const cidrs = subnets.map((subnet) =>
    text(resources.named(subnet, "aws_subnet", "data.aws_subnet")?.values.cidr_block),
  );
  if (cidrs.length > 0 && !cidrs.includes(undefined)) return addressesOf(cidrs as string[], true);
  for (const group of groups) {
    const vpc = resources.named(resources.at(group)?.values.vpc_id, "aws_vpc", "data.aws_vpc");
    const cidr = text(vpc?.values.cidr_block);
    if (cidr !== undefined) return addressesOf([cidr], false);
  }
  return nowhereKnown;
}

/** VPC of some security groups, by id or address. */
export function vpcOf(groups: readonly string[], resources: Resources): string | undefined {
  for (const group of groups) {
    const vpc = vpcKey(resources.at(group)?.values.vpc_id, resources);
    if (vpc !== undefined) return vpc;
  }
  return undefined;
}
