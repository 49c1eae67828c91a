import { drawing as fenced, markdown, type Markup } from "../../foreign-text";
import type { Pair } from "../cluster/connections/matrix";
import type { Review } from "../review";
import { describeComparison, type Difference } from "./comparison";
import { mermaid } from "./mermaid";
import {
  cell,
  countChanges,
  countFindings,
  describeLinks,
  describeMissingMatrix,
  isWrong,
  meanings,
  plural,
  remarks,
  summarize,
  widestMatrix,
  type Cell,
} from "./summary";
import { changes } from "./markdown/changes";
import { findings } from "./markdown/findings";
import { deployments, stability } from "./markdown/numbers";
import { foldIf, type Part } from "./markdown/part";
import { servers } from "./markdown/servers";

/** The longest comment that GitHub takes, in characters. */
export const longestComment = 65_536;

type Text = Markup<"markdown">;

/** From this many services on the matrix is folded. */
const folded = 12;

const [nothing, line, paragraph] = [markdown``, markdown`\n`, markdown`\n\n`];

/** Characters for what a workflow adds: a hidden marker before, and a link to the page after. */
const added = 600;

/** Renders reviews as one comment for a pull request. What doesn't fit is cut, and the comment says so. */
export function renderMarkdown(reviews: readonly Review[], limit = longestComment): Text {
  const share = Math.floor((limit - added) / Math.max(1, reviews.length));
  const texts = reviews.map((review) => one(review, share));
  return markdown.join(texts, markdown`\n\n---\n\n`);
}

/** Characters for the sentences that stand in place of what is cut. */
const sentences = 600;

function one(review: Review, limit: number): Text {
  const title = head(review);
  const room = limit - sentences - title.length;
  if (room < 0) return markdown`${title}\n\n_All else is in the JSON and the HTML of this review._`;
  const parts = [comparison, findings, drawing, matrix, stability, servers, deployments, changes, assumptions].map(
    (part) => part(review),
  );
  const rooms = shares(parts, room);
  const texts = [title, ...parts.map((part) => cut(part, rooms.get(part)!))].filter(({ length }) => length > 0);
  return markdown.join(texts, paragraph);
}

/** Shares the room fairly: short parts are kept whole, and what they leave is for the long ones. */
function shares(parts: readonly Part[], room: number): ReadonlyMap<Part, number> {
  const shared = new Map<Part, number>();
  let left = room;
  for (const part of [...parts].sort((one, other) => whole(one).length - whole(other).length)) {
    const fair = Math.floor(left / (parts.length - shared.size));
    const { length } = whole(part);
    const share = length <= fair ? length : part.whole ? 0 : fair;
    shared.set(part, share);
    left -= share;
  }
  return shared;
}

function whole({ title, text }: Part): Text {
  return title === undefined ? text : markdown`### ${title}\n\n${text}`;
}

/** Whole paragraphs and list items from the beginning, as many as fit, and a sentence about the rest. */
function cut(part: Part, room: number): Text {
  const all = whole(part);
  if (all.length <= room) return all;
  const { title, instead } = part;
  if (part.whole) return markdown`${title === undefined ? nothing : markdown`### ${title}\n\n`}_Left out: ${instead}_`;
  const pieces = all.split(/\n(?=\n|- )/);
  let length = 0;
  const fits = pieces.findIndex((piece) => (length += piece.length + 1) > room + 1);
  const kept = closed(pieces.slice(0, fits));
  const items = pieces.slice(fits).filter((piece) => String(piece).startsWith("- ")).length;
  const rest = markdown`_${items > 0 ? `${items} more left out` : "Left out"}: ${instead}_`;
  return kept.length > 0 ? markdown`${kept}\n\n${rest}` : rest;
}

const folding = /^\n*<details><summary>[^\n]*<\/summary>$/;

