import { GetHostedZoneCommand } from "@aws-sdk/client-route-53";
import { paginateListNamespaces, paginateListServices } from "@aws-sdk/client-servicediscovery";
import type { NamespaceSummary, ServiceSummary } from "@aws-sdk/client-servicediscovery";
import { instancesOf } from "../../../aws/sdk/instances";
import type { AwsClients } from "../../local-aws/aws-clients";

/** A Cloud Map namespace whose private hosted zone a VPC sees. */
export interface AppliedNamespace {
  readonly id: string;
  readonly name: string;
  /** Seconds; `undefined` where the namespace leaves it to AWS. */
  readonly soaTtl?: number;
  readonly services: readonly AppliedDiscoveryService[];
}

/** A Cloud Map service with an A record. */
export interface AppliedDiscoveryService {
  /** `srv-…` */
  readonly id: string;
  readonly name: string;
  readonly routingPolicy: "MULTIVALUE" | "WEIGHTED";
  /** Seconds. */
  readonly ttl: number;
  /** Whether ECS may set the health of an instance (`health_check_custom_config`). */
  readonly customHealth: boolean;
  readonly instances: readonly AppliedInstance[];
}

export interface AppliedInstance {
  readonly id: string;
  /** IPv4. */
  readonly address: string;
  readonly healthy: boolean;
}

/** The private DNS namespaces of a VPC with everything that is registered in them, by any client. */
export async function readNamespaces(clients: AwsClients, vpcId: string): Promise<AppliedNamespace[]> {
  const client = clients.serviceDiscovery;
  const namespaces: NamespaceSummary[] = [];
  for await (const page of paginateListNamespaces({ client }, {})) namespaces.push(...(page.Namespaces ?? []));
  const services: ServiceSummary[] = [];
  for await (const page of paginateListServices({ client }, {})) services.push(...(page.Services ?? []));

  const applied: AppliedNamespace[] = [];
  for (const namespace of namespaces) {
    if (!(await isSeenBy(clients, namespace, vpcId))) continue;
    const own = services.filter((service) => service.DnsConfig?.NamespaceId === namespace.Id && aRecord(service));
    applied.push({
      id: namespace.Id!,
      name: namespace.Name!,
      soaTtl: namespace.Properties?.DnsProperties?.SOA?.TTL,
      services: await Promise.all(own.map((service) => discoveryService(clients, service))),
    });
  }
  return applied;
}

/** Cloud Map's API does not report a namespace's VPC; its hosted zone does. */
async function isSeenBy({ route53 }: AwsClients, namespace: NamespaceSummary, vpcId: string): Promise<boolean> {
  const zone = namespace.Properties?.DnsProperties?.HostedZoneId;
  if (namespace.Type !== "DNS_PRIVATE" || !zone) return false;
  const { VPCs = [] } = await route53.send(new GetHostedZoneCommand({ Id: zone }));
  return VPCs.some((vpc) => vpc.VPCId === vpcId);
}

const aRecord = (service: ServiceSummary) => service.DnsConfig?.DnsRecords?.find((record) => record.Type === "A");

async function discoveryService(clients: AwsClients, service: ServiceSummary): Promise<AppliedDiscoveryService> {
  return {
    id: service.Id!,
    name: service.Name!,
    routingPolicy: service.DnsConfig?.RoutingPolicy ?? "MULTIVALUE",
    ttl: aRecord(service)?.TTL ?? 60,
    customHealth: service.HealthCheckCustomConfig !== undefined && service.HealthCheckCustomConfig !== null,
    instances: await readInstances(clients, service.Id!),
  };
}

async function readInstances(clients: AwsClients, serviceId: string): Promise<AppliedInstance[]> {
  return (await instancesOf(clients, serviceId)).flatMap(({ id, address, healthy }) =>
    address ? [{ id, address, healthy }] : [],
  );
}
