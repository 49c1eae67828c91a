import { alarmRules } from "../../../src/monitoring/cluster-alarms";
import { Monitoring } from "../../../src/constructs/monitoring/monitoring";
import { AlarmWatch } from "../../../src/lab/monitoring/alarm-watch";
import { good, minutes, request, rolling, service } from "../control-plane/simulated-fargate";
import { alarmsTo, rollBackBy } from "../../../src/lab/monitoring/deployment-alarms";
import { alarmsIn } from "../../../src/lab/monitoring/applied-alarms";
import { ReportedMetrics, reportedIn } from "../../../src/lab/monitoring/metrics";
import { all, emptyStack, jsonOf } from "../../constructs/layout";
import { SimulatedClock } from "../simulated-clock";

/** A line as the module of elixir-app writes it; its own tests hold its form. */
const line = (at: number, values: Readonly<Record<string, number>>) =>
  JSON.stringify({
    _aws: {
      Timestamp: at,
      CloudWatchMetrics: [
        {
          Namespace: "ElixirCluster",
          Dimensions: [["Environment", "Cluster"]],
          Metrics: ["ConnectedPeers", "MissingPeers", "Reconnections"].map((Name) => ({ Name, Unit: "Count" })),
        },
        {
          Namespace: "ElixirCluster",
          Dimensions: [["Environment", "Cluster", "Service"]],
          Metrics: [{ Name: "ConnectedPeers", Unit: "Count" }],
        },
      ],
    },
    Environment: "prod",
    Cluster: "shop",
    Service: "web",
    Node: "web@10.0.0.1",
    ...{ ConnectedPeers: 2, MissingPeers: 0, Reconnections: 0, ...values },
  });

/** The alarms that the constructs make of `cluster-alarms.ts`, as an applied plan has them. */
function applied() {
  const stack = emptyStack();
  const service = {
    name: "web",
    ecsServiceName: "web",
    ecsServiceArn: "arn:aws:ecs:eu-west-1:123456789012:service/my-cluster/web",
    logGroupName: "/ecs/prod-web",
    alwaysRuns: true,
    targetMetrics: [],
  };
  new Monitoring(stack, "monitoring", {
    environment: "prod",
    region: "eu-west-1",
    ecsClusterName: "my-cluster",
    clusters: [{ name: "shop", services: [service] }],
    topicArn: "arn:aws:sns:eu-west-1:123456789012:alarms",
  });
  const resources = all(jsonOf(stack), "aws_cloudwatch_metric_alarm").map((values) => ({
    type: "aws_cloudwatch_metric_alarm",
    values,
  }));
  return alarmsIn({ planned_values: { root_module: { resources } } }, "ElixirCluster");
}

/** Three nodes that report every 30 s for some minutes. @param values of each report, by its time in seconds */
function watched(minutes: number, values: (second: number) => Readonly<Record<string, number>> | undefined) {
  const clock = new SimulatedClock();
  const watch = new AlarmWatch(applied(), 1, clock);
  const report = () => {
    const now = values(clock.now() / 1000);
    const event = { at: clock.now(), kind: "output", taskId: "1", container: "web", stream: "stdout" } as const;
    if (now) for (let node = 0; node < 3; node += 1) watch.take({ ...event, line: line(clock.now(), now) });
    clock.after(30_000, report);
  };
  report();
  clock.run(600_000);
  watch.start();
  clock.run(minutes * 60_000);
  watch.stop();
  return watch.changes.map(({ at, alarm, state }) => `${Math.round((at - 600_000) / 60_000)} min: ${alarm} ${state}`);
}

const ok = ["1 min: prod-shop-partition OK", "1 min: prod-shop-flapping OK", "1 min: prod-web-no-data OK"];
const after = (second: number) => second - 600;

