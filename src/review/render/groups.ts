import type { Suppressed } from "../baseline";
import type { Change, Changes } from "../changes";
import type { Check, Severity } from "../checks/check";
import type { ClusterStability } from "../cluster/cluster-stability";
import type { Service } from "../cluster/services";
import type { Finding } from "../findings";
import type { Review } from "../review";
import type { WebService } from "../web/web-services";
import { describeDeployment, describeStability, forcedBy, plural } from "./summary";

/** All findings of one check with one severity: explained and fixed once. */
export interface FindingGroup {
  readonly check: Check;
  readonly severity: Severity;
  /** Findings whose messages differ only by the name of the affected resource are together. */
  readonly alike: readonly (readonly Finding[])[];
  readonly count: number;
}

/** Groups findings by check, in their order: worst first. */
export function groupFindings({ findings, services }: Pick<Review, "findings" | "services">): readonly FindingGroup[] {
  const names = new Map(
    services.flatMap(({ name, resource, taskDefinition }) =>
      [resource, taskDefinition].flatMap((owner) => (owner ? [[owner.address, name] as const] : [])),
    ),
  );
  return groupedBy(findings, ({ check, severity }) => `${severity} ${check.id}`).map((group) => ({
    check: group[0]!.check,
    severity: group[0]!.severity,
    alike: groupedBy(group, (finding) => withoutName(finding, names.get(finding.address))),
    count: group.length,
  }));
}

/** Characters of a message that can be a heading. */
const longestHeading = 200;

/** The finding whose message heads its group: the only one, unless its message lists too much for a heading. */
export function headline({ alike, count }: FindingGroup): Finding | undefined {
  const [first] = alike[0]!;
  return count === 1 && first!.message.length <= longestHeading ? first : undefined;
}

/** The message with a blank in place of what it is about. */
function withoutName({ address, message }: Finding, service: string | undefined): string {
  const own = address
    .replace(/\[[^\]]*\]$/, "")
    .split(".")
    .at(-1)!;
  const instance = /\["([^"]+)"\]$/.exec(address)?.[1];
  const names = [address, service, own, instance].filter((name) => name !== undefined);
  return names
    .sort((one, other) => other.length - one.length)
    .reduce((text, name) => text.replace(wholeWord(name), "\u0000"), message);
}

function wholeWord(name: string): RegExp {
  const escaped = name.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
  return new RegExp(`(?<![\\w-])${escaped}(?![\\w-])`, "g");
}

/** Suppressed findings of one check with one reason. */
export function groupSuppressed(suppressed: readonly Suppressed[]): readonly (readonly Suppressed[])[] {
  return groupedBy(suppressed, ({ finding, reason }) => `${finding.check.id} ${reason}`);
}

/** Changes that deserve a remark: replacements, deletions, and what has a meaning for the cluster; the others apart. */
export function groupChanges({ resources }: Changes): {
  readonly telling: readonly (readonly Change[])[];
  readonly others: readonly Change[];
} {
  const isTelling = ({ action, meaning }: Change) =>
    action === "replace" || action === "delete" || meaning !== undefined;
  const telling = groupedBy(resources.filter(isTelling), (change) =>
    [change.action, forcedBy(change), change.meaning].join("\n"),
  );
  return { telling, others: resources.filter((change) => !isTelling(change)) };
}

/** `120 more`, or `120 resources` where none has a remark. */
export function countOthers({ telling, others }: ReturnType<typeof groupChanges>): string {
  return telling.length > 0 ? `${others.length} more` : plural(others.length, "resource");
}

/** Services that are alike. */
export interface Alike<T> {
  readonly services: readonly Service[];
  /** The first of them: it stands for all. */
  readonly first: T;
}

/** Services with the same numbers together: those that may lose nodes first, then the fewest, so that outliers are above the rest. */
export function groupStability({ stability }: Review): readonly Alike<ClusterStability>[] {
  const groups = groupedBy(stability, (one) =>
    [describeStability(one), one.verdict, one.join, one.cleanLeave, one.silentLoss, one.staleAddress].join("\n"),
  );
  return outliersFirst(groups, ({ verdict }) => verdict !== "together");
}

/** Services whose deployments take the same time together; outliers first. */
export function groupDeployments({ web }: Review): readonly Alike<WebService>[] {
  return outliersFirst(groupedBy(web, describeDeployment), ({ deployment }) => deployment === undefined);
}

function outliersFirst<T extends { readonly service: Service }>(
  groups: readonly (readonly T[])[],
  urgent: (one: T) => boolean,
): readonly Alike<T>[] {
  return groups
    .map((group) => ({ services: [...new Set(group.map(({ service }) => service))], first: group[0]! }))
    .sort(
      (one, other) =>
        Number(urgent(other.first)) - Number(urgent(one.first)) || one.services.length - other.services.length,
    );
}

/** Services that one line names. */
const named = 6;

/** `shop, stock`, `all 40 services`, `all 38 but api and web`, `20 services: …`: who a line is about. */
export function describeServices(some: readonly Service[], all: readonly Service[]): string {
  const names = (services: readonly Service[]) => services.map(({ name }) => name).join(", ");
  if (some.length <= named && some.length < Math.max(named, all.length)) return names(some);
  const others = all.filter((service) => !some.includes(service));
  if (others.length === 0) return `all ${some.length} services`;
  if (others.length <= 3) return `all but ${names(others)} (${some.length} services)`;
  return `${some.length} services: ${names(some.slice(0, named))} and ${some.length - named} more`;
}

/** Addresses that one line names. */
const shown = 24;

/** `a, and 2 alike: b, c` */
export function describeAlike([first, ...others]: readonly string[]): string {
  if (others.length === 0) return first!;
  const rest = others.length - shown;
  return `${first}, and ${others.length} alike: ${others.slice(0, shown).join(", ")}${rest > 0 ? ` and ${rest} more (--json lists all)` : ""}`;
}

/** Groups in the order of their first members. */
export function groupedBy<T>(all: readonly T[], key: (one: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(key(one));
    if (group) group.push(one);
    else groups.set(key(one), [one]);
  }
  return [...groups.values()];
}
