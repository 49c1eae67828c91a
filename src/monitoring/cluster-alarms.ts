import { nameFrom } from "../aws/names";
import { type ClusterMetric, metricsNamespace, serviceMetric } from "./cluster-metrics";

/** What an alarm compares with its threshold: one statistic of a metric, or a share of requests in percent. */
export type AlarmValue =
  | {
      readonly namespace: string;
      readonly metric: string;
      readonly statistic: "Average" | "Maximum" | "SampleCount" | "Sum";
    }
  | {
      readonly namespace: string;
      /** Both are sums. Below `minRequests` in a period the share counts as 0. */
      readonly share: { readonly errors: string; readonly requests: string; readonly minRequests: number };
    };

/** One alarm as data. Terms as in CloudWatch: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html */
export interface AlarmRule {
  /** What has one: each Erlang cluster, each service, each service behind the load balancer, or the load balancer. */
  readonly of: "cluster" | "service" | "web" | "loadBalancer";
  /** What is wrong while it is in the state ALARM. */
  readonly meaning: string;
  readonly value: AlarmValue;
  readonly comparison: "GreaterThanThreshold" | "LessThanThreshold";
  readonly threshold: number;
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly missingData: "breaching" | "notBreaching";
}

const reported = (metric: ClusterMetric, statistic: "Maximum" | "SampleCount" | "Sum") => ({
  namespace: metricsNamespace,
  metric,
  statistic,
});

const above = { comparison: "GreaterThanThreshold", periodSeconds: 60, missingData: "notBreaching" } as const;

/**
 * All alarms by the end of their names. No number of tasks is in them: each node compares its peers with what DNS names, so they
 * hold for any number, for autoscaled services, and during deployments.
 */
export const alarmRules = {
  partition: {
    ...above,
    of: "cluster",
    meaning: "a node isn't connected to a peer that DNS names: the cluster has split, or a task runs without its peers",
    value: reported("MissingPeers", "Maximum"),
    threshold: 0,
    evaluationPeriods: 3,
    datapointsToAlarm: 3,
  },
  flapping: {
    ...above,
    of: "cluster",
    meaning: "connections between nodes that run on break and come back again and again",
    value: reported("Reconnections", "Sum"),
    threshold: 0,
    evaluationPeriods: 5,
    datapointsToAlarm: 3,
  },
  "no-data": {
    ...above,
    of: "service",
    meaning: "no node of the service reports: no task runs, or its release lacks the module that adopt --metrics adds",
    value: reported(serviceMetric, "SampleCount"),
    comparison: "LessThanThreshold",
    threshold: 1,
    evaluationPeriods: 5,
    datapointsToAlarm: 5,
    missingData: "breaching",
  },
  cpu: {
    ...above,
    of: "service",
    meaning: "its tasks use nearly all of their CPU: calls and heartbeats between nodes are late",
    value: { namespace: "AWS/ECS", metric: "CPUUtilization", statistic: "Average" },
    threshold: 90,
    evaluationPeriods: 5,
    datapointsToAlarm: 5,
  },
  memory: {
    ...above,
    of: "service",
    meaning: "a task uses nearly all of its memory: the kernel kills it at 100 %",
    value: { namespace: "AWS/ECS", metric: "MemoryUtilization", statistic: "Maximum" },
    threshold: 90,
    evaluationPeriods: 5,
    datapointsToAlarm: 5,
  },
  "unhealthy-targets": {
    ...above,
    of: "web",
    meaning: "a task fails the load balancer's health check",
    value: { namespace: "AWS/ApplicationELB", metric: "UnHealthyHostCount", statistic: "Maximum" },
    threshold: 0,
    evaluationPeriods: 5,
    datapointsToAlarm: 5,
  },
  "5xx": {
    ...above,
    of: "web",
    meaning: "more than 5 % of the service's answers are server errors",
    value: {
      namespace: "AWS/ApplicationELB",
      share: { errors: "HTTPCode_Target_5XX_Count", requests: "RequestCount", minRequests: 20 },
    },
    threshold: 5,
    evaluationPeriods: 3,
    datapointsToAlarm: 3,
  },
  // A request that finds no target isn't in RequestCount, so there is no share.
  // Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
  "load-balancer-errors": {
    ...above,
    of: "loadBalancer",
    meaning:
      "the load balancer itself answers with errors: no healthy task, or tasks close connections or don't answer",
    value: { namespace: "AWS/ApplicationELB", metric: "HTTPCode_ELB_5XX_Count", statistic: "Sum" },
    threshold: 10,
    evaluationPeriods: 3,
    datapointsToAlarm: 3,
  },
} as const satisfies Record<string, AlarmRule>;

export type AlarmKind = keyof typeof alarmRules;

/** The kinds of alarm that one thing has. */
export const alarmKindsOf = (subject: AlarmRule["of"]): AlarmKind[] =>
  (Object.keys(alarmRules) as AlarmKind[]).filter((kind) => alarmRules[kind].of === subject);

/** An alarm's name. @param template a template of names @param subject a service, a cluster, or nothing for the load balancer, which the environment has one of */
export const alarmName = (template: string, kind: AlarmKind, subject?: string): string =>
  subject === undefined ? nameFrom(template, kind) : `${nameFrom(template, subject)}-${kind}`;

/** End of the names of alarms on a service's alternate target group. No kind of alarm ends in it. */
export const alternateSuffix = "-alternate";

/** EventBridge's events of a deployment that the circuit breaker ended. Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html */
export const failedDeployment = {
  source: "aws.ecs",
  detailType: "ECS Deployment State Change",
  eventName: "SERVICE_DEPLOYMENT_FAILED",
} as const;
