import { type Colours, type Markup, terminal } from "../../../foreign-text";
import type { Check, Severity } from "../../checks/check";
import type { Finding } from "../../findings";
import type { Review } from "../../review";
import { describeAlike, groupFindings, groupSuppressed, headline, type FindingGroup } from "../groups";
import { heading } from "./heading";

type Text = Markup<"terminal">;

const marks: Readonly<Record<Severity, string>> = { error: "error  ", warning: "warning", note: "note   " };

/** Findings by check, worst first; each check is explained once. */
export function* findings(review: Review, colours: Colours, colour: boolean): Generator<Text> {
  yield terminal``;
  yield heading(colours, "Findings");
  if (review.findings.length === 0) yield terminal`  ${colours.green(colour ? "✓ none" : "none")}`;
  const explained = new Set<Check>();
  for (const group of groupFindings(review)) {
    yield* one(group, colours, !explained.has(group.check));
    explained.add(group.check);
  }
  for (const group of groupSuppressed(review.suppressed))
    yield colours.dim(
      terminal`  ignored ${group[0]!.finding.check.id} at ${addresses(group.map(({ finding }) => finding))}: ${group[0]!.reason}`,
    );
}

/** One check's findings; the rationale and other scanners' ids only where asked. */
function* one(group: FindingGroup, colours: Colours, explain: boolean): Generator<Text> {
  const { check, severity, alike, count } = group;
  const paint = severity === "error" ? colours.red : severity === "warning" ? colours.yellow : colours.dim;
  const id = colours.dim(check.id);
  const only = headline(group);
  if (only) {
    const { message, address, constructPath } = only;
    yield terminal`  ${paint(marks[severity])} ${colours.bold(message)}`;
    yield terminal`          ${address}${constructPath === undefined ? "" : ` (${constructPath})`}  ${id}`;
  } else {
    yield terminal`  ${paint(marks[severity])} ${colours.bold(`${check.title}${count > 1 ? ` (${count})` : ""}`)}  ${id}`;
    for (const group of alike) {
      yield terminal`          ${group[0]!.message}`;
      yield colours.dim(terminal`            ${addresses(group)}`);
    }
  }
  if (explain)
    yield colours.dim(
      terminal`          Why: ${check.rationale}${check.related ? ` (also ${check.related.join(", ")})` : ""}`,
    );
  yield colours.dim(terminal`          Fix: ${check.remediation}`);
}

function addresses(group: readonly Finding[]): string {
  return describeAlike(group.map(({ address }) => address));
}
