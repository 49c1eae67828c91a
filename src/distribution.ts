/**
 * Values that synthesis, the review, adopt and the lab share: ports, defaults and durations. A leaf: it imports nothing.
 */

/** epmd's default port. Source: https://www.erlang.org/doc/apps/erts/epmd_cmd.html */
export const epmdPort = 4369;

/** Default ports that a node listens on; in single-port mode the first of them. */
export const defaultDistributionPorts = { from: 9000, to: 9010 } as const;

/** The lowest port that a node may listen on, above the privileged ones: the release doesn't run as root. */
export const lowestNodePort = 1024;

/** How nodes find each other's listening port, and whether they encrypt what they send: `tls` is a single port, encrypted. */
export const distributionModes = ["epmd", "single-port", "tls"] as const;
export type DistributionMode = (typeof distributionModes)[number];

/** Whether nodes look up a peer's port with epmd; otherwise all of them use one port. */
export const usesEpmd = (mode: DistributionMode): boolean => mode === "epmd";

/** Maximum of records in one answer of Cloud Map's DNS. Source: https://docs.aws.amazon.com/cloud-map/latest/api/API_DnsConfig.html */
export const dnsRecordLimit = 8;

/** Default milliseconds between two DNS polls: of this project's application, of dns_cluster, and of libcluster's DNSPoll. */
export const defaultPollingIntervalMs = { ours: 1000, dnsCluster: 5000, dnsPoll: 5000 } as const;

/** Default of `dnsTtlSeconds`: seconds that a resolver may cache the A records of a service. */
export const defaultDnsTtl = 10;

/**
 * Maximum of seconds from a task's registration until the others find it: a resolver may cache the previous answer for its
 * TTL, and each node gets the next answer with its next poll.
 */
export const joinSeconds = (dnsTtl: number, pollingIntervalMs: number): number => dnsTtl + pollingIntervalMs / 1000;

/** Default net_ticktime in seconds: of this project's layouts, and of Erlang. */
export const defaultNetTicktime = { ours: 15, erlang: 60 } as const;

/** Maximum of seconds until peers notice a node that closes its connections. */
export const cleanLeaveSeconds = 1;

/**
 * Minimum and maximum of seconds until peers notice a node that falls silent.
 * Source: https://www.erlang.org/doc/apps/kernel/kernel_app.html#net_ticktime
 */
export const silentLossSeconds = (netTicktime: number): readonly [from: number, to: number] => [
  netTicktime * 0.75,
  netTicktime * 1.25,
];

/**
 * Seconds until a connection attempt without an answer fails: Erlang's default.
 * Source: https://www.erlang.org/doc/apps/kernel/kernel_app.html#net_setuptime
 */
export const netSetupSeconds = 7;
