import { paginateGetInstancesHealthStatus, paginateListInstances } from "@aws-sdk/client-servicediscovery";
import type { Aws } from "./clients";

/** What is registered with a Cloud Map service. */
export interface Instance {
  /** The task's id, where ECS registered it. */
  readonly id: string;
  /** IPv4. */
  readonly address: string | undefined;
  readonly healthy: boolean;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Instances that one call returns at most. Source: https://docs.aws.amazon.com/cloud-map/latest/api/API_ListInstances.html */
const pageSize = 100;

/** Everything that is registered with a Cloud Map service, and whether Cloud Map considers it healthy. */
export async function instancesOf(
  { serviceDiscovery: client }: Pick<Aws, "serviceDiscovery">,
  ServiceId: string,
): Promise<Instance[]> {
  const instances: Omit<Instance, "healthy">[] = [];
  for await (const { Instances = [] } of paginateListInstances({ client, pageSize }, { ServiceId })) {
    for (const { Id, Attributes = {} } of Instances)
      instances.push({ id: Id!, address: Attributes["AWS_INSTANCE_IPV4"], attributes: Attributes });
  }
  const health: Record<string, string> = {};
  if (instances.length > 0)
    for await (const { Status } of paginateGetInstancesHealthStatus({ client, pageSize }, { ServiceId }))
      Object.assign(health, Status);
  return instances.map((instance) => ({ ...instance, healthy: health[instance.id] !== "UNHEALTHY" }));
}
