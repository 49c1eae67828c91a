import { Construct } from "constructs";
import { type AlarmKind, alarmKindsOf, alternateSuffix } from "../../monitoring/cluster-alarms";
import { metricDimensions } from "../../monitoring/cluster-metrics";
import { dashboard } from "./dashboard";
import { FailedDeployments } from "./failed-deployments";
import { metricAlarm } from "./metric-alarm";
import type { LoadBalancerMetrics, WatchedCluster } from "./watched";

/** Properties of {@link Monitoring}. */
export interface MonitoringProps {
  /** The environment's name, a dimension of the metrics. */
  readonly environment: string;
  /** Template of all names here, with `{service}`. @default the environment's name, a hyphen and `{service}` */
  readonly nameTemplate?: string | undefined;
  /** AWS region, for the dashboard. */
  readonly region: string;
  /** Name of the ECS cluster, a dimension of the metrics. */
  readonly ecsClusterName: string;
  /** The Erlang clusters, each with its services. */
  readonly clusters: readonly WatchedCluster[];
  /** The load balancer of this stack. @default none */
  readonly loadBalancer?: LoadBalancerMetrics | undefined;
  /**
   * ARN of an SNS topic in this region. Its policy is its owner's: it must allow cloudwatch.amazonaws.com and
   * events.amazonaws.com to publish.
   */
  readonly topicArn: string;
}

/**
 * Alarms on an environment's clusters, services and load balancer, EventBridge rules for failed deployments, and a dashboard.
 * The thresholds are in `cluster-alarms.ts`.
 */
export class Monitoring extends Construct {
  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id);
    const named = { ...props, nameTemplate: props.nameTemplate ?? `${props.environment}-{service}` };
    const alarmArns = this.alarms(named);
    const services = props.clusters.flatMap((cluster) => cluster.services);
    const { ruleNames } = new FailedDeployments(this, "failed-deployments", { ...named, services });
    dashboard(this, "dashboard", { ...named, alarmArns, failedDeployments: ruleNames });
  }

  /** @returns their ARNs */
  private alarms(props: MonitoringProps & { readonly nameTemplate: string }): string[] {
    const { environment, nameTemplate, ecsClusterName, topicArn, clusters, loadBalancer } = props;
    const alarm = (
      scope: Construct,
      subject: string | undefined,
      kind: AlarmKind,
      dimensions: Readonly<Record<string, string>>,
      alternate = false,
    ) => {
      const id = alternate ? `${kind}${alternateSuffix}` : kind;
      return metricAlarm(scope, id, { environment, nameTemplate, kind, alternate, subject, dimensions, topicArn }).arn;
    };
    // Scopes of their own: a service and a cluster may have one name.
    const scopes = { cluster: new Construct(this, "clusters"), service: new Construct(this, "services") };
    return [
      ...clusters.flatMap(({ name: cluster, services }) => [
        ...alarmKindsOf("cluster").map((kind) =>
          alarm(child(scopes.cluster, cluster), cluster, kind, metricDimensions({ environment, cluster })),
        ),
        ...services.flatMap((service) => {
          const { name, targetMetrics } = service;
          const ecs = { ClusterName: ecsClusterName, ServiceName: service.ecsServiceName };
          const own = metricDimensions({ environment, cluster }, name);
          const scope = child(scopes.service, name);
          return [
            ...alarmKindsOf("service")
              .filter((kind) => kind !== "no-data" || service.alwaysRuns)
              .map((kind) => alarm(scope, name, kind, kind === "no-data" ? own : ecs)),
            ...targetMetrics.flatMap((metrics, index) =>
              alarmKindsOf("web").map((kind) => alarm(scope, name, kind, metrics, index > 0)),
            ),
          ];
        }),
      ]),
      ...(loadBalancer ? alarmKindsOf("loadBalancer").map((kind) => alarm(this, undefined, kind, loadBalancer)) : []),
    ];
  }
}

const child = (scope: Construct, id: string): Construct =>
  (scope.node.tryFindChild(id) as Construct | undefined) ?? new Construct(scope, id);
