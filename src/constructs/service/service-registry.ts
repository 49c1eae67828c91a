import { ServiceDiscoveryService } from "@cdktf/provider-aws/lib/service-discovery-service";
import type { Construct } from "constructs";
import { deletedLast } from "../lifecycle";
import type { ServiceSettings } from "./elixir-service-props";

/** A service's name in Cloud Map. */
export function serviceRegistry(
  scope: Construct,
  { name, namespace, dnsTtlSeconds }: Pick<ServiceSettings, "name" | "namespace" | "dnsTtlSeconds">,
): ServiceDiscoveryService {
  return new ServiceDiscoveryService(scope, "discovery", {
    name,
    dnsConfig: {
      namespaceId: namespace.id,
      routingPolicy: "MULTIVALUE",
      dnsRecords: [{ type: "A", ttl: dnsTtlSeconds }],
    },
    // An empty block forces replacement on every plan (terraform-provider-aws#44285).
    healthCheckCustomConfig: { failureThreshold: 1 },
    // Destroy would fail while instances are registered.
    forceDestroy: true,
    lifecycle: deletedLast,
  });
}
