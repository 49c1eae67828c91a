import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { Construct } from "constructs";
import {
  type AlarmKind,
  type AlarmRule,
  alarmName,
  alarmRules,
  alternateSuffix,
} from "../../monitoring/cluster-alarms";

/** Properties of {@link metricAlarm}. */
export interface MetricAlarmProps {
  /** The environment's name. */
  readonly environment: string;
  /** Template of the alarm's name. */
  readonly nameTemplate: string;
  readonly kind: AlarmKind;
  /** Whether it watches the alternate target group, which a deployment that shifts requests uses in turn. @default false */
  readonly alternate?: boolean;
  /** The service or cluster that it watches. @default the environment's load balancer */
  readonly subject?: string;
  /** Dimensions of its metrics. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** ARN of the SNS topic that hears of the alarm, and of its end. */
  readonly topicArn: string;
}

/** One of the alarms that {@link alarmRules} describes. */
export function metricAlarm(scope: Construct, id: string, props: MetricAlarmProps): CloudwatchMetricAlarm {
  const { environment, nameTemplate, kind, subject, alternate, dimensions, topicArn } = props;
  const rule: AlarmRule = alarmRules[kind];
  return new CloudwatchMetricAlarm(scope, id, {
    alarmName: alarmName(nameTemplate, kind, subject) + (alternate ? alternateSuffix : ""),
    alarmDescription: `${subject ?? environment}: ${rule.meaning}`,
    comparisonOperator: rule.comparison,
    threshold: rule.threshold,
    evaluationPeriods: rule.evaluationPeriods,
    datapointsToAlarm: rule.datapointsToAlarm,
    treatMissingData: rule.missingData,
    alarmActions: [topicArn],
    okActions: [topicArn],
    ...measured(rule, dimensions),
  });
}

function measured(
  { value, periodSeconds: period }: AlarmRule,
  dimensions: Readonly<Record<string, string>>,
): Partial<CloudwatchMetricAlarmConfig> {
  const { namespace } = value;
  if ("metric" in value) {
    return { namespace, metricName: value.metric, statistic: value.statistic, period, dimensions: { ...dimensions } };
  }
  const { errors, requests, minRequests } = value.share;
  const sum = (id: string, metricName: string) => ({
    id,
    metric: { namespace, metricName, stat: "Sum", period, dimensions: { ...dimensions } },
  });
  return {
    metricQuery: [
      sum("requests", requests),
      sum("errors", errors),
      {
        id: "share",
        // The load balancer reports no errors rather than 0 of them.
        expression: `IF(requests >= ${minRequests}, 100 * FILL(errors, 0) / requests, 0)`,
        label: "errors in percent of requests",
        returnData: true,
      },
    ],
  };
}
