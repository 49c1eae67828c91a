import type { Comparison, LinkChange, ServiceChange, StabilityChange } from "../comparison";
import { severities } from "../checks/check";
import type { Service } from "../cluster/services";
import { groupedBy } from "./groups";
import { groupLinks } from "./link-groups";
import { describeStability, plural } from "./summary";

/** One sentence on what differs from another plan; `worse` may stop a pull request, `better` is good news. */
export interface Difference {
  readonly kind: "worse" | "doubtful" | "better" | "neutral";
  readonly text: string;
  /** Why, a few of the reasons. */
  readonly reasons: readonly string[];
}

/** Reasons shown of one difference. */
const shownReasons = 3;

/** What differs, worst first; empty when nothing does. Services that lose several others are one sentence. */
export function describeComparison(comparison: Comparison): readonly Difference[] {
  const { links, added, removed, stability } = comparison;
  const of = (change: LinkChange["change"]) => links.filter((link) => link.change === change);
  return [
    ...linkDifferences(of("lost"), "worse", "no longer connects with", "no longer connect"),
    ...directionDifferences(of("one-way"), "worse", oneWay),
    ...stabilityDifferences(stability),
    ...linkDifferences(of("doubtful"), "doubtful", "may no longer connect with", "may no longer connect"),
    ...serviceDifferences(removed, { state: "gone", connect: ["it connected", "they connected"], alone: "" }),
    ...serviceDifferences(added, {
      state: "new",
      connect: ["it connects", "they connect"],
      alone: "with no other service",
    }),
    ...linkDifferences(of("gained"), "better", "now connects with", "now connect"),
    ...directionDifferences(of("two-way"), "better", (from, to) => `${from.name} now also connects to ${names(to)}`),
    ...findingDifferences(comparison),
  ];
}

/** How a sentence tells what happened to one service, or to several. */
interface Words {
  readonly state: "gone" | "new";
  readonly connect: readonly [one: string, several: string];
  /** What it says of services without connections; nothing if empty. */
  readonly alone: string;
}

/** One sentence for services that connect with each other and the same others, or with none. */
function serviceDifferences(changes: readonly ServiceChange[], words: Words): readonly Difference[] {
  const mesh = ({ service, connected }: ServiceChange) =>
    [service, ...connected]
      .map(({ resource }) => resource.address)
      .sort()
      .join("\n");
  const key = (change: ServiceChange) => (change.connected.length === 0 ? "" : mesh(change));
  return groupedBy(changes, key).map((group) => ({
    kind: "neutral",
    text: describeServices(group, words),
    reasons: [],
  }));
}

function describeServices(group: readonly ServiceChange[], { state, connect, alone }: Words): string {
  const members = group.map(({ service }) => service);
  const { connected } = group[0]!;
  const others = connected.filter((service) => !members.includes(service));
  const peers = [
    members.length > 1 && connected.length > 0 ? ["with each other"] : [],
    others.length > 0 ? [`with ${names(others)}`] : [],
    connected.length === 0 && alone !== "" ? [alone] : [],
  ].flat();
  const what = `${names(members)} ${members.length === 1 ? "is" : "are"} ${state}`;
  return peers.length === 0 ? what : `${what}; ${connect[members.length === 1 ? 0 : 1]} ${peers.join(" and ")}`;
}

function linkDifferences(
  links: readonly LinkChange[],
  kind: Difference["kind"],
  one: string,
  several: string,
): readonly Difference[] {
  return groupLinks(links).map(({ kind: form, services, links }) => {
    const [first, ...others] = services as readonly [Service, ...Service[]];
    const text = {
      own: `${others.length > 0 ? `own tasks of ${names(services)}` : `${first.name}'s own tasks`} ${several}`,
      mesh: `${names(services)} ${several} with each other`,
      star: `${first.name} ${one} ${names(others)}`,
    }[form];
    return { kind, text, reasons: reasonsOf(links) };
  });
}

const oneWay = (from: Service, to: readonly Service[]) =>
  `${from.name} no longer connects to ${names(to)}, which still ${to.length === 1 ? "connects" : "connect"} to ${from.name}`;

/** One sentence for all services to which one connects no longer, or now too. */
function directionDifferences(
  links: readonly LinkChange[],
  kind: Difference["kind"],
  describe: (from: Service, to: readonly Service[]) => string,
): readonly Difference[] {
  return groupedBy(links, ({ services: [from] }) => from.resource.address).map((group) => ({
    kind,
    text: describe(
      group[0]!.services[0],
      group.map(({ services: [, to] }) => to),
    ),
    reasons: reasonsOf(group),
  }));
}

/** One sentence for all services whose numbers changed alike. */
function stabilityDifferences(changes: readonly StabilityChange[]): readonly Difference[] {
  const texts = ({ before, after }: StabilityChange) => [describeStability(before), describeStability(after)];
  return groupedBy(changes, (change) => texts(change).join("\n")).map((group) => {
    const { verdict } = group[0]!.after;
    const [before, after] = texts(group[0]!);
    const kind = verdict === "together" ? "better" : verdict === "unknown" ? "doubtful" : "worse";
    return {
      kind,
      text: `${names(group.map(({ after }) => after.service))}: ${after}`,
      reasons: [`before: ${before}`],
    };
  });
}

function reasonsOf(links: readonly LinkChange[]): readonly string[] {
  const all = [...new Set(links.flatMap(({ reasons }) => reasons.map(({ text }) => text)))];
  const rest = all.length - shownReasons;
  return [...all.slice(0, shownReasons), ...(rest > 0 ? [`and ${rest} more; --json has all reasons`] : [])];
}

function findingDifferences({ newFindings, fixedFindings }: Comparison): readonly Difference[] {
  const fresh = severities.flatMap((severity): Difference[] => {
    const found = newFindings.filter((finding) => finding.severity === severity);
    if (found.length === 0) return [];
    const kind = severity === "error" ? "worse" : severity === "warning" ? "doubtful" : "neutral";
    return [{ kind, text: `${plural(found.length, `new ${severity}`)}: ${checkCounts(found)}`, reasons: [] }];
  });
  if (fixedFindings.length === 0) return fresh;
  const fixed = `${plural(fixedFindings.length, "finding")} fixed: ${checkCounts(fixedFindings)}`;
  return [...fresh, { kind: "better", text: fixed, reasons: [] }];
}

/** `peer-blocked, public-ip (3)` */
function checkCounts(findings: Comparison["newFindings"]): string {
  const ids = findings.map(({ check }) => check.id);
  return [...new Set(ids)]
    .map((id) => {
      const count = ids.filter((other) => other === id).length;
      return count === 1 ? id : `${id} (${count})`;
    })
    .join(", ");
}

/** Services named in one sentence. */
const shownNames = 12;

function names(services: readonly Service[]): string {
  const shown = services.slice(0, shownNames).map(({ name }) => name);
  const rest = services.length - shown.length;
  return `${shown.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}
