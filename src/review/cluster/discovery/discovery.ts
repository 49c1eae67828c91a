import type { Resource, Resources } from "../../read/resources";
import { block, blocks, isUnknown, number, openBlocks, text, type Values } from "../../read/value";
import type { Inference } from "../inferred";

/** The Cloud Map service that ECS registers a service's tasks in. */
export interface Discovery {
  readonly resource: Resource;
  /** The name's first label: `myapp`. */
  readonly label: string | undefined;
  /** The namespace's name: `organization.local`. */
  readonly namespace: string | undefined;
  /** Kind of namespace: only DNS namespaces answer queries. */
  readonly answersDns: boolean;
  /** VPC of a private namespace, by id or address. */
  readonly namespaceVpc: string | undefined;
  /** Types of the DNS records, such as `A`. */
  readonly recordTypes: readonly string[];
  /** Seconds for which resolvers keep an answer; `undefined` where it isn't known. */
  readonly ttl: number | undefined;
  /** `MULTIVALUE`, the provider's default, or `WEIGHTED`. */
  readonly routingPolicy: string;
}

/** Where a service's tasks register. */
export type Registration =
  | { readonly kind: "registered"; readonly discovery: Discovery; readonly registry: string }
  | { readonly kind: "none" }
  /** `registry` tells one Cloud Map service from another: its ARN where that is known, else its address. */
  | { readonly kind: "unknown"; readonly because: string; readonly registry?: string };

const namespaces = [
  "aws_service_discovery_private_dns_namespace",
  "aws_service_discovery_public_dns_namespace",
  "data.aws_service_discovery_dns_namespace",
  "aws_service_discovery_http_namespace",
  "data.aws_service_discovery_http_namespace",
];

/** Follows an ECS service's `service_registries` to its Cloud Map service and namespace. */
export function registrationOf(service: Values, resources: Resources, inference: Inference): Registration {
  const open = openBlocks(service.service_registries);
  if (open) return { kind: "unknown", because: `its service registry is unknown: ${open.because}` };
  const named = block(service.service_registries);
  if (!named) return { kind: "none" };
  const types = ["aws_service_discovery_service", "data.aws_service_discovery_service"];
  const arn = inference.one(named.registry_arn, "its Cloud Map service", types, "service_registries");
  const resource = resources.named(arn, ...types);
  const registry = text(resource?.values.arn) ?? resource?.address ?? text(arn);
  const known = registry !== undefined && { registry };
  if (isUnknown(arn)) return { kind: "unknown", because: `which Cloud Map service isn't known: ${arn.because}` };
  if (!resource) return { kind: "unknown", because: "its Cloud Map service is not in this plan", ...known };
  const unsure = openRecords(resource);
  if (unsure !== undefined) return { kind: "unknown", because: `its DNS records are unknown: ${unsure}`, ...known };
  return { kind: "registered", discovery: discoveryOf(resource, resources), registry: registry! };
}

/** Why it is unknown whether a Cloud Map service answers with A records. */
function openRecords({ values }: Resource): string | undefined {
  const records = block(values.dns_config)?.dns_records;
  const open = openBlocks(values.dns_config) ?? openBlocks(records);
  const types = blocks(records).map(({ type }) => text(type));
  return open?.because ?? (types.includes("A") || !types.includes(undefined) ? undefined : "a type isn't known");
}

function discoveryOf(resource: Resource, resources: Resources): Discovery {
  const config = block(resource.values.dns_config);
  const records = blocks(config?.dns_records);
  const ttl = Math.max(...records.map(({ ttl }) => number(ttl) ?? Number.NaN));
  const namespace = resources.named(config?.namespace_id ?? resource.values.namespace_id, ...namespaces);
  const vpc = namespace?.values.vpc;
  return {
    resource,
    label: text(resource.values.name),
    namespace: text(namespace?.values.name),
    answersDns: config !== undefined && !namespace?.type.includes("http"),
    namespaceVpc: typeof vpc === "string" ? vpc : undefined,
    recordTypes: records.map(({ type }) => text(type) ?? "unknown"),
    ttl: Number.isFinite(ttl) ? ttl : undefined,
    routingPolicy: text(config?.routing_policy) ?? "MULTIVALUE",
  };
}

/** The DNS name that a service's tasks answer to: `myapp.organization.local`. */
export function dnsName(registration: Registration): string | undefined {
  if (registration.kind !== "registered") return undefined;
  const { label, namespace, answersDns } = registration.discovery;
  return answersDns && label !== undefined && namespace !== undefined
    ? `${label}.${namespace}`.toLowerCase()
    : undefined;
}
