import { type Finding, seconds } from "../scenario";
import type { SeenOfWeb } from "./watched-web";

const causesOf = ({ causes }: SeenOfWeb): string => {
  const all = Object.entries(causes).map(([cause, count]) => `${count} ${cause}`);
  return all.length === 0 ? "" : ` (${all.join(", ")})`;
};

const common = (seen: SeenOfWeb): string =>
  `${seen.failed} of ${seen.requests} requests failed${causesOf(seen)}, ${seen.withoutCloseFrame} of ${seen.closed} closed sockets ` +
  `without a close frame, ${seconds(seen.withoutTargetMs)} without a healthy target, ${seen.members.join(" to ")} members, ` +
  `full mesh ${Math.round(seen.meshShare * 100)} % of the time`;

/** A deployment or a scale-in that costs nothing: every socket of the tasks that go is closed in order, within the drainer's time. */
export const deployed = (seen: SeenOfWeb, leaving: number, drainSeconds: number): Finding => ({
  ok:
    seen.failed === 0 &&
    seen.requests > 0 &&
    seen.closed >= leaving &&
    seen.withoutCloseFrame === 0 &&
    seen.closingMs <= drainSeconds * 1000 &&
    seen.withoutTargetMs === 0,
  line: `${seen.name}, ${seconds(seen.seconds * 1000)}: ${common(seen)}; sockets closed within ${seconds(seen.closingMs)} of the drainer's ${drainSeconds} s`,
});

/** A task that is killed: only requests that it had got before it was taken out fail. */
export const killed = (seen: SeenOfWeb, inIt: number, outAt: number | undefined): Finding => ({
  ok: seen.closed > 0 && outAt !== undefined && (seen.lastFailureBegan ?? 0) <= outAt && seen.withoutTargetMs === 0,
  line: `${seen.name}: ${common(seen)}; ${inIt} requests were in it, and none failed that began after it was taken out`,
});

/** An image whose health checks fail: nobody notices, and the tasks stay. */
export const refused = (seen: SeenOfWeb, sameTasks: boolean): Finding => ({
  ok: sameTasks && seen.failed === 0 && seen.requests > 0 && seen.closed === 0 && seen.withoutTargetMs === 0,
  line: `${seen.name}: rolled back after ${seconds(seen.seconds * 1000)}, ${sameTasks ? "the same tasks run" : "OTHER tasks run"}: ${common(seen)}`,
});

/** A negative test: without one of the things that make it so, there is a number above zero. */
export const brokenWithout = (seen: SeenOfWeb, what: string, number: number): Finding => ({
  ok: number > 0,
  line: `${seen.name}: ${number} ${what}, as it must be; ${common(seen)}`,
});
