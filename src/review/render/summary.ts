import type { DeploymentStrategy, Shifting } from "../../deployment";
import { dnsRecordLimit } from "../../distribution";
import type { Change, Changes } from "../changes";
import { severities, type Severity } from "../checks/check";
import { linked } from "../cluster/connections/partitions";
import type { Pair } from "../cluster/connections/matrix";
import type { ClusterStability, Seconds } from "../cluster/cluster-stability";
import type { Review } from "../review";
import type { WebService } from "../web/web-services";

/** Numbers that stand above everything else. */
export interface Summary {
  readonly services: number;
  /** Ordered pairs in which one polls the other, a service with itself included. */
  readonly wanted: number;
  readonly connecting: number;
  readonly blocked: number;
  readonly unknown: number;
  readonly findings: Readonly<Record<Severity, number>>;
}

export function summarize({ services, matrix, findings }: Review): Summary {
  const count = (state: Pair["state"]) => matrix.pairs.filter((pair) => pair.state === state).length;
  const [connecting, blocked, unknown] = [count("connects"), count("blocked"), count("unknown")];
  const found = Object.fromEntries(
    severities.map((severity) => [severity, findings.filter((finding) => finding.severity === severity).length]),
  );
  return {
    services: services.length,
    wanted: connecting + blocked + unknown,
    connecting,
    blocked,
    unknown,
    findings: found as Summary["findings"],
  };
}

/** `2 errors, 1 warning, no notes` */
export function countFindings({ findings }: Summary): string {
  return severities.map((severity) => plural(findings[severity], severity)).join(", ");
}

export function plural(count: number, noun: string): string {
  return `${count === 0 ? "no" : count} ${noun}${count === 1 ? "" : "s"}`;
}

/** Most services whose whole matrix a format shows: 22,500 cells are slow to search on a phone, and GitHub cuts long comments. */
export const widestMatrix = { terminal: 20, markdown: 60, html: 150 } as const;

/** Where the matrix of a review is that a format doesn't show, and what it shows in its place. */
export function describeMissingMatrix({ matrix }: Review): string {
  const { length } = matrix.services;
  const where = length > widestMatrix.html ? "the JSON" : "the HTML and the JSON";
  const wrong = matrix.pairs.filter(isWrong);
  return `${length} services: the matrix is in ${where} of this review${wrong.length > 0 ? `; what ${describeWrong(wrong)} follows` : ""}.`;
}

/** Whether a pair that is wanted can't connect, or it is unknown whether it can. */
export function isWrong({ state }: Pair): boolean {
  return state === "blocked" || state === "unknown";
}

/** What pairs that are wrong have in common: `doesn't connect or is unknown`. */
export function describeWrong(wrong: readonly Pair[]): string {
  const unknown = wrong.filter(({ state }) => state === "unknown").length;
  if (unknown === 0) return "doesn't connect";
  return unknown === wrong.length ? "is unknown" : "doesn't connect or is unknown";
}

/** `7 of 7 wanted connections can form` */
export function describeLinks({ changes }: Review, { wanted, connecting, blocked, unknown }: Summary): string {
  if (wanted === 0) return "no service polls another";
  // With nothing left to apply, what isn't known is outside this plan.
  const when = changes?.resources.length === 0 ? "" : " before apply";
  const rest = [blocked > 0 && `${blocked} blocked`, unknown > 0 && `${unknown} unknown${when}`]
    .filter(Boolean)
    .join(", ");
  return `${connecting} of ${wanted} wanted connections can form${rest && ` (${rest})`}`;
}

/** `1 to import, 7 to add, 18 to change, 8 to destroy`, as Terraform says it. */
export function countChanges({ toImport, toAdd, toChange, toDestroy, toInvoke }: Changes): string {
  return `${toImport > 0 ? `${toImport} to import, ` : ""}${toAdd} to add, ${toChange} to change, ${toDestroy} to destroy${toInvoke > 0 ? `, ${toInvoke} to invoke` : ""}`;
}

/** What forces a replacement; empty for other changes. */
export function forcedBy({ action, attributes, because }: Change): string {
  if (action !== "replace") return "";
  return because ?? (attributes.length > 0 ? `forced by ${attributes.join(", ")}` : "");
}

/** What the review took for granted, left out, and found superfluous, in sentences. */
export function remarks({ assumptions, others, unused }: Review): readonly string[] {
  const reasons = new Set(others.map(({ because }) => because));
  const left = [...reasons].map((reason) => {
    const addresses = others.filter(({ because }) => because === reason).map(({ address }) => address);
    return `left out: ${addresses.join(", ")} (${reason})`;
  });
  return [
    ...assumptions,
    ...left,
    ...unused.map(({ check, address }) => `the suppression ${check}@${address} matches nothing and can go`),
  ];
}

