import {
  defaultMetricsIntervalMs,
  metricsIntervalVariable,
  metricsNamespace,
} from "../../../monitoring/cluster-metrics";
import { systemClock } from "../../clock";
import { AlarmWatch } from "../../monitoring/alarm-watch";
import { alarmsIn } from "../../monitoring/applied-alarms";
import type { Stage } from "../../stage";

/** The option `alarms` of a scenario's environment. */
export const alarms = { topic: "arn:aws:sns:eu-west-1:123456789012:alarms" };

/** Makes the nodes of a service report more often. @param factor of the interval that passes between two reports */
export const reportingEvery = (factor: number) => ({
  [metricsIntervalVariable]: String(defaultMetricsIntervalMs * factor),
});

/** Evaluates the alarms that were applied last, each period shortened by `factor` as the nodes' reports are. */
export const alarmWatch = async (stage: Stage, factor: number): Promise<AlarmWatch> =>
  new AlarmWatch(alarmsIn(await stage.appliedPlan(), metricsNamespace), factor, systemClock);
