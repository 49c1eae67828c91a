import { metricsNodesVariable, metricsVariable } from "../monitoring/cluster-metrics";
import { discoveryVariable, dnsClusterVariable, nodesVariable, pollingIntervalVariable } from "../discovery";
import { holdsErlangFlags, overridingFlags } from "./erlang-flags";

export const cookieVariable = "RELEASE_COOKIE";

/** The nodes' private key, their certificate and the authorities' certificates, with distribution over TLS. */
export const certificatesVariable = "DISTRIBUTION_CERTIFICATES";

/** Variables that the layout sets, each with the option that determines it. */
const optionOf = new Map([
  ["RELEASE_NAME", "releaseName"],
  // env.sh builds it from RELEASE_NAME and the task's address. Set from outside, all tasks would have the same name.
  ["RELEASE_NODE", "releaseName"],
  [discoveryVariable, "discovery"],
  [nodesVariable, "cluster"],
  ["CLUSTER_VERSION", "versions"],
  [dnsClusterVariable, 'discovery, with the value "dns_cluster",'],
  [pollingIntervalVariable, "pollingIntervalMs"],
  ["DISTRIBUTION_MODE", "distribution"],
  ["DISTRIBUTION_PORT_MIN", "distribution"],
  ["DISTRIBUTION_PORT_MAX", "distribution"],
  [certificatesVariable, "distribution"],
  ["NET_TICKTIME", "netTicktimeSeconds"],
  ["PORT", "httpPort"],
  ["SHUTDOWN_TIME", "stopTimeoutSeconds"],
  [metricsVariable, "alarms"],
  [metricsNodesVariable, "alarms"],
]);

/** Variables that no option sets and that prevent nodes from connecting, each with the reason. */
const breaking = new Map([
  ["RELEASE_IP", "each node is named after its task's address, which env.sh reads from the metadata endpoint"],
  ["RELEASE_DISTRIBUTION", "nodes have long names, which env.sh sets"],
  ["ERL_EPMD_PORT", "security groups open only epmd's default port; for another port, set distribution to singlePort"],
  ["ERL_EPMD_ADDRESS", "epmd must listen on the task's address, where peers connect to it"],
  ["ECS_CONTAINER_METADATA_URI", "ECS sets it"],
  ["ECS_CONTAINER_METADATA_URI_V4", "ECS sets it"],
]);

/** The image's version, where old and new tasks form separate clusters. */
export const versionVariable = "CLUSTER_VERSION";

/** The left side of a node's name, as env.sh makes it. */
export const basename = (release: string, version: string | undefined): string =>
  version ? `${release}-${version}` : release;

/** The same from a container's variables; `undefined` without RELEASE_NAME. @param variable reads a variable */
export function basenameOf(variable: (name: string) => string | undefined): string | undefined {
  const release = variable("RELEASE_NAME");
  return release === undefined ? undefined : basename(release, variable(versionVariable));
}

/** The version in a node's name; `undefined` where it has none. Release names have no hyphens. */
export const versionIn = (node: string): string | undefined => /^[^@-]*-([^@]*)@/.exec(node)?.[1];

/** Whether the layout sets this variable. */
export const isSetByLayout = (name: string): boolean => optionOf.has(name);

/** Why a variable must not be set to any value; `undefined` when it may. */
export function reservedBecause(name: string): string | undefined {
  const option = optionOf.get(name);
  return option === undefined ? breaking.get(name) : `the option ${option} sets it`;
}

/** Why a secret must not have this name; `undefined` when it may. A value that only ECS reads can't be checked. */
export function reservedSecretBecause(name: string): string | undefined {
  if (name === cookieVariable) return "the cookie comes from the environment's releaseCookie";
  if (holdsErlangFlags(name)) return "flags of the Erlang VM belong in environment, where they can be checked";
  return reservedBecause(name);
}

/** Errors in a variable's value: what was found, and what is allowed instead. */
export function wrongValues(name: string, value: string): { readonly found: string; readonly allowed: string }[] {
  if (!holdsErlangFlags(name)) return [];
  return overridingFlags(value).map(({ flag, because }) => ({
    found: `the flag ${flag}`,
    allowed: `other flags: ${because}`,
  }));
}
