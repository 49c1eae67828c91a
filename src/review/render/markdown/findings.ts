import { code, markdown, type Markup } from "../../../foreign-text";
import type { Finding } from "../../findings";
import type { Review } from "../../review";
import { groupFindings, type FindingGroup } from "../groups";
import { addressList, foldIf, type Part } from "./part";

type Text = Markup<"markdown">;

const icons = { error: "🔴", warning: "🟡", note: "🔵" } as const;

/** Lines of one check that are shown at once; more are folded. */
const open = 5;

/** Findings by check, each check explained once; notes are folded. */
export function findings(review: Review): Part {
  const { findings, suppressed } = review;
  const title = markdown`Findings`;
  const instead = "all findings are in the JSON and the HTML of this review.";
  const ignored =
    suppressed.length > 0 ? markdown`\n\n<sub>${suppressed.length} ignored with a reason.</sub>` : markdown``;
  if (findings.length === 0) return { title, text: markdown`None.${ignored}`, instead };
  const groups = groupFindings(review);
  const notes = groups.filter(({ severity }) => severity === "note");
  const count = notes.reduce((sum, group) => sum + group.count, 0);
  const folded = foldIf(true, `${count} ${count === 1 ? "note" : "notes"}`, joined(notes.map(note)));
  const blocks = [...groups.filter(({ severity }) => severity !== "note").map(block), ...(count > 0 ? [folded] : [])];
  return { title, text: markdown`${joined(blocks)}${ignored}`, instead };
}

const joined = (texts: readonly Text[]) => markdown.join(texts, markdown`\n\n`);

function block(group: FindingGroup): Text {
  const { alike, count } = group;
  const folded = alike.length > open || count > 2 * open;
  return markdown`${head(group)}\n\n${foldIf(folded, `${count} findings`, list(group))}`;
}

/** Within the fold of all notes, which holds no other: cutting the comment ends one fold. */
function note(group: FindingGroup): Text {
  return markdown`${head(group)}\n\n${list(group)}`;
}

function head({ check, severity, count }: FindingGroup): Text {
  return markdown`${icons[severity]} **${check.title}${count > 1 ? ` (${count})` : ""}** · ${check.id}  \n${check.remediation}`;
}

function list({ alike }: FindingGroup): Text {
  return markdown.join(alike.map(line), markdown`\n`);
}

/** One message, and all that it applies to. */
function line(group: readonly Finding[]): Text {
  const [first, ...others] = group;
  const rest =
    others.length === 0
      ? markdown``
      : markdown`, and ${others.length} alike: ${addressList(others.map(({ address }) => address))}`;
  return markdown`- ${first!.message}\n  ${where(first!)}${rest}`;
}

function where({ address, constructPath }: Finding): Text {
  return markdown`${code(address)}${constructPath === undefined ? "" : ` (${constructPath})`}`;
}
