import type { Finding } from "../findings";
import type { Pair } from "../cluster/matrix";
import type { Review } from "../review";
import { mermaid } from "./mermaid";
import {
  cell,
  countChanges,
  countFindings,
  describeLinks,
  describeStaying,
  forcedBy,
  meanings,
  remarks,
  seconds,
  summarize,
  type Cell,
} from "./summary";

/** The longest comment that GitHub takes, in characters. */
export const longestComment = 65_536;

/** A part of the comment that may be cut, and what is said in place of the rest. */
interface Part {
  readonly text: string;
  readonly instead: string;
  /** Whether half of it is of no use. */
  readonly whole?: true;
}

/** From this many services on the matrix is folded, and from the second on left out. */
const [folded, widest] = [12, 60];

/** Renders reviews as one comment for a pull request. What doesn't fit is cut, and that is said. */
export function renderMarkdown(reviews: readonly Review[], limit = longestComment): string {
  const share = Math.floor((limit - 200) / Math.max(1, reviews.length));
  return reviews.map((review) => one(review, share)).join("\n\n---\n\n") + "\n";
}

/** Characters for the sentences that stand in place of what is cut. */
const sentences = 600;

function one(review: Review, limit: number): string {
  const title = head(review);
  const room = limit - sentences - title.length;
  if (room < 0) return `${title}\n\n_All else is in the JSON and the HTML of this review._`;
  const parts = [drawing, matrix, findings, staying, changes, assumptions].map((part) => part(review));
  const rooms = shares(parts, room);
  return [title, ...parts.map((part) => cut(part, rooms.get(part)!))].filter(Boolean).join("\n\n");
}

/** Shares the room fairly: short parts are kept whole, and what they leave is for the long ones. */
function shares(parts: readonly Part[], room: number): ReadonlyMap<Part, number> {
  const shared = new Map<Part, number>();
  let left = room;
  for (const part of [...parts].sort((one, other) => one.text.length - other.text.length)) {
    const fair = Math.floor(left / (parts.length - shared.size));
    const share = part.text.length <= fair ? part.text.length : part.whole ? 0 : fair;
    shared.set(part, share);
    left -= share;
  }
  return shared;
}

/** Whole paragraphs and list items from the beginning, as many as fit, and a sentence about the rest. */
function cut({ text, instead, whole }: Part, room: number): string {
  if (text.length <= room) return text;
  if (whole) return `${/^### .*\n\n/.exec(text)?.[0] ?? ""}_Left out: ${instead}_`;
  const pieces = text.split(/\n(?=\n|- )/);
  let kept = "";
  const rest = pieces.findIndex((piece) => {
    if (kept.length + piece.length > room) return true;
    kept += `${piece}\n`;
    return false;
  });
  const items = pieces.slice(rest).filter((piece) => piece.startsWith("- ")).length;
  return `${closed(kept)}\n\n_${items > 0 ? `${items} more left out` : "Left out"}: ${instead}_`.trimStart();
}

/** Ends what was folded when the text was cut: GitHub would fold all that follows into it. */
function closed(text: string): string {
  const count = (tag: string) => text.split(tag).length - 1;
  const open = count("<details>") - count("</details>");
  const empty = /<details><summary>[^\n]*<\/summary>\s*$/.exec(text);
  return empty ? text.slice(0, empty.index).trimEnd() : `${text.trimEnd()}${"\n\n</details>".repeat(open)}`;
}

function head(review: Review): string {
  const numbers = summarize(review);
  const mark =
    numbers.findings.error > 0 || numbers.blocked > 0
      ? "❌"
      : numbers.findings.warning > 0 || numbers.unknown > 0
        ? "⚠️"
        : "✅";
  const { changes } = review;
  const counted = changes ? ` · ${countChanges(changes)}` : "";
  return `## ${mark} Cluster review: ${inline(review.name)}\n\n${numbers.services} services · ${describeLinks(review, numbers)} · ${countFindings(numbers)}${counted}`;
}

function drawing(review: Review): Part {
  const source = mermaid(review);
  const instead = "the drawing is in the HTML of this review.";
  if (source !== undefined) return { text: `\`\`\`mermaid\n${source}\n\`\`\``, instead, whole: true };
  return { text: review.services.length === 0 ? "" : `_Too much to draw here: ${instead}_`, instead };
}

const signs: Readonly<Record<Cell, string>> = {
  connects: "✅",
  blocked: "❌",
  "unknown-open": "❔",
  "unknown-closed": "❔",
  unknown: "❔",
  dialled: "←",
  open: "○",
  closed: "·",
};

