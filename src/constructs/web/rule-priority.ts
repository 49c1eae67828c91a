import { digestNumber } from "../../aws/short-name";

/** What a listener rule matches: any of the hosts, and any of the paths where it names some. `*` and `?` are wildcards. */
export interface RoutePattern {
  readonly hosts: readonly string[];
  readonly paths: readonly string[];
}

/** Priorities below these are for the option `priority` alone. */
const firstDerived = 1001;
const bandSize = 12_000;

const hasWildcard = (pattern: string) => /[*?]/.test(pattern);

/**
 * The number of the band that a rule is in; rules of a lower band are evaluated first. Exact hosts come before hosts with
 * wildcards, and of one host, rules with paths before the rule that takes the rest.
 */
function bandOf({ hosts, paths }: RoutePattern): number {
  return (hosts.some(hasWildcard) ? 2 : 0) + (paths.length > 0 ? 0 : 1);
}

/**
 * A rule's priority from its service's name and its kind of pattern alone, so that another service changes nobody's.
 * Two services may get the same one; {@link ambiguousRoutes} reports that.
 *
 * @param service the service's name, unique on the listener.
 */
export function derivedPriority(service: string, pattern: RoutePattern): number {
  return firstDerived + bandOf(pattern) * bandSize + (digestNumber(service) % bandSize);
}

/**
 * The priority of a rule that takes a service's test requests: right before the service's own rule where an option sets
 * that, else one of those before all derived ones.
 */
export function testPriority(service: string, stated: number | undefined): number {
  return stated === undefined ? 1 + (digestNumber(service) % (firstDerived - 1)) : stated - 1;
}

/** A rule of a listener. */
export interface Route extends RoutePattern {
  /** The service's name. */
  readonly name: string;
  readonly priority: number;
  /** Whether an option sets the priority. */
  readonly stated: boolean;
}

/** Errors of `route` next to `others`, rules of the same listener: equal priorities, and an order that only chance decides. */
export function ambiguousRoutes(route: Route, others: readonly Route[]): string[] {
  return others.flatMap((other) => {
    if (route.priority === other.priority) {
      return [
        `the listener rules of "${other.name}" and "${route.name}" both have the priority ${route.priority}: set web.priority of one of them, 1 to ${firstDerived - 1}`,
      ];
    }
    if (route.stated || other.stated || bandOf(route) !== bandOf(other)) return [];
    const host = overlap(route.hosts, other.hosts);
    const everyPath = ["*"];
    const path = overlap(
      route.paths.length > 0 ? route.paths : everyPath,
      other.paths.length > 0 ? other.paths : everyPath,
    );
    if (host === undefined || path === undefined) return [];
    const both = route.paths.length > 0 ? [host[0] + path[0], host[1] + path[1]] : host;
    const what = [...new Set(both)].join(" and ");
    return [
      `"${route.name}" and "${other.name}" both serve ${what}: set web.priority, 1 to ${firstDerived - 1}, of the one that takes precedence`,
    ];
  });
}

/** The first two patterns that one text can match. */
function overlap(some: readonly string[], others: readonly string[]): [string, string] | undefined {
  for (const one of some) for (const other of others) if (intersect(one, other)) return [one, other];
  return undefined;
}

/** Whether some text matches both patterns. */
function intersect(a: string, b: string): boolean {
  if (a === "") return /^\**$/.test(b);
  if (b === "") return /^\**$/.test(a);
  if (a.startsWith("*")) return intersect(a.slice(1), b) || intersect(a, b.slice(1));
  if (b.startsWith("*")) return intersect(b, a);
  return (a[0] === b[0] || a[0] === "?" || b[0] === "?") && intersect(a.slice(1), b.slice(1));
}
