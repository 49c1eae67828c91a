/**
 * The metrics that nodes report about their cluster: names that the module of elixir-app writes, and that alarms and the
 * dashboard read. The module writes a line in CloudWatch's embedded metric format to its output, and CloudWatch makes metrics
 * of it. Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export const metricsNamespace = "ElixirCluster";

/** Each metric, and its meaning. All are counts. */
export const clusterMetrics = {
  ConnectedPeers: "peers that the node is connected to",
  ExpectedPeers: "the connected peers, and those that DNS lists and the node isn't connected to",
  MissingPeers: "ExpectedPeers - ConnectedPeers, for each node",
  NodeDowns: "connections that ended since the last line, for whatever reason",
  Reconnections: "ended connections whose peer came back: its task ran on, only the connection broke",
} as const;
export type ClusterMetric = keyof typeof clusterMetrics;

/** The metric that each service has for itself, in addition to its cluster's. */
export const serviceMetric: ClusterMetric = "ConnectedPeers";

/** Where a node belongs: the dimensions of its metrics. */
export interface MetricsOf {
  /** Name of the environment. */
  readonly environment: string;
  /** Name of the Erlang cluster. */
  readonly cluster: string;
}

/** The dimensions of a cluster's metrics, or with `service` of a service's. */
export const metricDimensions = ({ environment, cluster }: MetricsOf, service?: string): Record<string, string> => ({
  Environment: environment,
  Cluster: cluster,
  ...(service === undefined ? {} : { Service: service }),
});

/** Turns the metrics on and names their dimensions: `environment/cluster/service`. */
export const metricsVariable = "CLUSTER_METRICS";
/** Which names a node asks DNS for where no variable of its discovery has them: `basename@dns-name`, separated by commas. */
export const metricsNodesVariable = "CLUSTER_METRICS_NODES";
/** The value of {@link metricsVariable}. */
export const metricsValue = ({ environment, cluster }: MetricsOf, service: string): string =>
  `${environment}/${cluster}/${service}`;

/** What a {@link metricsValue} names; `undefined` where it isn't one. */
export function metricsOf(value = ""): (MetricsOf & { readonly service: string }) | undefined {
  const [environment, cluster, service] = value.split("/");
  return environment && cluster && service ? { environment, cluster, service } : undefined;
}

/** Milliseconds between two lines of a node. Every other time of the module is a multiple of it. */
export const metricsIntervalVariable = "CLUSTER_METRICS_INTERVAL";
export const defaultMetricsIntervalMs = 30_000;
