/** An alarm's state. Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html */
export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

/** How an alarm treats periods without data. */
export type MissingData = "breaching" | "notBreaching" | "ignore" | "missing";

/** The parts of an alarm that its evaluation needs. */
export interface Evaluated {
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly missingData: MissingData;
}

/** Periods that CloudWatch reads beyond the evaluated ones, in case some have no data: 5 where 3 are evaluated. */
const morePeriods = 2;

/** How many periods {@link evaluate} takes. */
export const evaluationRange = ({ evaluationPeriods }: Evaluated): number => evaluationPeriods + morePeriods;

/**
 * The state that follows from the last periods, as CloudWatch evaluates them: with enough real data points, missing ones don't
 * count; otherwise all real ones count, and the rest is filled in.
 *
 * @param range each period, the oldest first: whether it breaches the threshold, `undefined` without data
 * @param state the state so far
 */
export function evaluate(range: readonly (boolean | undefined)[], alarm: Evaluated, state: AlarmState): AlarmState {
  const { evaluationPeriods, datapointsToAlarm, missingData } = alarm;
  const real = range.filter((breaches) => breaches !== undefined);
  const missing = Math.max(0, evaluationPeriods - real.length);
  const counted = real.slice(-evaluationPeriods);
  const verdict = (breaching: number) => (breaching >= datapointsToAlarm ? "ALARM" : "OK");
  const breaching = counted.filter(Boolean).length;
  if (missing === 0) return verdict(breaching);
  if (missingData === "ignore") return state;
  if (missingData === "breaching") return verdict(breaching + missing);
  if (missingData === "notBreaching") return verdict(breaching);
  if (real.length === 0) return "INSUFFICIENT_DATA";
  return breaching === real.length ? "ALARM" : "OK";
}
