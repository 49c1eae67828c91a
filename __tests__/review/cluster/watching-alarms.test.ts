import { reviewPlan } from "../../../src/review/review";
import { put } from "../edits";
import { goodLayout } from "../good-layout";
import { setVariable } from "../layouts";

it("says which alarms watch a service: on its own metrics, and on those of its cluster", () => {
  // GIVEN a service that reports, and alarms on it, on its cluster and on another service
  const layout = goodLayout();
  setVariable(layout, "shop", "CLUSTER_METRICS", "prod/acme/shop");
  const alarm = (name: string, dimensions: object) =>
    put(layout, "aws_cloudwatch_metric_alarm", name, {
      alarm_name: name,
      alarm_actions: ["arn:aws:sns:eu-west-1:123456789012:alarms"],
      dimensions,
    });
  alarm("cpu", { ClusterName: "prod", ServiceName: "shop" });
  alarm("partition", { Environment: "prod", Cluster: "acme" });
  alarm("no-data", { Environment: "prod", Cluster: "acme", Service: "shop" });
  alarm("other", { Environment: "prod", Cluster: "acme", Service: "jobs" });
  alarm("elsewhere", { Environment: "prod", Cluster: "billing" });

  // THEN the review says it of that service alone
  const watched = reviewPlan(layout).assumptions.filter((line) => line.includes("watched by"));
  expect(watched).toEqual(["shop: watched by cpu, partition, no-data"]);
});