/** The content of a cell of the matrix, which renderers turn into their own signs. */
export type Cell =
  "connects" | "blocked" | "unknown-open" | "unknown-closed" | "unknown" | "dialled" | "open" | "closed";

export function cell(review: Review, pair: Pair): Cell {
  if (pair.state === "connects" || pair.state === "blocked") return pair.state;
  if (pair.state === "unknown")
    return pair.packets === "yes" ? "unknown-open" : pair.packets === "no" ? "unknown-closed" : "unknown";
  if (linked(review.matrix, pair.from, pair.to)) return "dialled";
  return pair.packets === "yes" ? "open" : "closed";
}

export const meanings: Readonly<Record<Cell, string>> = {
  connects: "connects",
  blocked: "polls it, can't connect",
  "unknown-open": "packets pass, the rest isn't known",
  "unknown-closed": "packets don't pass, the rest isn't known",
  unknown: "not known",
  dialled: "connected: the other side dials",
  open: "not polled, though packets would pass",
  closed: "not polled, closed",
};

export function seconds(span: Seconds | undefined): string {
  if (!span) return "unknown";
  const [from, to] = span.map((value) => Number(value.toFixed(2)));
  return from === 0 ? `≤ ${to} s` : `${from}–${to} s`;
}

/** `2 tasks × 200 % = 4 of 8 records: together` */
export function describeStability({
  service,
  sharedWith,
  registered,
  whileDeploying,
  verdict,
}: ClusterStability): string {
  const { scale, distribution } = service;
  if (scale.because !== undefined) return scale.because;
  const shared = sharedWith.length > 0 ? `in one Cloud Map service with ${sharedWith.join(", ")}` : undefined;
  if (registered === undefined)
    return `how many tasks there are${shared === undefined ? "" : ` ${shared}`} isn't known`;
  const outcome = {
    together: "stays together",
    flaps: `FLAPS: beyond ${dnsRecordLimit} nodes are dropped`,
    "flaps-while-deploying": `FLAPS while it deploys: beyond ${dnsRecordLimit} nodes are dropped`,
    unknown: `flaps if it discovers by plain DNSPoll (${distribution.discovery.value} is assumed)`,
  }[verdict];
  const beyond =
    whileDeploying! > dnsRecordLimit && verdict === "together"
      ? `, though ${whileDeploying} are more than the ${dnsRecordLimit} records of a DNS answer: living members are kept`
      : "";
  const rest = `up to ${whileDeploying} in DNS, ${dnsRecordLimit} an answer, discovery ${distribution.discovery.value}: ${outcome}${beyond}`;
  if (shared !== undefined) return `${registered} tasks ${shared} → ${rest}`;
  const tasks =
    scale.tasks !== undefined && scale.tasks !== registered ? `${scale.tasks} to ${registered}` : String(registered);
  return `${tasks} ${registered === 1 ? "task" : "tasks"} × ${scale.maximumPercent} % → ${rest}`;
}

/** `replacing 3 tasks takes 30–90 s and the boot of a task` */
export function describeDeployment({ deployment, strategy }: WebService): string {
  if (!strategy) return "how long a deployment takes is unknown: its strategy is unknown";
  const how = describeStrategy(strategy);
  if (!deployment) return `${how}; how long it takes is unknown: the number of tasks or a time is unknown`;
  const { tasks, rounds, total, reconnect, stop } = deployment;
  const boots = rounds === 1 ? "the boot of a task" : `the boots of ${rounds} rounds of tasks`;
  return `${how}; replacing ${plural(tasks, "task")} takes ${seconds(total)} and ${boots}; a socket is asked to reconnect ${reconnect} s after its task is taken out, and the task ends ${seconds(stop)} later`;
}

/** `canary: 5 % of the requests for 10 min, old tasks stay 5 min` */
export function describeStrategy(strategy: DeploymentStrategy): string {
  if ("rolling" in strategy) return "rolling";
  const stay = ({ bakeMinutes = 0 }: Shifting) => `old tasks stay ${bakeMinutes} min`;
  if ("blueGreen" in strategy) return `blue/green: all requests at once, ${stay(strategy.blueGreen)}`;
  if ("canary" in strategy) {
    const { percent, canaryMinutes } = strategy.canary;
    return `canary: ${percent} % of the requests for ${canaryMinutes} min, ${stay(strategy.canary)}`;
  }
  const { stepPercent, stepMinutes } = strategy.linear;
  return `linear: ${stepPercent} % more of the requests every ${stepMinutes} min, ${stay(strategy.linear)}`;
}
