import { Monitoring, type MonitoringProps } from "../../../src/constructs/monitoring/monitoring";
import type { WatchedService } from "../../../src/constructs/monitoring/watched";
import { type AlarmKind, alarmName, alarmRules, alternateSuffix } from "../../../src/monitoring/cluster-alarms";
import { all, container, emptyStack, jsonOf, Layout, type Resource, the } from "../layout";

const topicArn = "arn:aws:sns:eu-west-1:123456789012:alarms";
const watched = (name: string, more: Partial<WatchedService> = {}): WatchedService => ({
  name,
  ecsServiceName: name,
  ecsServiceArn: `arn:aws:ecs:eu-west-1:123456789012:service/my-cluster/${name}`,
  logGroupName: `/ecs/prod-${name}`,
  alwaysRuns: true,
  targetMetrics: [],
  ...more,
});
const targetMetrics = [{ LoadBalancer: "app/prod/1", TargetGroup: "targetgroup/shop/2" }];

function monitoring(props: Partial<MonitoringProps> = {}) {
  const stack = emptyStack();
  new Monitoring(stack, "monitoring", {
    environment: "prod",
    region: "eu-west-1",
    ecsClusterName: "my-cluster",
    clusters: [{ name: "shop", services: [watched("shop", { targetMetrics }), watched("jobs")] }],
    topicArn,
    ...props,
  });
  return jsonOf(stack);
}

const alarms = (json: ReturnType<typeof monitoring>): Resource[] => all(json, "aws_cloudwatch_metric_alarm");
const named = (json: ReturnType<typeof monitoring>, name: string): Resource =>
  alarms(json).find(({ alarm_name }) => alarm_name === name)!;

