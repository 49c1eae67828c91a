import { holdsErlangFlags, overridingFlags } from "./erlang-flags";

/** Variables that the layout sets itself, each with the option that decides it. */
const optionOf = new Map([
  ["RELEASE_NAME", "releaseName"],
  // env.sh makes it of RELEASE_NAME and the task's address; given from outside, all tasks would have one name.
  ["RELEASE_NODE", "releaseName"],
  ["CLUSTER_NODES", "clustersWith"],
  ["CLUSTER_RESOLVER", "resolver"],
  ["CLUSTER_POLLING_INTERVAL", "pollingIntervalMs"],
  ["DISTRIBUTION_MODE", "distribution"],
  ["DISTRIBUTION_PORT_MIN", "distribution"],
  ["DISTRIBUTION_PORT_MAX", "distribution"],
  ["NET_TICKTIME", "netTicktimeSeconds"],
  ["PORT", "httpPort"],
]);

/** Variables that no option sets and that keep nodes from connecting, each with the reason. */
const breaking = new Map([
  ["RELEASE_IP", "each node is named after its own task's address, which env.sh asks the metadata endpoint for"],
  ["RELEASE_DISTRIBUTION", "nodes have long names, which env.sh sets"],
  [
    "ERL_EPMD_PORT",
    "security groups open epmd's own port alone; the option distribution has singlePort for another port",
  ],
  ["ERL_EPMD_ADDRESS", "epmd has to listen on the task's address, where peers ask it"],
  ["ECS_CONTAINER_METADATA_URI", "ECS sets it"],
  ["ECS_CONTAINER_METADATA_URI_V4", "ECS sets it"],
]);

/** The cookie's, and what Phoenix's DNSCluster polls. */
export const cookieVariable = "RELEASE_COOKIE";
export const dnsClusterVariable = "DNS_CLUSTER_QUERY";

/** Whether the layout sets this variable. */
export const isSetByLayout = (name: string): boolean => optionOf.has(name);

/** Why a variable must not be given, whatever its value; `undefined` when it may. */
export function reservedBecause(name: string): string | undefined {
  const option = optionOf.get(name);
  return option === undefined ? breaking.get(name) : `this one is set from the option ${option}`;
}

/** Why a secret must not have this name; `undefined` when it may. Nobody can check a value that only ECS reads. */
export function reservedSecretBecause(name: string): string | undefined {
  if (name === cookieVariable) return "the cookie comes from the environment's releaseCookie";
  if (name === dnsClusterVariable) return "a DNS name isn't secret; nodes find each other by CLUSTER_NODES";
  if (holdsErlangFlags(name)) return "flags of the Erlang VM belong in environment, where they can be checked";
  return reservedBecause(name);
}

/**
 * What is wrong with a variable's value, as `found` and what is allowed instead; nothing for most of them.
 * @param names DNS names of the service itself and of those that it clusters with
 */
export function wrongValues(
  name: string,
  value: string,
  names: readonly string[],
): { readonly found: string; readonly allowed: string }[] {
  if (name === dnsClusterVariable) {
    const others = value.split(",").filter((entry) => !names.includes(entry.trim().toLowerCase()));
    if (others.length === 0 || names.length === 0) return [];
    const allowed = `${names.join(" or ")}, or no ${name}: nodes find each other by CLUSTER_NODES, and DNSCluster would poll a name that isn't theirs`;
    return [{ found: others.join(","), allowed }];
  }
  if (!holdsErlangFlags(name)) return [];
  return overridingFlags(value).map(({ flag, because }) => ({
    found: `the flag ${flag}`,
    allowed: `other flags: ${because}`,
  }));
}
