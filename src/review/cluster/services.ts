import { basenameOf, versionVariable } from "../../containers/variables";
import type { Endpoint } from "../network/firewall";
import type { Resource, Resources } from "../read/resources";
import { text } from "../read/value";
import {
  containersOf,
  isNode,
  isOtherServer,
  nodeContainer,
  otherRevision,
  startsAfterEndOf,
  taskDefinitionOf,
  type Container,
  type Containers,
} from "./node/containers";
import { type Certificates, certificatesOf } from "./node/certificates";
import { cookieOf, type Cookie } from "./node/cookies";
import { dnsName, registrationOf, type Registration } from "./discovery/discovery";
import { distributionOf, type Distribution, type Fallbacks } from "./node/distribution";
import { endpointOf, sharedNetworkMode, vpcOf } from "./tasks/endpoints";
import { Inference } from "./inferred";
import { pollsOf, type Polls } from "./discovery/polling";
import { controllerOf, scaleOf, type Scale } from "./tasks/scale";
import { watchingAlarms } from "./watching-alarms";

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
  /** The image's version in that basename, where old and new tasks are to form separate clusters. */
  readonly version: string | undefined;
  readonly polls: Polls;
  readonly cookie: Cookie;
  readonly certificates: Certificates;
  readonly distribution: Distribution;
  readonly scale: Scale;
  /** What the report says of it under its assumptions: what was inferred, and in what it is out of the ordinary. */
  readonly notes: readonly string[];
}

/** A service that is left out of the matrix. */
export interface LeftOut {
  readonly address: string;
  /** Why, after "left out, since": `nothing in its containers looks like a node`. */
  readonly because: string;
}

export interface FoundServices {
  readonly services: readonly Service[];
  /** Services that run no node: they are left out of the matrix. */
  readonly others: readonly LeftOut[];
  /** Names of `notNodes` that no service has. */
  readonly unmatched: readonly string[];
}

export interface SearchOptions {
  readonly fallbacks: Fallbacks;
  /** Names or addresses of services that aren't nodes, whatever they look like. */
  readonly notNodes?: readonly string[];
}

/** All services of a plan whose tasks are nodes; where none shows a sign of it, all services. */
export function findServices(resources: Resources, options: SearchOptions): FoundServices {
  const all = resources.of("aws_ecs_service").map((resource) => serviceOf(resource, resources, options));
  const { nodes, others, unmatched } = leaveOut(all, resources, options.notNodes ?? []);
  return { services: uniquelyNamed(nodes), others, unmatched };
}

function serviceOf(resource: Resource, resources: Resources, { fallbacks }: SearchOptions): Service {
  const { values } = resource;
  const inference = new Inference(resource, resources);
  const { taskDefinition, because } = taskDefinitionOf(values, resources, inference);
  const containers = containersOf(taskDefinition, because);
  const node = "known" in containers ? nodeContainer(containers.known) : undefined;
  const registration = registrationOf(values, resources, inference);
  const basename = nodeBasename(node);
  const alarms = watchingAlarms(values, node, resources);
  const endpoint = endpointOf(resource, taskDefinition, resources, inference);
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
    version: node?.environment.get(versionVariable),
    polls: pollsOf(containers, node, basename),
    cookie: cookieOf(containers, node, resources),
    certificates: certificatesOf(node, resources),
    distribution: distributionOf(node, fallbacks),
    scale: scaleOf(resource, resources),
    notes: [
      ...inference.notes,
      ...outOfTheOrdinary(resource, taskDefinition, containers, node),
      ...(alarms.length > 0 ? [`watched by ${alarms.join(", ")}`] : []),
    ],
  };
}

/** `RELEASE_NAME` with its version, or what `RELEASE_NODE` has before its `@`. */
function nodeBasename(node: Container | undefined): string | undefined {
  // A release's script takes an empty variable as unset.
  const variable = (name: string) => node?.environment.get(name) || undefined;
  const [whole, name] = [variable("RELEASE_NODE")?.split("@")[0], variable("RELEASE_NAME")];
  const release = whole ?? name;
  if (release === undefined || release.includes("$")) return undefined;
  return whole ?? basenameOf(variable);
}

