import { defaultPollingIntervalMs } from "./distribution";

/**
 * How an application finds its peers: the option `discovery` of a service.
 *
 * - `dns`: the strategy of elixir-app for libcluster, which never disconnects a node;
 * - `dnspoll`: libcluster's own DNSPoll, which disconnects every node that a DNS answer leaves out;
 * - `dns_cluster`: the DNSCluster that Phoenix generates, which never disconnects a node;
 * - `none`: something other than DNS, or nothing.
 */
export const discoveries = ["dns", "dnspoll", "dns_cluster", "none"] as const;
export type Discovery = (typeof discoveries)[number];

/** The option's value, for the modules that read it in the container, and for the review. */
export const discoveryVariable = "CLUSTER_DISCOVERY";
/** What libcluster's topologies are made of: `basename@dns-name`, separated by commas. */
export const nodesVariable = "CLUSTER_NODES";
/** What DNSCluster polls: DNS names, separated by commas, each with `basename@` where that isn't the node's own. */
export const dnsClusterVariable = "DNS_CLUSTER_QUERY";
export const pollingIntervalVariable = "CLUSTER_POLLING_INTERVAL";

/** Whether libcluster polls DNS: with the strategy of elixir-app, or with its own DNSPoll. */
export const isLibcluster = (discovery: Discovery): boolean => discovery === "dns" || discovery === "dnspoll";

/** A name to ask DNS for, and the basename that the nodes at its addresses have. */
export interface PolledName {
  readonly basename: string;
  readonly host: string;
}

/**
 * A container's variables for its discovery.
 * @param own the service's nodes. @param peers those of the other members of its cluster
 */
export function discoveryVariables(
  discovery: Discovery,
  { own, peers, pollingIntervalMs }: { own: PolledName; peers: readonly PolledName[]; pollingIntervalMs: number },
): Record<string, string> {
  const all = [own, ...peers];
  const address = ({ basename, host }: PolledName) => `${basename}@${host}`;
  const query = (name: PolledName) => (name.basename === own.basename ? name.host : address(name));
  return {
    [discoveryVariable]: discovery,
    ...(isLibcluster(discovery) && {
      [nodesVariable]: all.map(address).join(","),
      [pollingIntervalVariable]: String(pollingIntervalMs),
    }),
    ...(discovery === "dns_cluster" && { [dnsClusterVariable]: all.map(query).join(",") }),
  };
}

type Variables = (name: string) => string | undefined;

/** Which discovery a container's variables show; `undefined` when they show none. */
export function discoveryOf(variable: Variables): Discovery | undefined {
  const named = discoveries.find((discovery) => discovery === variable(discoveryVariable));
  if (named !== undefined) return named;
  if (variable(nodesVariable) !== undefined) return "dns";
  return variable(dnsClusterVariable) === undefined ? undefined : "dns_cluster";
}

/**
 * Milliseconds between two polls, according to a container's variables.
 * @returns `undefined` when the variables don't show how the application discovers others
 */
export function pollingIntervalOf(variable: Variables): number | undefined {
  const set = variable(pollingIntervalVariable);
  if (set !== undefined && /^\d+$/.test(set)) return Number(set);
  if (variable(nodesVariable) !== undefined) return defaultPollingIntervalMs.ours;
  return variable(dnsClusterVariable) === undefined ? undefined : defaultPollingIntervalMs.dnsCluster;
}
