import type { Evaluated, MissingData } from "./alarm-evaluation";
import type { Metric, Statistic } from "./metrics";

/** An alarm on one metric, as Terraform applied it. */
export interface AppliedAlarm extends Evaluated {
  readonly name: string;
  readonly metric: Metric;
  readonly statistic: Statistic;
  readonly periodSeconds: number;
  readonly comparison: string;
  readonly threshold: number;
}

interface Module {
  readonly resources?: readonly Resource[];
  readonly child_modules?: readonly Module[];
}

interface Resource {
  readonly type: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * The alarms of an applied plan or of a state on metrics in `namespace`. Others are on what AWS itself measures, which the lab
 * doesn't.
 * @param shown as `terraform show -json` gives it
 */
export function alarmsIn(shown: unknown, namespace: string): AppliedAlarm[] {
  const { planned_values, values } = shown as Readonly<Record<string, { root_module?: Module } | undefined>>;
  return resourcesOf((planned_values ?? values)?.root_module ?? {}).flatMap(({ type, values: own }) =>
    type === "aws_cloudwatch_metric_alarm" && own["namespace"] === namespace ? [alarmOf(own)] : [],
  );
}

const resourcesOf = ({ resources = [], child_modules: modules = [] }: Module): readonly Resource[] => [
  ...resources,
  ...modules.flatMap(resourcesOf),
];

const alarmOf = (values: Resource["values"]): AppliedAlarm => ({
  name: String(values["alarm_name"]),
  metric: {
    namespace: String(values["namespace"]),
    name: String(values["metric_name"]),
    dimensions: values["dimensions"] as Record<string, string>,
  },
  statistic: values["statistic"] as Statistic,
  periodSeconds: Number(values["period"]),
  comparison: String(values["comparison_operator"]),
  threshold: Number(values["threshold"]),
  evaluationPeriods: Number(values["evaluation_periods"]),
  datapointsToAlarm: Number(values["datapoints_to_alarm"] ?? values["evaluation_periods"]),
  missingData: (values["treat_missing_data"] ?? "missing") as MissingData,
});

/** Whether a value is beyond the threshold. */
export function breaches({ comparison, threshold }: AppliedAlarm, value: number): boolean {
  if (comparison === "GreaterThanThreshold") return value > threshold;
  if (comparison === "GreaterThanOrEqualToThreshold") return value >= threshold;
  if (comparison === "LessThanThreshold") return value < threshold;
  return value <= threshold;
}