/** Ends what was folded when the text was cut: GitHub would fold all that follows into it. */
function closed(pieces: readonly Text[]): Text {
  const last = pieces.findLastIndex((piece) => String(piece).trim() !== "");
  const kept = pieces.slice(0, folding.test(String(pieces[last] ?? "")) ? last : last + 1);
  const count = (tag: string) => String(markdown.join(kept, line)).split(tag).length - 1;
  const open = count("<details>") - count("</details>");
  return markdown`${markdown.join(kept, line).trimEnd()}${open > 0 ? markdown`\n\n</details>` : nothing}`;
}

function head(review: Review): Text {
  const numbers = summarize(review);
  const mark =
    numbers.findings.error > 0 || numbers.blocked > 0
      ? "❌"
      : numbers.findings.warning > 0 || numbers.unknown > 0
        ? "⚠️"
        : "✅";
  const { changes } = review;
  const counted = changes ? ` · ${countChanges(changes)}` : "";
  return markdown`## ${mark} Cluster review: ${review.name}\n\n${plural(numbers.services, "service")} · ${describeLinks(review, numbers)} · ${countFindings(numbers)}${counted}`;
}

const changeIcons: Readonly<Record<Difference["kind"], string>> = {
  worse: "🔴",
  doubtful: "🟡",
  better: "🟢",
  neutral: "⚪",
};

function comparison({ comparison }: Review): Part {
  const instead = "all that differs is in the JSON and the HTML of this review.";
  if (!comparison) return { text: nothing, instead };
  const lines = describeComparison(comparison).map(({ kind, text, reasons }) => {
    const why = reasons.length === 0 ? nothing : markdown`  \n  ${reasons.join("; ")}`;
    return markdown`- ${changeIcons[kind]} **${text}**${why}`;
  });
  const title = markdown`Compared with ${comparison.against}`;
  return {
    title,
    text: lines.length === 0 ? markdown`Same connections, same findings.` : markdown.join(lines, line),
    instead,
  };
}

function drawing(review: Review): Part {
  const source = mermaid(review);
  const instead = "the drawing is in the HTML of this review.";
  if (source !== undefined) return { text: fenced(source), instead, whole: true };
  return { text: review.services.length === 0 ? nothing : markdown`_Too much to draw here: ${instead}_`, instead };
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
  if (services.length === 0) return { text: nothing, instead };
  const title = markdown`Which services cluster`;
  const reasons = review.matrix.pairs.filter(isWrong).map(reason);
  const why =
    reasons.length === 0
      ? nothing
      : markdown`\n\n${foldIf(reasons.length > 8, `Reasons (${reasons.length} pairs)`, markdown.join(reasons, line))}`;
  if (services.length > widestMatrix.markdown)
    return { title, text: markdown`_${describeMissingMatrix(review)}_${why}`, instead };
  const used = new Set<Cell>();
  const rows = services.map((from) => {
    const cells = services.map((to) => {
      const what = cell(review, review.matrix.pair(from, to));
      used.add(what);
      return signs[what];
    });
    return markdown`| **${from.name}** | ${markdown.join(cells, markdown` | `)} |`;
  });
  const names = services.map(({ name }) => name);
  const table = markdown.join(
    [
      markdown`| dials ↓ | ${markdown.join(names, markdown` | `)} |`,
      markdown`|---|${names.map(() => markdown`:-:|`)}`,
      ...rows,
    ],
    line,
  );
  const key = [...used].map((what) => `${signs[what]} ${meanings[what]}`).join(" · ");
  const text =
    services.length > folded
      ? foldIf(true, `${services.length} × ${services.length} services`, markdown`${table}\n\n${key}`)
      : markdown`${table}\n\n<sub>${key}</sub>`;
  return { title, text: markdown`${text}${why}`, instead };
}

function reason({ from, to, reasons }: Pair): Text {
  return markdown`- **${from.name} → ${from === to ? "its own tasks" : to.name}**: ${reasons.map(({ text }) => text).join("; ")}`;
}

function assumptions(review: Review): Part {
  const list = remarks(review).map((sentence) => markdown`- ${sentence}`);
  return {
    text: list.length === 0 ? nothing : foldIf(true, "Assumptions", markdown.join(list, line)),
    instead: "the assumptions are in the JSON and the HTML of this review.",
  };
}