describe("Monitoring", () => {
  it("watches each cluster, service and target group, and says so to the topic, and when it is over", () => {
    const json = monitoring();
    expect(
      alarms(json)
        .map(({ alarm_name }) => alarm_name)
        .sort(),
    ).toEqual([
      "prod-jobs-cpu",
      "prod-jobs-memory",
      "prod-jobs-no-data",
      "prod-shop-5xx",
      "prod-shop-cpu",
      "prod-shop-flapping",
      "prod-shop-memory",
      "prod-shop-no-data",
      "prod-shop-partition",
      "prod-shop-unhealthy-targets",
    ]);
    expect(new Set(alarms(json).flatMap((alarm) => [alarm.alarm_actions, alarm.ok_actions].flat()))).toEqual(
      new Set([topicArn]),
    );
  });

  it("reads the metrics of the whole cluster, and for missing data those of each service", () => {
    const json = monitoring();
    expect(named(json, "prod-shop-partition")).toMatchObject({
      namespace: "ElixirCluster",
      metric_name: "MissingPeers",
      statistic: "Maximum",
      comparison_operator: "GreaterThanThreshold",
      threshold: 0,
      period: 60,
      evaluation_periods: 3,
      datapoints_to_alarm: 3,
      treat_missing_data: "notBreaching",
      dimensions: { Environment: "prod", Cluster: "shop" },
    });
    expect(named(json, "prod-jobs-no-data")).toMatchObject({
      dimensions: { Environment: "prod", Cluster: "shop", Service: "jobs" },
      treat_missing_data: "breaching",
    });
  });

  it("reads ECS's metrics by the names of cluster and service in ECS", () => {
    const services = [watched("shop", { ecsServiceName: "imported" })];
    expect(named(monitoring({ clusters: [{ name: "shop", services }] }), "prod-shop-cpu").dimensions).toEqual({
      ClusterName: "my-cluster",
      ServiceName: "imported",
    });
  });

  it("takes a share of the requests, where there are enough of them", () => {
    const { metric_query } = named(monitoring(), "prod-shop-5xx") as { metric_query: Resource[] };
    expect(metric_query.map(({ metric }) => (metric as Resource | undefined)?.dimensions)).toEqual([
      targetMetrics[0],
      targetMetrics[0],
      undefined,
    ]);
    expect(metric_query[2]).toMatchObject({
      expression: "IF(requests >= 20, 100 * FILL(errors, 0) / requests, 0)",
      return_data: true,
    });
  });

  it("expects no data of a service that may run no task", () => {
    const json = monitoring({ clusters: [{ name: "jobs", services: [watched("jobs", { alwaysRuns: false })] }] });
    expect(named(json, "prod-jobs-no-data")).toBeUndefined();
    expect(named(json, "prod-jobs-cpu")).toBeDefined();
  });

  it("watches both target groups of a service whose deployments shift requests", () => {
    // GIVEN two target groups
    const alternate = { LoadBalancer: "app/prod/1", TargetGroup: "targetgroup/shop-alternate/3" };
    const shop = watched("shop", { targetMetrics: [...targetMetrics, alternate] });
    const json = monitoring({ clusters: [{ name: "shop", services: [shop] }] });

    // THEN each has its alarms, of which those without tasks are OK
    const dimensions = (name: string) => named(json, name).dimensions;
    expect(dimensions("prod-shop-unhealthy-targets")).toEqual(targetMetrics[0]);
    expect(dimensions("prod-shop-unhealthy-targets-alternate")).toEqual(alternate);
    expect(named(json, "prod-shop-unhealthy-targets-alternate").treat_missing_data).toBe("notBreaching");
    const { metric_query } = named(json, "prod-shop-5xx-alternate") as { metric_query: Resource[] };
    expect(metric_query.flatMap(({ metric }) => (metric as Resource | undefined)?.dimensions ?? [])).toEqual([
      alternate,
      alternate,
    ]);
    // AND the dashboard shows both
    const { dashboard_body } = the(json, "aws_cloudwatch_dashboard");
    expect(dashboard_body).toContain("shop (alternate) unhealthy");
  });

  it("watches the load balancer of the stack", () => {
    const json = monitoring({ loadBalancer: { LoadBalancer: "app/prod/1" } });
    expect(named(json, "prod-load-balancer-errors")).toMatchObject({ dimensions: { LoadBalancer: "app/prod/1" } });
  });

  it("reports deployments that fail", () => {
    const json = monitoring();
    expect(JSON.parse(the(json, "aws_cloudwatch_event_rule").event_pattern as string)).toEqual({
      source: ["aws.ecs"],
      "detail-type": ["ECS Deployment State Change"],
      resources: ["shop", "jobs"].map((name) => `arn:aws:ecs:eu-west-1:123456789012:service/my-cluster/${name}`),
      detail: { eventName: ["SERVICE_DEPLOYMENT_FAILED"] },
    });
    expect(the(json, "aws_cloudwatch_event_target").arn).toBe(topicArn);
  });

  it("divides services among several rules, since a pattern has 2048 characters", () => {
    // GIVEN thirty services with long names
    const services = Array.from({ length: 30 }, (_, index) => watched(`${"s".repeat(60)}-${index}`));
    const json = monitoring({ clusters: [{ name: "many", services }] });

    // THEN no pattern is too long, and each service is in one
    const patterns = all(json, "aws_cloudwatch_event_rule").map(({ event_pattern }) => event_pattern as string);
    expect(Math.max(...patterns.map(({ length }) => length))).toBeLessThanOrEqual(2048);
    expect(patterns.flatMap((pattern) => JSON.parse(pattern).resources)).toEqual(
      services.map(({ ecsServiceArn }) => ecsServiceArn),
    );
    expect(new Set(all(json, "aws_cloudwatch_event_rule").map(({ name }) => name)).size).toBe(patterns.length);
  });

  it("has a dashboard in which no widget covers another", () => {
    const { dashboard_body, dashboard_name } = the(monitoring(), "aws_cloudwatch_dashboard");
    expect(dashboard_name).toBe("prod-clusters");
    const { widgets } = JSON.parse(dashboard_body as string) as { widgets: Record<string, number>[] };
    const places = widgets.map(({ x, y }) => `${x} ${y}`);
    expect(new Set(places).size).toBe(widgets.length);
    expect(widgets.every(({ x, width }) => x! + width! <= 24)).toBe(true);
    const titles = widgets.map((widget) => (widget as unknown as { properties: { title: string } }).properties.title);
    expect(titles).toEqual([
      "Alarms",
      "Deployments that failed and were rolled back",
      "shop: peers of a node",
      "shop: connections that ended",
      "shop: nodes that miss peers",
      "shop: running tasks",
      "shop: CPU and memory in percent",
      "shop: requests and server errors",
      "shop: seconds until the answer",
      "shop: targets",
    ]);
  });
});

describe("names of alarms", () => {
  const kinds = Object.keys(alarmRules) as AlarmKind[];

  it("are of 255 characters at most", () => {
    const longest = kinds.map((kind) => alarmName("e".repeat(32), kind, "s".repeat(63)).length);
    expect(Math.max(...longest)).toBeLessThanOrEqual(255);
  });

  it("tell services from clusters, and from the load balancer, whatever these are called", () => {
    const ends = kinds.flatMap((kind) => kinds.filter((other) => other !== kind && kind.endsWith(`-${other}`)));
    expect(ends).toEqual([]);
    expect(kinds.filter((kind) => `-${kind}`.endsWith(alternateSuffix))).toEqual([]);
  });
});

describe("the metrics of a service's nodes", () => {
  const metrics = { environment: "prod", cluster: "web" };
  const variables = (props: object) => {
    const layout = new Layout();
    layout.service("shop", props);
    const { environment } = container(layout.json) as { environment: { name: string; value: string }[] };
    return Object.fromEntries(
      environment.flatMap(({ name, value }) => (name.startsWith("CLUSTER_METRICS") ? [[name, value]] : [])),
    );
  };

  it("are off by default", () => expect(variables({})).toEqual({}));

  it("get their dimensions", () => expect(variables({ metrics })).toEqual({ CLUSTER_METRICS: "prod/web/shop" }));

  it("get the names in DNS where the discovery has none", () => {
    expect(variables({ metrics, discovery: "none" })).toEqual({
      CLUSTER_METRICS: "prod/web/shop",
      CLUSTER_METRICS_NODES: "shop@shop.organization.local",
    });
  });
});