describe("an alarm that goes off", () => {
  /** Three nodes of a partition from the start on. @returns changes that services and a person get */
  function partitioned() {
    const clock = new SimulatedClock();
    const watch = new AlarmWatch(applied(), 1, clock);
    const [deployments, printed]: [string[], string[]] = [[], []];
    const services = [{ alarmWentOff: (alarm: string) => void deployments.push(alarm) }];
    const report = () => {
      const event = { at: clock.now(), kind: "output", taskId: "1", container: "web", stream: "stdout" } as const;
      watch.take({ ...event, line: line(clock.now(), { MissingPeers: clock.now() < 400_000 ? 1 : 0 }) });
      clock.after(30_000, report);
    };
    report();
    watch.start(alarmsTo({ services }, (text) => printed.push(text)));
    clock.run(20 * 60_000);
    return { deployments, printed };
  }

  it("reaches the deployments once, and a person with its end", () => {
    const { deployments, printed } = partitioned();
    expect(deployments).toEqual(["prod-shop-partition"]);
    expect(printed).toEqual(["alarm prod-shop-partition: ALARM", "alarm prod-shop-partition: OK"]);
  });

  it("ends a deployment in progress that names it, and no other", () => {
    // GIVEN two services that each deploy, one of which names the alarm
    const deploying = (names: string[]) => {
      const { scheduler, clock } = service();
      const configuration = { ...rolling(100, 200), alarms: { names, rollback: true } };
      request(scheduler, { desiredCount: 2, configuration, revision: good });
      clock.run(minutes(10));
      request(scheduler, { desiredCount: 2, configuration, revision: { ...good, bootMs: minutes(60) } });
      return scheduler;
    };
    const [named, other] = [deploying(["prod-shop-partition"]), deploying(["prod-shop-flapping"])];
    // WHEN
    rollBackBy({ services: [named, other] })({ at: 0, alarm: "prod-shop-partition", state: "OK" });
    expect(named.deployments[0]!.rolloutStateReason).toMatch(/in progress/);
    rollBackBy({ services: [named, other] })({ at: 0, alarm: "prod-shop-partition", state: "ALARM" });
    // THEN
    expect(named.deployments[0]!.rolloutStateReason).toMatch(/alarm: rolling back to deploymentId/);
    expect(other.deployments[0]!.rolloutStateReason).toMatch(/in progress/);
  });
});

describe("the applied alarms", () => {
  it("are those on the cluster's own metrics", () => {
    const applies = Object.fromEntries(applied().map(({ name, ...alarm }) => [name, alarm]));
    expect(Object.keys(applies).sort()).toEqual(["prod-shop-flapping", "prod-shop-partition", "prod-web-no-data"]);
    const { threshold, periodSeconds, evaluationPeriods, datapointsToAlarm, missingData } = alarmRules.flapping;
    expect(applies["prod-shop-flapping"]).toMatchObject({
      metric: { name: "Reconnections", dimensions: { Environment: "prod", Cluster: "shop" } },
      statistic: "Sum",
      ...{ threshold, periodSeconds, evaluationPeriods, datapointsToAlarm, missingData },
    });
  });

  it("are OK while all nodes are connected", () => expect(watched(30, () => ({})).sort()).toEqual([...ok].sort()));

  it("report a partition after three minutes of it, and that it is over", () => {
    const partition = watched(20, (second) => ({ MissingPeers: after(second) >= 120 && after(second) < 600 ? 1 : 0 }));
    expect(partition.slice(3)).toEqual(["5 min: prod-shop-partition ALARM", "11 min: prod-shop-partition OK"]);
  });

  it("don't report two minutes of it", () => {
    expect(
      watched(20, (second) => ({ MissingPeers: after(second) >= 120 && after(second) < 240 ? 1 : 0 })),
    ).toHaveLength(3);
  });

  it("report connections that come back in three minutes of five, and not one such minute", () => {
    const flapping = watched(20, (second) => ({ Reconnections: after(second) >= 120 && second % 60 === 0 ? 1 : 0 }));
    expect(flapping.slice(3)).toEqual(["5 min: prod-shop-flapping ALARM"]);
    expect(watched(20, (second) => ({ Reconnections: after(second) === 120 ? 9 : 0 }))).toHaveLength(3);
  });

  it("report nodes that report nothing; a period with data is in the range for two minutes more", () => {
    expect(watched(20, (second) => (after(second) < 120 ? {} : undefined)).slice(3)).toEqual([
      "9 min: prod-web-no-data ALARM",
    ]);
  });
});

it("values that no alarm reads any more are forgotten", () => {
  const metrics = new ReportedMetrics();
  const [{ metric } = {}] = reportedIn(line(0, {}));
  for (const at of [0, 1000, 2000]) metrics.take(line(at, {}));
  metrics.forget(1000);
  expect(metrics.statistic(metric!, "SampleCount", 0, 3000)).toBe(2);
});

it.each([
  ["a prefix", `12:00:00.000 [info] ${line(0, {})}`],
  ["other JSON", '{"message": "{"}'],
  ["no JSON", "{:ok, 1}"],
])("a line with %s reports nothing", (_, text) => expect(reportedIn(text)).toEqual([]));
