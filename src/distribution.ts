/**
 * What synth, the review, adopt and the lab have to agree on: ports, defaults, and how long things take. A leaf: it
 * imports nothing.
 */

/** epmd's port, which is the same everywhere. Source: https://www.erlang.org/doc/apps/erts/epmd_cmd.html */
export const epmdPort = 4369;

/** Where a node listens unless something else is set; in single-port mode it is the first of them. */
export const defaultDistributionPorts = { from: 9000, to: 9010 } as const;

/** Records in one answer of Cloud Map's DNS, at most. Source: https://docs.aws.amazon.com/cloud-map/latest/api/API_DnsConfig.html */
export const dnsRecordLimit = 8;

/** Milliseconds between two DNS polls where nothing sets them: of this project's application, and of dns_cluster and libcluster's DNSPoll. */
export const defaultPollingIntervalMs = { ours: 1000, dnsCluster: 5000, dnsPoll: 5000 } as const;

/** Seconds that a resolver may keep the A records of a service, where `dnsTtlSeconds` is not set. */
export const defaultDnsTtl = 10;

/**
 * Milliseconds between two polls, as a container's environment sets them.
 * @param variable reads a variable of that environment
 * @returns `undefined` where the environment does not say how the application discovers others
 */
export function pollingIntervalOf(variable: (name: string) => string | undefined): number | undefined {
  const set = variable("CLUSTER_POLLING_INTERVAL");
  if (set !== undefined && /^\d+$/.test(set)) return Number(set);
  if (variable("CLUSTER_NODES") !== undefined) return defaultPollingIntervalMs.ours;
  return variable("DNS_CLUSTER_QUERY") === undefined ? undefined : defaultPollingIntervalMs.dnsCluster;
}

/**
 * Seconds within which the others find a task, from its registration on: a resolver may keep the answer before it for its
 * TTL, and each node looks at the next one with its next poll.
 */
export const joinSeconds = (dnsTtl: number, pollingIntervalMs: number): number => dnsTtl + pollingIntervalMs / 1000;

/** net_ticktime in seconds, where nothing sets it: of this project's layouts, and Erlang's own. */
export const defaultNetTicktime = { ours: 15, erlang: 60 } as const;

/** Seconds within which a node is noticed that closes its connections. */
export const cleanLeaveSeconds = 1;

/**
 * Seconds within which a node is noticed that falls silent: from and to.
 * Source: https://www.erlang.org/doc/apps/kernel/kernel_app.html#net_ticktime
 */
export const silentLossSeconds = (netTicktime: number): readonly [from: number, to: number] => [
  netTicktime * 0.75,
  netTicktime * 1.25,
];

/**
 * Seconds after which a node gives up a connection that nobody answers: Erlang's default.
 * Source: https://www.erlang.org/doc/apps/kernel/kernel_app.html#net_setuptime
 */
export const netSetupSeconds = 7;
