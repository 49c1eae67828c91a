/** Dimensions of a load balancer's metrics: the ends of ARNs. Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html */
export interface LoadBalancerMetrics extends Readonly<Record<string, string>> {
  /** Such as `app/prod/0123456789abcdef`. */
  readonly LoadBalancer: string;
}

/** The same of a target group behind it. */
export interface TargetMetrics extends LoadBalancerMetrics {
  /** Such as `targetgroup/prod-shop/0123456789abcdef`. */
  readonly TargetGroup: string;
}

/** What is watched of a service; an `ElixirService` has it. */
export interface WatchedService {
  /** Its label in DNS, for names and titles. */
  readonly name: string;
  /** Name of its ECS service, a dimension of the metrics. */
  readonly ecsServiceName: string;
  /** ARN of its ECS service, for events about its deployments. */
  readonly ecsServiceArn: string;
  /** Name of its log group, for the dashboard. */
  readonly logGroupName: string;
  /** Whether a task of it runs at all times: then missing metrics are an alarm. */
  readonly alwaysRuns: boolean;
  /** One for each target group that its tasks register with. Empty: no load balancer sends it requests. */
  readonly targetMetrics: readonly TargetMetrics[];
}

/** What is watched of an Erlang cluster. */
export interface WatchedCluster {
  /** Its name, for alarms and titles. */
  readonly name: string;
  /** Its services. */
  readonly services: readonly WatchedService[];
}
