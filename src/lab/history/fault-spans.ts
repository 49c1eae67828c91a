import type { Faults } from "../data-plane/data-plane";
import type { History } from "./history";

/** A time in which a kind of fault was in force; `to` is the history's end for one that never ended. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Faults that may cost connections: packets vanish, or a node is frozen. Delays alone don't. */
export function breaksLinks({ cutTasks = [], cutLinks = [], frozenTasks = [], shaping = {} }: Faults): boolean {
  const lossy = Object.values(shaping).some((shapes) => shapes.some(({ lossPercent = 0 }) => lossPercent > 0));
  return cutTasks.length > 0 || cutLinks.length > 0 || frozenTasks.length > 0 || lossy;
}

/** Faults of DNS: they cost no connection, but nobody finds anybody. */
export const breaksDns = ({ dnsSilent = false, dnsLie }: Faults): boolean => dnsSilent || dnsLie !== undefined;

export const freezes = ({ frozenTasks = [] }: Faults): boolean => frozenTasks.length > 0;

/** When faults of a kind were in force, in order; spans don't overlap. */
export function faultSpans({ events, to }: History, isOfKind: (faults: Faults) => boolean): Span[] {
  const spans: Span[] = [];
  let from: number | undefined;
  for (const event of events) {
    if (event.kind !== "faults") continue;
    const inForce = isOfKind(event.faults);
    if (inForce) from ??= event.at;
    else if (from !== undefined) {
      spans.push({ from, to: event.at });
      from = undefined;
    }
  }
  return from === undefined ? spans : [...spans, { from, to }];
}

/** Whether a span overlaps the time between two moments, or ended so many milliseconds before it. */
export const wasInForce = (spans: readonly Span[], from: number, to: number, afterwardsMs = 0): boolean =>
  spans.some((span) => span.from <= to && span.to + afterwardsMs >= from);

/**
 * A deadline, moved behind the faults that were in force before it passed: each gives `afterwardsMs` from its end.
 * @param from since when the deadline runs
 */
export function extended(deadline: number, from: number, spans: readonly Span[], afterwardsMs: number): number {
  return spans.reduce(
    (latest, span) =>
      span.from <= latest && span.to + afterwardsMs >= from ? Math.max(latest, span.to + afterwardsMs) : latest,
    deadline,
  );
}
