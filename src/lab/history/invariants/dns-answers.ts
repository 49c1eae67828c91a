import { dnsRecordLimit } from "../../../distribution";
import { breaksDns, faultSpans, wasInForce } from "../fault-spans";
import type { Invariant, Violation } from "../history";

/** Seconds that a change may take from Cloud Map to the resolver. */
const spreadSeconds = 1;

/** The lab's DNS is what it claims to be: without that, the rest says little. */
export const dnsAnswers: Invariant = {
  name: "dns-answers",
  says: `A DNS answer names at most ${dnsRecordLimit} tasks, each registered within the last TTL, unless a fault makes DNS lie.`,
  violations(history) {
    const ttlMs = (history.settings.dnsTtl + spreadSeconds) * 1000;
    const lies = faultSpans(history, breaksDns);
    const registered = new Map<string, { at: number; addresses: readonly string[] }[]>();
    const found: Violation[] = [];
    for (const event of history.events) {
      if (event.kind === "registered") {
        registered.set(event.name, [...(registered.get(event.name) ?? []), event]);
      }
      if (event.kind !== "answer" || wasInForce(lies, event.at, event.at, ttlMs)) continue;
      const known = registered.get(event.name) ?? [];
      // What was registered when the answer may have been cached, and since.
      const since = known.filter(
        ({ at }, index) => (known[index + 1]?.at ?? Infinity) >= event.at - ttlMs && at <= event.at,
      );
      const stale = event.addresses.filter((address) => !since.some(({ addresses }) => addresses.includes(address)));
      if (event.addresses.length > dnsRecordLimit)
        found.push({ at: event.at, text: `an answer for ${event.name} names ${event.addresses.length} addresses` });
      if (stale.length > 0)
        found.push({
          at: event.at,
          text: `an answer for ${event.name} names ${stale.join(", ")}, which isn't registered`,
        });
    }
    return found;
  },
};
