import { isDeepStrictEqual } from "node:util";
import { defaultDistributionRules, defaultVersions } from "../aws/defaults";
import { nearest } from "./nearest";
import type { Environment, ServiceOptions } from "./schema/schema";

/** The services and peers of one cluster, by name. */
export interface Cluster {
  readonly name: string;
  /** In the order of the file. */
  readonly services: readonly string[];
  readonly peers: readonly string[];
}

/** The cluster of a service: the one that it names, or a cluster of its own, which has its name. */
export const clusterOf = (service: string, { cluster = service }: Pick<ServiceOptions, "cluster">): string => cluster;

/** The clusters of an environment, each with all of its members, in the order of the file. */
export function clustersOf({ services, peers }: Pick<Environment, "services" | "peers">): Cluster[] {
  const serviceClusters = Object.entries(services).map(([name, options]) => [name, clusterOf(name, options)] as const);
  return [...new Set(serviceClusters.map(([, cluster]) => cluster))].map((name) => ({
    name,
    services: serviceClusters.flatMap(([service, cluster]) => (cluster === name ? [service] : [])),
    peers: Object.keys(peers).filter((peer) => peers[peer]!.cluster === name),
  }));
}

/** Services that are alone in a cluster whose name isn't theirs, but resembles that of another cluster: perhaps misspelt. */
export function misspeltClusters(
  environment: Pick<Environment, "services" | "peers">,
): { service: string; cluster: string; suggestion: string }[] {
  const clusters = clustersOf(environment);
  return clusters.flatMap(({ name, services, peers }) => {
    const [service, ...others] = services as readonly [string, ...string[]];
    if (others.length + peers.length > 0 || name === service) return [];
    const known = clusters.flatMap((cluster) => (cluster.name === name ? [] : [cluster.name]));
    const suggestion = nearest(name, known);
    return suggestion === undefined ? [] : [{ service, cluster: name, suggestion }];
  });
}

/** How the services of a cluster reach each other: as the environment says, or by an existing group. */
export function rulesOf(
  { distributionRules: rules }: Pick<Environment, "distributionRules">,
  cluster: string,
): "group" | "all-traffic" | "pairs" | { readonly id: string } {
  if (typeof rules === "string") return rules;
  return Object.hasOwn(rules.groups, cluster) ? { id: rules.groups[cluster]! } : defaultDistributionRules;
}

/** Whether old and new nodes of a cluster connect during a deployment. */
export function versionsOf({ versions }: Pick<Environment, "versions">, cluster: string): "together" | "apart" {
  if (typeof versions === "string") return versions;
  return Object.hasOwn(versions, cluster) ? versions[cluster]! : defaultVersions;
}

/**
 * Whether a service's own security group contains its egress rules. Otherwise it is in the environment's group for egress. With
 * rules by pairs, a service is in no group but its own.
 */
export function hasOwnEgress(
  { egress, distributionRules }: Pick<Environment, "egress" | "distributionRules">,
  service: Pick<ServiceOptions, "egress">,
): boolean {
  return distributionRules === "pairs" || (service.egress !== undefined && !isDeepStrictEqual(service.egress, egress));
}