function matrix(review: Review): Part {
  const { services } = review.matrix;
  const instead = "all pairs are in the JSON and the HTML of this review.";
  if (services.length === 0) return { text: "", instead: "" };
  const reasons = review.matrix.pairs.filter(({ state }) => state === "blocked" || state === "unknown").map(reason);
  const why =
    reasons.length === 0
      ? ""
      : `\n\n${foldIf(reasons.length > 8, `Why not (${reasons.length} pairs)`, reasons.join("\n"))}`;
  if (services.length > widest)
    return {
      text: `### Who clusters with whom\n\n_${services.length} services: the matrix is in the JSON and the HTML of this review._${why}`,
      instead,
    };
  const used = new Set<Cell>();
  const rows = services.map((from) => {
    const cells = services.map((to) => {
      const what = cell(review, review.matrix.pair(from, to));
      used.add(what);
      return signs[what];
    });
    return `| **${inline(from.name)}** | ${cells.join(" | ")} |`;
  });
  const table = [
    `| dials ↓ | ${services.map(({ name }) => inline(name)).join(" | ")} |`,
    `|---|${":-:|".repeat(services.length)}`,
    ...rows,
  ].join("\n");
  const key = [...used].map((what) => `${signs[what]} ${meanings[what]}`).join(" · ");
  const text =
    services.length > folded
      ? foldIf(true, `${services.length} × ${services.length} services`, `${table}\n\n${key}`)
      : `${table}\n\n<sub>${key}</sub>`;
  return { text: `### Who clusters with whom\n\n${text}${why}`, instead };
}

function reason({ from, to, reasons }: Pair): string {
  return `- **${inline(from.name)} → ${from === to ? "its own tasks" : inline(to.name)}**: ${reasons.map(({ text }) => inline(text)).join("; ")}`;
}

function findings({ findings, excused }: Review): Part {
  const ignored = excused.length > 0 ? `\n\n<sub>${excused.length} ignored with a reason.</sub>` : "";
  if (findings.length === 0) return { text: `### Findings\n\nNone.${ignored}`, instead: "" };
  const worst = findings.filter(({ severity }) => severity !== "note").map(finding);
  const notes = findings.filter(({ severity }) => severity === "note").map(finding);
  const blocks = [
    "### Findings",
    ...worst,
    ...(notes.length > 0
      ? [foldIf(true, `${notes.length} ${notes.length === 1 ? "note" : "notes"}`, notes.join("\n"))]
      : []),
  ];
  return { text: blocks.join("\n\n") + ignored, instead: "all findings are in the JSON and the HTML of this review." };
}

const icons = { error: "🔴", warning: "🟡", note: "🔵" } as const;

function finding({ check, severity, address, constructPath, message }: Finding): string {
  const where = `\`${address}\`${constructPath === undefined ? "" : ` (${inline(constructPath)})`}`;
  return `- ${icons[severity]} **${inline(message)}**\n  ${where} · ${check.id}\n  ${inline(check.mending)}`;
}

function staying(review: Review): Part {
  if (review.staying.length === 0) return { text: "", instead: "" };
  const rows = review.staying.map(
    (numbers) =>
      `| ${inline(numbers.service.name)} | ${inline(describeStaying(numbers))} | ${seconds(numbers.join)} | ${seconds(numbers.cleanLeave)} | ${seconds(numbers.silentLoss)} |`,
  );
  const table = [
    "| service | tasks and DNS | a join is noticed | a clean leave | a silent loss |",
    "|---|---|---|---|---|",
    ...rows,
  ].join("\n");
  return {
    text: `### Will it stay together\n\n${foldIf(rows.length > 6, `${rows.length} services`, table)}`,
    instead: "the numbers are in the JSON and the HTML of this review.",
    whole: true,
  };
}

function changes({ changes }: Review): Part {
  if (!changes || changes.resources.length === 0) return { text: "", instead: "" };
  const telling = changes.resources.filter(
    ({ action, meaning }) => action === "replace" || action === "delete" || meaning !== undefined,
  );
  const lines = telling.map((change) => {
    const forced = forcedBy(change);
    const meaning = change.meaning === undefined ? "" : `: ${inline(change.meaning)}`;
    return `- ${change.action} \`${change.address}\`${forced && ` (${inline(forced)})`}${meaning}`;
  });
  const rest = changes.resources.length - telling.length;
  const others = rest > 0 ? `\n\n${rest} more need no remark.` : "";
  const body =
    lines.length > 0 ? foldIf(lines.length > 10, `${lines.length} changes with a remark`, lines.join("\n")) : "";
  return { text: `### What changes\n\n${body}${others}`, instead: "the changes are in Terraform's own plan." };
}

function assumptions(review: Review): Part {
  const list = remarks(review).map((sentence) => `- ${inline(sentence)}`);
  return {
    text: list.length === 0 ? "" : foldIf(true, "Assumptions", list.join("\n")),
    instead: "the assumptions are in the JSON and the HTML of this review.",
  };
}

function foldIf(fold: boolean, title: string, body: string): string {
  return fold ? `<details><summary>${title}</summary>\n\n${body}\n\n</details>` : body;
}

/** Text that Markdown and GitHub leave as it is, also inside a table's cell. */
function inline(text: string): string {
  return text
    .replace(/[\\`*_{}[\]<>|#~]/g, (character) => `\\${character}`)
    .replace(/\$/g, "&#36;")
    .replace(/@/g, "&#64;")
    .replace(/\s+/g, " ");
}
