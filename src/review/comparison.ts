import type { Reason } from "./cluster/connections/connection";
import type { ClusterStability } from "./cluster/cluster-stability";
import type { Matrix } from "./cluster/connections/matrix";
import { linked } from "./cluster/connections/partitions";
import type { Service } from "./cluster/services";
import type { Finding } from "./findings";
import type { Suppressed } from "./baseline";

/** Two services whose connection differs between two plans; the same service twice for its own tasks. */
export interface LinkChange {
  /** For `one-way` and `two-way`, the first is the one whose attempts differ. */
  readonly services: readonly [Service, Service];
  /**
   * `lost`: neither connects to the other any more. `one-way`: only the second still connects to the first. `two-way`: the first
   * now connects to the second too. `doubtful`: they connected, and now it is unknown.
   */
  readonly change: "lost" | "gained" | "one-way" | "two-way" | "doubtful";
  /** Why it is lost, one-way or doubtful. */
  readonly reasons: readonly Reason[];
}

/** A service that only one of two plans has. */
export interface ServiceChange {
  readonly service: Service;
  /** The other services that it connects with in that plan. */
  readonly connected: readonly Service[];
}

/** A service that stays together in one of two plans and not in the other. */
export interface StabilityChange {
  readonly before: ClusterStability;
  readonly after: ClusterStability;
}

/** What one plan changes compared with another, such as a pull request's with its base's. */
export interface Comparison {
  /** What the report calls the other plan. */
  readonly against: string;
  readonly added: readonly ServiceChange[];
  readonly removed: readonly ServiceChange[];
  /** Between services that both plans have. */
  readonly links: readonly LinkChange[];
  readonly stability: readonly StabilityChange[];
  readonly newFindings: readonly Finding[];
  readonly fixedFindings: readonly Finding[];
}

/** The parts of a review that are compared. */
export interface Comparable {
  readonly name: string;
  readonly services: readonly Service[];
  readonly matrix: Matrix;
  readonly stability: readonly ClusterStability[];
  readonly findings: readonly Finding[];
  readonly suppressed: readonly Suppressed[];
}

/** Compares two reviews. Services are the same if their addresses are, or else their names. */
export function compare(before: Comparable, after: Comparable): Comparison {
  const former = formerServices(before.services, after.services);
  const kept = after.services.filter((service) => former.has(service));
  const still = new Set(former.values());
  const findings = splitFindings(before, after);
  return {
    against: before.name,
    added: after.services
      .filter((service) => !former.has(service))
      .map((service) => ({ service, connected: connectedWith(after.matrix, service) })),
    removed: before.services
      .filter((service) => !still.has(service))
      .map((service) => ({ service, connected: connectedWith(before.matrix, service) })),
    links: linkChanges(kept, former, before.matrix, after.matrix),
    stability: stabilityChanges(before, after, former),
    ...findings,
  };
}

type Former = ReadonlyMap<Service, Service>;

/** Each service's former self. */
function formerServices(before: readonly Service[], after: readonly Service[]): Former {
  const byAddress = new Map(before.map((service) => [service.resource.address, service]));
  const taken = new Set(after.flatMap(({ resource }) => byAddress.get(resource.address) ?? []));
  const byName = new Map(before.filter((service) => !taken.has(service)).map((service) => [service.name, service]));
  return new Map(
    after.flatMap((service): [Service, Service][] => {
      const former = byAddress.get(service.resource.address) ?? byName.get(service.name);
      return former ? [[service, former]] : [];
    }),
  );
}

function connectedWith(matrix: Matrix, service: Service): readonly Service[] {
  return matrix.services.filter((other) => other !== service && linked(matrix, service, other));
}

function linkChanges(kept: readonly Service[], former: Former, before: Matrix, after: Matrix): readonly LinkChange[] {
  return kept.flatMap((one, at) =>
    kept.slice(at).flatMap((other): readonly LinkChange[] => {
      const was = linked(before, former.get(one)!, former.get(other)!);
      const is = linked(after, one, other);
      if (was && is) return directionChanges(one, other, former, before, after);
      if (was === is) return [];
      if (is) return [{ services: [one, other], change: "gained", reasons: [] }];
      const pairs = [after.pair(one, other), ...(one === other ? [] : [after.pair(other, one)])];
      const change = pairs.some(({ state }) => state === "unknown") ? "doubtful" : "lost";
      const reasons = pairs.flatMap((pair) => pair.reasons);
      return [{ services: [one, other], change, reasons: reasons.length > 0 ? reasons : [notPolled(one, other)] }];
    }),
  );
}

/** Of two services that still connect: who no longer, or now too, connects to the other. */
function directionChanges(one: Service, other: Service, former: Former, before: Matrix, after: Matrix): LinkChange[] {
  const directions: [Service, Service][] = [
    [one, other],
    [other, one],
  ];
  return directions.flatMap(([from, to]): LinkChange[] => {
    const was = before.pair(former.get(from)!, former.get(to)!).state;
    const { state, reasons } = after.pair(from, to);
    // What is unknown in one of the plans has a finding of its own.
    if (was === state || was === "unknown" || state === "unknown") return [];
    if (state === "connects") return [{ services: [from, to], change: "two-way", reasons: [] }];
    if (was !== "connects") return [];
    const why = reasons.length > 0 ? reasons : [noLongerPolls(from, to)];
    return [{ services: [from, to], change: "one-way", reasons: why }];
  });
}

function noLongerPolls(from: Service, to: Service): Reason {
  return { step: "polling", certainty: "no", text: `${from.name} doesn't poll ${to.name}` };
}

function notPolled(one: Service, other: Service): Reason {
  const text =
    one === other ? `${one.name} runs one task at most` : `neither ${one.name} nor ${other.name} polls the other`;
  return { step: "polling", certainty: "no", text };
}

function stabilityChanges(before: Comparable, after: Comparable, former: Former): readonly StabilityChange[] {
  const numbers = new Map(before.stability.map((one) => [one.service, one]));
  return after.stability.flatMap((one) => {
    const was = numbers.get(former.get(one.service)!);
    return was && was.verdict !== one.verdict ? [{ before: was, after: one }] : [];
  });
}

/**
 * The findings that only one of two reviews has. A finding is the same if check and address are, and its message if there are
 * several; the numbers in a message may differ. Suppressed findings aren't new, and were there.
 */
function splitFindings(before: Comparable, after: Comparable) {
  const all = ({ findings, suppressed }: Comparable) => [...findings, ...suppressed.map(({ finding }) => finding)];
  const left = all(before);
  const take = (isSame: (finding: Finding) => boolean) => {
    const at = left.findIndex(isSame);
    return at >= 0 && left.splice(at, 1).length > 0;
  };
  const sameMessage = (one: Finding) => (other: Finding) => same(one, other) && one.message === other.message;
  const rest = all(after).filter((finding) => !take(sameMessage(finding)));
  const fresh = new Set(rest.filter((finding) => !take((other) => same(finding, other))));
  return { newFindings: after.findings.filter((finding) => fresh.has(finding)), fixedFindings: left };
}

function same(one: Finding, other: Finding): boolean {
  return one.check === other.check && one.address === other.address;
}
