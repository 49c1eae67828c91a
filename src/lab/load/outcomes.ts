/** One request that has ended, or one socket that has closed. Times are milliseconds since 1970. */
export interface Outcome {
  readonly at: number;
  /** When it began; for a socket, when it was opened. */
  readonly began: number;
  readonly kind: "request" | "slow" | "socket";
  /** Why it failed, such as `502` or `ECONNRESET`; absent when it did not. */
  readonly failure?: string;
  /** Status code of a socket's close frame; 1006 where none came. */
  readonly closeCode?: number;
}

/** Closed without a close frame. Source: https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1 */
export const abnormalClosure = 1006;

/** What a part of the load came to. */
export interface LoadSummary {
  readonly requests: number;
  readonly failed: number;
  /** How many failed by each cause. */
  readonly causes: Readonly<Record<string, number>>;
  /** Sockets that were closed by the other end. */
  readonly closed: number;
  readonly withoutCloseFrame: number;
  /** Milliseconds from the first socket that was closed to the last. */
  readonly closingMs: number;
  /** When each of them was closed. */
  readonly closedAt: readonly number[];
  /** When the last failed request had begun. */
  readonly lastFailureBegan?: number;
}

/** Sums up what ended from one moment to another. */
export function summaryOf(outcomes: readonly Outcome[], from: number, to: number): LoadSummary {
  const own = outcomes.filter(({ at }) => at >= from && at <= to);
  const requests = own.filter(({ kind }) => kind !== "socket");
  const failures = requests.filter(({ failure }) => failure !== undefined);
  const sockets = own.filter(({ kind }) => kind === "socket");
  const causes: Record<string, number> = {};
  for (const { kind, failure } of failures) {
    const cause = `${kind === "slow" ? "slow response" : "request"}: ${failure}`;
    causes[cause] = (causes[cause] ?? 0) + 1;
  }
  const times = sockets.map(({ at }) => at);
  return {
    requests: requests.length,
    failed: failures.length,
    causes,
    closed: sockets.length,
    withoutCloseFrame: sockets.filter(({ closeCode }) => closeCode === abnormalClosure).length,
    closedAt: times,
    closingMs: times.length === 0 ? 0 : Math.max(...times) - Math.min(...times),
    ...(failures.length === 0 ? {} : { lastFailureBegan: Math.max(...failures.map(({ began }) => began)) }),
  };
}
