/** Dimensions of a load balancer's metrics: the ends of ARNs. Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html */
export interface LoadBalancerMetrics extends Readonly<Record<string, string>> {
  readonly LoadBalancer: string;
}

/** The same of a target group behind it. */
export interface TargetMetrics extends LoadBalancerMetrics {
  readonly TargetGroup: string;
}

/** What is watched of a service; an `ElixirService` has it. */
export interface WatchedService {
  readonly name: string;
  readonly ecsServiceName: string;
  readonly ecsServiceArn: string;
  readonly logGroupName: string;
  /** Whether a task of it runs at all times: then missing metrics are an alarm. */
  readonly alwaysRuns: boolean;
  /** One for each target group that its tasks register with. Empty: no load balancer sends it requests. */
  readonly targetMetrics: readonly TargetMetrics[];
}

/** What is watched of an Erlang cluster. */
export interface WatchedCluster {
  readonly name: string;
  readonly services: readonly WatchedService[];
}
