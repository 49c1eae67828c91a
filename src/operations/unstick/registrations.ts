import { paginateListNamespaces, paginateListServices } from "@aws-sdk/client-servicediscovery";
import type { Aws } from "../../aws/sdk/clients";
import { type Instance, instancesOf } from "../../aws/sdk/instances";

/** A service of Cloud Map in a namespace. */
export interface DiscoveryService {
  /** `srv-…` */
  readonly id: string;
  readonly name: string;
  /** `undefined` if it has no DNS records. */
  readonly routingPolicy: string | undefined;
}

/** An instance in a service of Cloud Map. */
export interface Registration extends Omit<Instance, "attributes"> {
  /** Name of the ECS cluster of the task; `undefined` when ECS didn't register it. */
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
export async function registrationsOf(aws: Aws, serviceId: string): Promise<Registration[]> {
  return (await instancesOf(aws, serviceId)).map(({ attributes, ...instance }) => ({
    ...instance,
    cluster: attributes["ECS_CLUSTER_NAME"],
    region: attributes["REGION"],
  }));
}
