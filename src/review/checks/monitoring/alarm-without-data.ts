import { metricDimensions, metricsNamespace, metricsOf, metricsVariable } from "../../../monitoring/cluster-metrics";
import { block, text, type Value } from "../../read/value";
import type { Check, Subject } from "../check";

export const alarmWithoutData: Check = {
  id: "alarm-without-data",
  title: "An alarm's metric has no data",
  severity: "warning",
  rationale: "Such an alarm never goes off, or never stops, depending on treat_missing_data.",
  remediation:
    "Correct the dimensions: ServiceName is the ECS service's name, and those of ElixirCluster are in the container's CLUSTER_METRICS.",
  limitations:
    "The check knows alarms on a single metric of AWS/ECS or ElixirCluster, without metric_query. If the service may be in another state, the finding is a note.",
  sources: [
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html",
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html",
  ],
  *find(subject) {
    const reported = reportedDimensions(subject);
    const names = subject.resources.of("aws_ecs_service").map(({ values }) => text(values.name));
    for (const { address, values } of subject.resources.of("aws_cloudwatch_metric_alarm")) {
      const dimensions = known(values.dimensions);
      if (dimensions === undefined) continue;
      if (values.namespace === metricsNamespace && reported && !reported.includes(keyOf(dimensions)))
        yield { address, message: `no container has a ${metricsVariable} with ${shown(dimensions)}` };
      const { ServiceName } = dimensions;
      if (values.namespace !== "AWS/ECS" || ServiceName === undefined || names.includes(undefined)) continue;
      if (!names.includes(ServiceName))
        yield { address, message: `no service here is called ${ServiceName}`, severity: "note" };
    }
  },
};

/** The dimensions of all metrics that nodes report; `undefined` when the containers of a service are unknown. */
function reportedDimensions({ services }: Subject): readonly string[] | undefined {
  if (services.some(({ containers }) => "unknown" in containers)) return undefined;
  return services.flatMap(({ node }) => {
    const of = metricsOf(node?.environment.get(metricsVariable));
    return of ? [metricDimensions(of), metricDimensions(of, of.service)].map(keyOf) : [];
  });
}

/** Dimensions whose values are all known. */
function known(value: Value | undefined): Readonly<Record<string, string>> | undefined {
  const values = block(value);
  if (values === undefined) return undefined;
  const entries = Object.entries(values).map(([name, of]) => [name, text(of)] as const);
  if (entries.some(([, of]) => of === undefined)) return undefined;
  return Object.fromEntries(entries) as Record<string, string>;
}

const keyOf = (dimensions: Readonly<Record<string, string>>) =>
  JSON.stringify(Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1)));

const shown = (dimensions: Readonly<Record<string, string>>) =>
  Object.entries(dimensions)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
