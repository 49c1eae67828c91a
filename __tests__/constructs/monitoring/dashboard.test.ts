import { dashboard, type DashboardProps } from "../../../src/constructs/monitoring/dashboard";
import { emptyStack, jsonOf, the } from "../layout";

const service = (
  name: string,
  ...targetMetrics: DashboardProps["clusters"][number]["services"][number]["targetMetrics"]
) => ({
  name,
  ecsServiceName: `${name}-in-ecs`,
  ecsServiceArn: `arn:aws:ecs:eu-west-1:123456789012:service/my-cluster/${name}`,
  logGroupName: `/ecs/prod-${name}`,
  alwaysRuns: true,
  targetMetrics,
});
const target = { LoadBalancer: "app/prod/1", TargetGroup: "targetgroup/shop/2" };

interface Widget {
  readonly type: string;
  readonly properties: {
    readonly title: string;
    readonly alarms?: readonly string[];
    readonly query?: string;
    readonly metrics?: readonly (readonly (string | { stat: string; label?: string })[])[];
  };
}

/** The dashboard's widgets by title. */
function widgets(): Readonly<Record<string, Widget>> {
  const stack = emptyStack();
  dashboard(stack, "dashboard", {
    environment: "prod",
    nameTemplate: "prod-{service}",
    region: "eu-west-1",
    ecsClusterName: "my-cluster",
    clusters: [{ name: "shop", services: [service("web", target), service("jobs")] }],
    alarmArns: ["arn:one", "arn:other"],
    failedDeployments: ["prod-failed-deployments"],
  });
  const { dashboard_body } = the(jsonOf(stack), "aws_cloudwatch_dashboard");
  const { widgets } = JSON.parse(dashboard_body as string) as { widgets: readonly Widget[] };
  return Object.fromEntries(widgets.map((widget) => [widget.properties.title, widget]));
}

/** A widget's lines: namespace, metric, statistic, dimensions. */
const linesOf = (title: string) =>
  widgets()[title]!.properties.metrics!.map((metric) => {
    const [namespace, name, ...dimensions] = metric.slice(0, -1) as string[];
    const { stat } = metric.at(-1) as { stat: string };
    return `${namespace} ${name} ${stat} ${dimensions.join("=").replace(/=([A-Z])/g, " $1")}`;
  });

const cluster = "Environment=prod Cluster=shop";
const inEcs = (name: string) => `ClusterName=my-cluster ServiceName=${name}-in-ecs`;
const ofTarget = `LoadBalancer=${target.LoadBalancer} TargetGroup=${target.TargetGroup}`;

describe("the dashboard", () => {
  it("shows the alarms' states, and which nodes miss which peers", () => {
    expect(widgets()["Alarms"]).toMatchObject({ type: "alarm", properties: { alarms: ["arn:one", "arn:other"] } });
    expect(widgets()["shop: nodes that miss peers"]!.properties.query).toBe(
      "SOURCE '/ecs/prod-web' | SOURCE '/ecs/prod-jobs' | filter MissingPeers > 0 | fields @timestamp, Node, Missing | sort @timestamp desc | limit 50",
    );
  });

  it.each<[string, string[]]>([
    ["Deployments that failed and were rolled back", ["AWS/Events MatchedEvents Sum RuleName=prod-failed-deployments"]],
    [
      "shop: peers of a node",
      [
        `ElixirCluster ConnectedPeers Minimum ${cluster}`,
        `ElixirCluster ConnectedPeers Maximum ${cluster}`,
        `ElixirCluster ExpectedPeers Maximum ${cluster}`,
      ],
    ],
    [
      "shop: connections that ended",
      [
        `ElixirCluster NodeDowns Sum ${cluster}`,
        `ElixirCluster Reconnections Sum ${cluster}`,
        `ElixirCluster MissingPeers Maximum ${cluster}`,
      ],
    ],
    ["shop: running tasks", ["web", "jobs"].map((name) => `AWS/ECS CPUUtilization SampleCount ${inEcs(name)}`)],
    [
      "shop: CPU and memory in percent",
      ["web", "jobs"].flatMap((name) => [
        `AWS/ECS CPUUtilization Average ${inEcs(name)}`,
        `AWS/ECS MemoryUtilization Maximum ${inEcs(name)}`,
      ]),
    ],
    [
      "shop: requests and server errors",
      [
        `AWS/ApplicationELB RequestCount Sum ${ofTarget}`,
        `AWS/ApplicationELB HTTPCode_Target_5XX_Count Sum ${ofTarget}`,
      ],
    ],
    [
      "shop: seconds until the answer",
      [
        `AWS/ApplicationELB TargetResponseTime p50 ${ofTarget}`,
        `AWS/ApplicationELB TargetResponseTime p99 ${ofTarget}`,
      ],
    ],
    [
      "shop: targets",
      [
        `AWS/ApplicationELB HealthyHostCount Minimum ${ofTarget}`,
        `AWS/ApplicationELB UnHealthyHostCount Maximum ${ofTarget}`,
      ],
    ],
  ])("shows %s", (title, lines) => expect(linesOf(title)).toEqual(lines));
});
