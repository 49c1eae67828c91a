import type { DeploymentTimes } from "../../../web-times";
import type { Finding } from "../scenario";
import type { SeenOfWeb } from "./watched-web";

/** A deployment from its beginning to its end, in seconds, and what was seen of it. */
export interface MeasuredDeployment {
  readonly seconds: number;
  readonly seen: Pick<SeenOfWeb, "boots" | "leaving" | "closedAt">;
}

type Range = readonly [number, number];

/** Seconds as they are printed: what is printed is what is compared. */
const tenths = (seconds: number): number => Math.round(seconds * 10) / 10;

const text = (range: Range): string => range.map((each) => tenths(each).toFixed(1)).join("–") + " s";

const rangeOf = (values: readonly number[]): Range => [Math.min(...values), Math.max(...values)];

const isWithin = ([from, to]: Range, [least, most]: Range): boolean =>
  tenths(from) >= tenths(least) && tenths(to) <= tenths(most);

/**
 * Whether a deployment took as long as the review says that it takes: altogether, with the boots added that the review
 * doesn't know; each socket from the moment that a task was taken out; each task from SIGTERM to its end.
 * @param computed what the review computes from the settings that are applied
 */
export function reviewAgrees({ seconds, seen }: MeasuredDeployment, computed: DeploymentTimes): Finding {
  const { boots, leaving, closedAt } = seen;
  const { tasks, rounds, total, reconnect, stop } = computed;
  if (boots.length === 0 || leaving.length < tasks || closedAt.length === 0) {
    const line = `the review's times: ${boots.length} tasks came, ${leaving.length} of ${tasks} left and ${closedAt.length} sockets closed: too few to compare`;
    return { ok: false, untried: true, line };
  }
  const boot = rangeOf(boots).map((each) => rounds * each) as [number, number];
  const whole: Range = [boot[0] + total[0], boot[1] + total[1]];
  const sockets = rangeOf(closedAt.map((at) => secondsAfter(at, leaving, [reconnect, reconnect + stop[1]])));
  const socketsMay: Range = [reconnect, reconnect + stop[1]];
  const stops = rangeOf(leaving.map(({ stoppingAt, stoppedAt }) => (stoppedAt - stoppingAt) / 1000));
  return {
    ok: isWithin([seconds, seconds], whole) && isWithin(sockets, socketsMay) && isWithin(stops, stop),
    line:
      `the review's times: the deployment took ${tenths(seconds).toFixed(1)} s, computed ${text(whole)} with boots of ${text(boot)}; ` +
      `sockets closed ${text(sockets)} after their task was taken out, computed ${text(socketsMay)}; ` +
      `tasks ended ${text(stops)} after SIGTERM, computed ${text(stop)}`,
  };
}

/** Seconds since a task was taken out: of the tasks that were, the one for which a socket that closed now is in time, or the nearest. */
function secondsAfter(at: number, leaving: SeenOfWeb["leaving"], [least, most]: Range): number {
  const since = leaving.map(({ drainingAt }) => (at - drainingAt) / 1000);
  const distance = (seconds: number) => Math.max(least - seconds, seconds - most, 0);
  return since.reduce((best, each) => (distance(each) < distance(best) ? each : best));
}
