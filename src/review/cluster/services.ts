import { addressesOf, nowhereKnown, type Addresses } from "../network/addresses";
import type { Endpoint } from "../network/firewall";
import type { Resource, Resources } from "../read/resources";
import type { SynthesizedJson } from "../read/synthesized";
import {
  block,
  isReference,
  isUnknown,
  list,
  number,
  openBlocks,
  text,
  type Reference,
  type Value,
} from "../read/value";
import { containersOf, isNode, nodeContainer, taskDefinitionOf, type Container, type Containers } from "./containers";
import { cookieOf, type Cookie } from "./cookies";
import { dnsName, registrationOf, type Registration } from "./discovery";
import { distributionOf, type Assumptions, type Distribution } from "./distribution";
import { pollsOf, type Polls } from "./polling";

/** An ECS service whose tasks are Erlang nodes. */
export interface Service {
  /** What the report calls it: the service's name, made unique with its address. */
  readonly name: string;
  readonly resource: Resource;
  readonly taskDefinition: Resource | undefined;
  readonly containers: Containers;
  /** The container that the node runs in. */
  readonly node: Container | undefined;
  readonly endpoint: Endpoint;
  /** VPC of its security groups, by id or address. */
  readonly vpc: string | undefined;
  readonly registration: Registration;
  /** `myapp.organization.local`; `undefined` where it has none or it isn't known. */
  readonly dnsName: string | undefined;
  /** Left side of its nodes' names; `undefined` where the release itself decides. */
  readonly basename: string | undefined;
  readonly polls: Polls;
  readonly cookie: Cookie;
  readonly distribution: Distribution;
  readonly scale: Scale;
}

/** How many tasks there are. */
export interface Scale {
  /** Tasks wanted; `undefined` where it isn't known. */
  readonly tasks: number | undefined;
  /** The most that autoscaling may want; the same as `tasks` without it. */
  readonly most: number | undefined;
  /** Why the number of tasks isn't known. */
  readonly because?: string;
  readonly maximumPercent: number;
  readonly minimumHealthyPercent: number;
}

export interface FoundServices {
  readonly services: readonly Service[];
  /** ECS services that show no sign of a node: they are left out of the matrix. */
  readonly others: readonly string[];
}

/** All services of a plan whose tasks are nodes; where none shows a sign of it, all services. */
export function findServices(
  resources: Resources,
  assumptions: Assumptions,
  synthesized?: SynthesizedJson,
): FoundServices {
  const all = resources
    .of("aws_ecs_service")
    .map((resource) => serviceOf(resource, resources, assumptions, synthesized));
  const signed = all.filter(({ containers }) => "known" in containers && containers.known.some(isNode));
  const nodes =
    signed.length === 0
      ? all
      : all.filter(({ containers }) => !("known" in containers) || containers.known.some(isNode));
  return {
    services: uniquelyNamed(nodes),
    others: all.filter((service) => !nodes.includes(service)).map(({ resource }) => resource.address),
  };
}

function serviceOf(
  resource: Resource,
  resources: Resources,
  assumptions: Assumptions,
  synthesized?: SynthesizedJson,
): Service {
  const { values } = resource;
  const taskDefinition = taskDefinitionOf(values, resources);
  const containers = containersOf(taskDefinition, synthesized);
  const node = "known" in containers ? nodeContainer(containers.known) : undefined;
  const registration = registrationOf(values, resources);
  const basename = basenameOf(node);
  const endpoint = endpointOf(resource, resources);
  return {
    name: text(values.name) ?? resource.address,
    resource,
    taskDefinition,
    containers,
    node,
    endpoint,
    vpc: vpcOf(endpoint.groups, resources),
    registration,
    dnsName: dnsName(registration),
    basename,
    polls: pollsOf(containers, node, basename),
    cookie: cookieOf(containers, node, resources),
    distribution: distributionOf(node, assumptions),
    scale: scaleOf(resource, resources),
  };
}

/** `RELEASE_NAME`, or what stands before the `@` of `RELEASE_NODE`. */
function basenameOf(node: Container | undefined): string | undefined {
  const name = node?.environment.get("RELEASE_NODE")?.split("@")[0] ?? node?.environment.get("RELEASE_NAME");
  return name === undefined || name.includes("$") ? undefined : name;
}

function endpointOf({ values }: Resource, resources: Resources): Endpoint {
  const network = block(values.network_configuration);
  if (!network || openBlocks(values.network_configuration))
    return { groups: [], groupsOpen: "its network configuration isn't known before apply", addresses: nowhereKnown };
  const { members, open } = list(network.security_groups);
  const groups = members.map((member) => resources.groupKey(member) ?? String(member));
  const none = groups.length === 0 && open === undefined;
  return {
    groups: none ? ["the VPC's default security group"] : [...new Set(groups)],
    ...(open && { groupsOpen: `its security groups can't all be told: ${open.because}` }),
    addresses: taskAddresses(list(network.subnets).members, groups, resources),
  };
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

function vpcOf(groups: readonly string[], resources: Resources): string | undefined {
  for (const group of groups) {
    const vpc = resources.at(group)?.values.vpc_id;
    const named = resources.named(vpc, "aws_vpc", "data.aws_vpc");
    const id = named?.values.id ?? vpc;
    if (typeof id === "string") return id;
    if (named) return named.address;
  }
  return undefined;
}

function scaleOf(service: Resource, resources: Resources): Scale {
  const { values } = service;
  const percentages = (maximumPercent: number, minimumHealthyPercent: number) => ({
    maximumPercent: number(values.deployment_maximum_percent) ?? maximumPercent,
    minimumHealthyPercent: number(values.deployment_minimum_healthy_percent) ?? minimumHealthyPercent,
  });
  const unknown = (because: string) => ({ tasks: undefined, most: undefined, because });
  const strategy = values.scheduling_strategy ?? "REPLICA";
  // The defaults of a DAEMON: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
  if (strategy === "DAEMON")
    return {
      ...unknown("one task on each container instance (DAEMON), and a plan doesn't say how many these are"),
      ...percentages(100, 0),
    };
  if (strategy !== "REPLICA") return { ...unknown("its scheduling strategy isn't known"), ...percentages(200, 100) };
  // Terraform's default is 0; a plan has null there, as has a configuration that leaves it out.
  const count = values.desired_count ?? 0;
  const tasks = isUnknown(count) ? undefined : number(count);
  const target = resources.of("aws_appautoscaling_target").find((target) => scales(target, service));
  const most = target ? number(target.values.max_capacity) : tasks;
  return {
    tasks,
    // Without the percentage nobody can tell how many tasks a deployment runs.
    most: isUnknown(values.deployment_maximum_percent) ? undefined : most,
    ...percentages(200, 100),
  };
}

/** Whether autoscaling is about this service: by its name, or by what an id that isn't known yet refers to. */
function scales({ values: { resource_id: id } }: Resource, service: Resource): boolean {
  const mine = (part: Value) => isReference(part) && part.address === service.address;
  if (isUnknown(id)) return id.candidates?.some(mine) ?? false;
  const name = text(service.values.name);
  return mine(id ?? null) || (name !== undefined && (text(id)?.endsWith(`/${name}`) ?? false));
}

function uniquelyNamed(services: readonly Service[]): readonly Service[] {
  const count = new Map<string, number>();
  for (const { name } of services) count.set(name, (count.get(name) ?? 0) + 1);
  return services
    .map((service) => (count.get(service.name) === 1 ? service : { ...service, name: service.resource.address }))
    .sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
}
