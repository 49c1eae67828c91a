import { metricsOf, metricsVariable } from "../../monitoring/cluster-metrics";
import type { Resources } from "../read/resources";
import { block, text, type Values } from "../read/value";
import type { Container } from "./node/containers";

/** Names of the alarms on a service's own metrics, on those that its nodes report, or on those of its cluster. */
export function watchingAlarms(service: Values, node: Container | undefined, resources: Resources): string[] {
  const reported = metricsOf(node?.environment.get(metricsVariable));
  return resources.of("aws_cloudwatch_metric_alarm").flatMap(({ values }) => {
    const dimensions = block(values.dimensions);
    const name = text(values.alarm_name);
    if (dimensions === undefined || name === undefined) return [];
    const { ServiceName, Cluster, Service } = dimensions;
    const isOwn = ServiceName !== undefined && ServiceName === service.name;
    const isReported =
      reported && Cluster === reported.cluster && (Service === undefined || Service === reported.service);
    return isOwn || isReported ? [name] : [];
  });
}
