import {
  paginateGetInstancesHealthStatus,
  paginateListInstances,
  paginateListNamespaces,
  paginateListServices,
} from "@aws-sdk/client-servicediscovery";
import type { Aws } from "../aws";

/** A service of Cloud Map in a namespace. */
export interface DiscoveryService {
  /** `srv-…` */
  readonly id: string;
  readonly name: string;
  /** `undefined` if it has no DNS records. */
  readonly routingPolicy: string | undefined;
}

/** An instance in a service of Cloud Map. */
export interface Registration {
  /** The task's id, if ECS registered it. */
  readonly id: string;
  readonly address: string | undefined;
  readonly healthy: boolean;
  /** Name of the task's ECS cluster; `undefined` when ECS didn't register it. */
  readonly cluster: string | undefined;
  /** Region of that task. */
  readonly region: string | undefined;
}

/** Ids of the private DNS namespaces with a name: each VPC may have one. */
export async function namespacesNamed({ serviceDiscovery: client }: Aws, name: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const { Namespaces = [] } of paginateListNamespaces({ client }, {})) {
    ids.push(...Namespaces.filter((one) => one.Name === name && one.Type === "DNS_PRIVATE").map(({ Id }) => Id!));
  }
  return ids;
}

/** The services of a namespace. */
export async function discoveryServices(
  { serviceDiscovery: client }: Aws,
  namespaceId: string,
): Promise<DiscoveryService[]> {
  const services: DiscoveryService[] = [];
  const Filters = [{ Name: "NAMESPACE_ID" as const, Values: [namespaceId], Condition: "EQ" as const }];
  for await (const page of paginateListServices({ client }, { Filters })) {
    for (const { Id, Name, DnsConfig } of page.Services ?? []) {
      services.push({ id: Id!, name: Name!, routingPolicy: DnsConfig?.RoutingPolicy });
    }
  }
  return services;
}

/** All instances of a service, and whether Cloud Map considers them healthy. */
export async function registrationsOf({ serviceDiscovery: client }: Aws, ServiceId: string): Promise<Registration[]> {
  const instances: { readonly id: string; readonly attributes: Readonly<Record<string, string>> }[] = [];
  for await (const { Instances = [] } of paginateListInstances({ client, pageSize: 100 }, { ServiceId })) {
    instances.push(...Instances.map(({ Id, Attributes = {} }) => ({ id: Id!, attributes: Attributes })));
  }
  const health = instances.length === 0 ? {} : await healthOf(client, ServiceId);
  return instances.map(({ id, attributes }) => ({
    id,
    address: attributes["AWS_INSTANCE_IPV4"],
    healthy: health[id] !== "UNHEALTHY",
    cluster: attributes["ECS_CLUSTER_NAME"],
    region: attributes["REGION"],
  }));
}

async function healthOf(client: Aws["serviceDiscovery"], ServiceId: string): Promise<Record<string, string>> {
  const health: Record<string, string> = {};
  const request = { ServiceId };
  for await (const { Status } of paginateGetInstancesHealthStatus({ client, pageSize: 100 }, request)) {
    Object.assign(health, Status);
  }
  return health;
}