/** What a service is, where it isn't ECS's own deployment of one container in a network of its own. */
function* outOfTheOrdinary(
  { values }: Resource,
  taskDefinition: Resource | undefined,
  containers: Containers,
  node: Container | undefined,
): Generator<string> {
  const controller = controllerOf(values);
  if (controller === "CODE_DEPLOY")
    yield "deployed by CodeDeploy (CODE_DEPLOY): all new tasks run next to all old ones, and only CodeDeploy deploys a new task definition";
  if (controller === "EXTERNAL")
    yield "deployed by an EXTERNAL controller: its task sets have task definition, network and number of tasks";
  const revision = otherRevision(values, taskDefinition);
  if (revision !== undefined)
    yield `runs revision ${revision} of its task definition, which isn't in this plan: its containers are those of ${taskDefinition!.address}`;
  if (node?.environment.get(versionVariable))
    yield "versions apart: during a deployment of another version, old and new tasks form a cluster each";
  const mode = sharedNetworkMode(taskDefinition?.values);
  if (mode !== undefined)
    yield `EC2 with network mode "${mode}": its tasks have no address and no security groups of their own, so its packets can't be reviewed`;
  if (node && "known" in containers && containers.known.length > 1) {
    const others = containers.known.filter((container) => container !== node).map(({ name }) => name);
    const before = others.filter((name) => startsAfterEndOf(node).includes(name));
    const rest = others.filter((name) => !before.includes(name));
    yield (
      `its node is container ${node.name}` +
      (before.length > 0 ? `, which starts after ${before.join(", ")}` : "") +
      (rest.length > 0 ? `; ${rest.join(", ")} ${rest.length === 1 ? "is" : "are"} left out` : "")
    );
  }
}

function uniquelyNamed(services: readonly Service[]): readonly Service[] {
  const count = new Map<string, number>();
  for (const { name } of services) count.set(name, (count.get(name) ?? 0) + 1);
  return services
    .map((service) => (count.get(service.name) === 1 ? service : { ...service, name: service.resource.address }))
    .sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
}

/**
 * Parts the services that are nodes from those that aren't: those that the user names; those without any sign of a node
 * next to others that have one; those that run another well-known server; and Express services.
 */
function leaveOut(
  all: readonly Service[],
  resources: Resources,
  notNodes: readonly string[],
): Omit<FoundServices, "services"> & { readonly nodes: readonly Service[] } {
  const is = (service: Service, name: string) => service.name === name || service.resource.address === name;
  const named = all.filter((service) => notNodes.some((name) => is(service, name)));
  const signed = all.filter(shows);
  const reason = (service: Service): string | undefined => {
    if (named.includes(service)) return "--not-a-node names it";
    if (!("known" in service.containers)) return undefined;
    if (!shows(service) && signed.some((other) => !named.includes(other)))
      return "nothing in its containers looks like a node";
    return service.containers.known.length > 0 && service.containers.known.every(isOtherServer)
      ? `it runs ${service.containers.known.map(({ image }) => image).join(" and ")}`
      : undefined;
  };
  const reasons = new Map(all.map((service) => [service, reason(service)]));
  return {
    nodes: all.filter((service) => reasons.get(service) === undefined),
    others: [...leftOut(reasons), ...express(resources)],
    unmatched: notNodes.filter((name) => !all.some((service) => is(service, name))),
  };
}

function* leftOut(reasons: ReadonlyMap<Service, string | undefined>): Generator<LeftOut> {
  for (const [{ resource }, because] of reasons)
    if (because !== undefined) yield { address: resource.address, because };
}

function shows({ containers }: Service): boolean {
  return "known" in containers && containers.known.some(isNode);
}

/** Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/express-service-overview.html */
function express(resources: Resources): readonly LeftOut[] {
  return resources.of("aws_ecs_express_gateway_service").map(({ address }) => ({
    address,
    because:
      "it is an ECS Express service: it is reached through the load balancer that ECS makes, has no name in Cloud Map, and its nodes can't find each other by DNS",
  }));
}
