import { readFileSync } from "node:fs";
import path from "node:path";
import { type AlarmRule, alarmRules, failedDeployment } from "../../src/monitoring/cluster-alarms";
import { clusterMetrics, metricsNamespace } from "../../src/monitoring/cluster-metrics";
import { projectRoot } from "../../src/project-root";

const page = readFileSync(path.join(projectRoot, "docs", "monitoring.md"), "utf8").replace(/ +\|/g, " |");
const source = readFileSync(path.join(projectRoot, "elixir-app/lib/myapp/cluster/metrics.ex"), "utf8");

/** What an alarm compares, as the page's table has it. */
function condition({ value, comparison, threshold }: AlarmRule): string {
  const measured =
    "metric" in value
      ? `\`${value.metric}\` (${value.statistic})`
      : `\`${value.share.errors}\` in percent of \`${value.share.requests}\`, from ${value.share.minRequests} requests on,`;
  return `${measured} is ${comparison === "GreaterThanThreshold" ? "above" : "below"} ${threshold}`;
}

const subjects = { cluster: "cluster", service: "service", web: "service in `web`", loadBalancer: "load balancer" };

describe("docs/monitoring.md", () => {
  it.each(Object.entries<AlarmRule>(alarmRules))("has the alarm %s as it is", (kind, rule) => {
    const row = [
      `\`${kind}\``,
      subjects[rule.of],
      condition(rule),
      `${rule.datapointsToAlarm} of ${rule.evaluationPeriods}`,
      rule.missingData === "breaching" ? "goes off" : "is OK",
    ];
    expect(rule.periodSeconds).toBe(60);
    expect(page).toContain(`| ${row.join(" | ")} |`);
  });

  it.each(Object.entries(clusterMetrics))("has the metric %s, and so has the module", (name, meaning) => {
    expect(page.replaceAll("`", "")).toContain(`| ${name} | ${meaning} |`);
    expect(source).toMatch(new RegExp(`@metrics ~w\\(.*\\b${name}\\b.*\\)`));
  });

  it("has the namespace that the module writes", () => {
    expect(page).toContain(`\`${metricsNamespace}\``);
    expect(source).toContain(`@namespace "${metricsNamespace}"`);
  });

  it("names the event of a failed deployment", () => expect(page).toContain(`\`${failedDeployment.eventName}\``));
});
