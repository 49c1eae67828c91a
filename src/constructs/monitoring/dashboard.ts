import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import type { Construct } from "constructs";
import { dashboardName } from "../../aws/names";
import { type ClusterMetric, metricDimensions, metricsNamespace } from "../../monitoring/cluster-metrics";
import type { WatchedCluster, WatchedService } from "./watched";

/** Properties of {@link dashboard}. */
export interface DashboardProps {
  readonly environment: string;
  /** Template of its name. */
  readonly nameTemplate: string;
  readonly region: string;
  readonly ecsClusterName: string;
  readonly clusters: readonly WatchedCluster[];
  /** ARNs of the alarms whose states it shows first. */
  readonly alarmArns: readonly string[];
  /** Names of the rules that match failed deployments. */
  readonly failedDeployments: readonly string[];
}

type Widget = Readonly<Record<string, unknown>>;

/** Width of the grid. Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
const columns = 24;
const height = 6;

/** The environment's dashboard: states of the alarms, and for each cluster its mesh, tasks, deployments and requests. */
export function dashboard(scope: Construct, id: string, props: DashboardProps): CloudwatchDashboard {
  const rows = [
    [alarmStates(props), failedDeployments(props)],
    ...props.clusters.flatMap((cluster) => [
      [mesh(props, cluster.name), changes(props, cluster.name), missing(props, cluster)],
      [tasks(props, cluster), load(props, cluster)],
      ...(cluster.services.some(({ targetMetrics }) => targetMetrics.length > 0) ? [requests(props, cluster)] : []),
    ]),
  ];
  const widgets = rows.flatMap((row, y) =>
    row.map((widget, x) => {
      const width = columns / row.length;
      return { ...widget, x: x * width, y: y * height, width, height };
    }),
  );
  return new CloudwatchDashboard(scope, id, {
    dashboardName: dashboardName(props.nameTemplate),
    dashboardBody: JSON.stringify({ widgets }),
  });
}

const graph = ({ region }: DashboardProps, title: string, metrics: readonly unknown[], more: object = {}): Widget => ({
  type: "metric",
  properties: { title, region, view: "timeSeries", period: 60, metrics, yAxis: { left: { min: 0 } }, ...more },
});

/** A metric as the dashboard has it: namespace, name, names and values of dimensions, rendering. */
const metric = (namespace: string, name: string, dimensions: Readonly<Record<string, string>>, rendering: object) => [
  namespace,
  name,
  ...Object.entries(dimensions).flat(),
  rendering,
];

const alarmStates = ({ alarmArns }: DashboardProps): Widget => ({
  type: "alarm",
  properties: { title: "Alarms", alarms: alarmArns },
});

const failedDeployments = (props: DashboardProps): Widget =>
  graph(
    props,
    "Deployments that failed and were rolled back",
    props.failedDeployments.map((rule) => metric("AWS/Events", "MatchedEvents", { RuleName: rule }, { stat: "Sum" })),
  );

function mesh(props: DashboardProps, cluster: string): Widget {
  const line = (name: ClusterMetric, stat: string, label: string) =>
    metric(metricsNamespace, name, metricDimensions({ ...props, cluster }), { stat, label });
  return graph(props, `${cluster}: peers of a node`, [
    line("ConnectedPeers", "Minimum", "connected, the node with the fewest"),
    line("ConnectedPeers", "Maximum", "connected, the node with the most"),
    line("ExpectedPeers", "Maximum", "expected"),
  ]);
}

function changes(props: DashboardProps, cluster: string): Widget {
  const line = (name: ClusterMetric, stat: string, label: string) =>
    metric(metricsNamespace, name, metricDimensions({ ...props, cluster }), { stat, label });
  return graph(props, `${cluster}: connections that ended`, [
    line("NodeDowns", "Sum", "all"),
    line("Reconnections", "Sum", "those that came back"),
    line("MissingPeers", "Maximum", "missing peers of one node"),
  ]);
}

/** The nodes that miss peers, and which. */
const missing = ({ region }: DashboardProps, { name, services }: WatchedCluster): Widget => ({
  type: "log",
  properties: {
    title: `${name}: nodes that miss peers`,
    region,
    view: "table",
    query: [
      ...services.map(({ logGroupName }) => `SOURCE '${logGroupName}'`),
      "filter MissingPeers > 0",
      "fields @timestamp, Node, Missing",
      "sort @timestamp desc",
      "limit 50",
    ].join(" | "),
  },
});

const ofService = ({ ecsClusterName }: DashboardProps, { ecsServiceName }: WatchedService) => ({
  ClusterName: ecsClusterName,
  ServiceName: ecsServiceName,
});

/**
 * Each running task on Fargate reports once a minute: the samples are the tasks.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cw_running_task_count.html
 */
const tasks = (props: DashboardProps, { name, services }: WatchedCluster): Widget =>
  graph(
    props,
    `${name}: running tasks`,
    services.map((service) =>
      metric("AWS/ECS", "CPUUtilization", ofService(props, service), { stat: "SampleCount", label: service.name }),
    ),
  );

const load = (props: DashboardProps, { name, services }: WatchedCluster): Widget =>
  graph(
    props,
    `${name}: CPU and memory in percent`,
    services.flatMap((service) => [
      metric("AWS/ECS", "CPUUtilization", ofService(props, service), { stat: "Average", label: `${service.name} CPU` }),
      metric("AWS/ECS", "MemoryUtilization", ofService(props, service), {
        stat: "Maximum",
        label: `${service.name} memory`,
      }),
    ]),
    { yAxis: { left: { min: 0, max: 100 } } },
  );

function requests(props: DashboardProps, { name, services }: WatchedCluster): Widget[] {
  const lines = (metricName: string, stat: string, label: string) =>
    services.flatMap(({ name: service, targetMetrics }) =>
      targetMetrics.map((dimensions, index) => {
        const of = index > 0 ? `${service} (alternate)` : service;
        return metric("AWS/ApplicationELB", metricName, dimensions, { stat, label: `${of} ${label}` });
      }),
    );
  return [
    graph(props, `${name}: requests and server errors`, [
      ...lines("RequestCount", "Sum", "requests"),
      ...lines("HTTPCode_Target_5XX_Count", "Sum", "5xx"),
    ]),
    graph(props, `${name}: seconds until the answer`, [
      ...lines("TargetResponseTime", "p50", "median"),
      ...lines("TargetResponseTime", "p99", "p99"),
    ]),
    graph(props, `${name}: targets`, [
      ...lines("HealthyHostCount", "Minimum", "healthy"),
      ...lines("UnHealthyHostCount", "Maximum", "unhealthy"),
    ]),
  ];
}
