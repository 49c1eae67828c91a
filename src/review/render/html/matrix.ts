import { html, type Markup } from "../../../foreign-text";
import type { Pair } from "../../cluster/connections/matrix";
import type { Review } from "../../review";
import {
  cell,
  describeMissingMatrix,
  describeWrong,
  isWrong,
  meanings,
  plural,
  widestMatrix,
  type Cell,
} from "../summary";
import { region } from "./region";

type Html = Markup<"html">;

const line = html`\n`;

const signs: Readonly<Record<Cell, string>> = {
  connects: "✓",
  blocked: "✗",
  "unknown-open": "✓?",
  "unknown-closed": "✗?",
  unknown: "?",
  dialled: "←",
  open: "○",
  closed: "·",
};

/** From this many services on, the matrix can be searched. */
const many = 6;

const title = "Which services cluster";

/** Which services connect, and why others do not. `id` is the page's for this matrix. */
export function matrix(review: Review, id: string): Html {
  const { services } = review.matrix;
  const wrong = review.matrix.pairs.filter(isWrong);
  if (services.length > widestMatrix.html)
    return html`<h2>${title}</h2>
      <p>${describeMissingMatrix(review)}</p>
      ${reasons(wrong)}`;
  const used = new Set<Cell>();
  const rows = services.map((from) => {
    const cells = services.map((to) => {
      const pair = review.matrix.pair(from, to);
      const what = cell(review, pair);
      used.add(what);
      const why = pair.reasons.map(({ text }) => text);
      const tip = html.join([`${from.name} → ${to.name}: ${meanings[what]}`, ...why], line);
      return html`<td class="${what}${isWrong(pair) ? " wrong" : ""}" title="${tip}">${signs[what]}</td>`;
    });
    return html`<tr>
      <th scope="row">${from.name}</th>
      ${cells}
    </tr>`;
  });
  const heads = services.map(({ name }) => html`<th scope="col"><span>${name}</span></th>`);
  const key = [...used].map((what) => html`<span><b>${signs[what]}</b> ${meanings[what]}</span>`);
  const table = html`<table class="matrix">
    <thead>
      <tr>
        <td></td>
        ${heads}
      </tr>
    </thead>
    <tbody>
      ${html.join(rows, line)}
    </tbody>
  </table>`;
  return html`<h2>${title}</h2>
    <p class="soft">Rows dial, columns are dialled.</p>
    <div class="matrix-viewer" id="${id}">
      ${tools(services.length, wrong)}${region(`${review.name}: ${title}`, table)}
    </div>
    <div class="legend">${key}</div>
    ${reasons(wrong)}`;
}

function tools(services: number, wrong: readonly Pair[]): Html {
  if (services < many) return html``;
  const only =
    wrong.length === 0
      ? ""
      : html`<label><input type="checkbox" data-rows="wrong" /> Only what ${describeWrong(wrong)} (${plural(wrong.length, "pair")})</label>`;
  return html`<div class="tools">
    <label>Row <input type="search" data-rows="name" placeholder="name" /></label>
    ${only}<span role="status" data-found></span>
  </div>`;
}

/** Pairs that are listed at once; more are folded. */
const open = 10;

/** Pairs that the page lists. */
const most = 200;

function reasons(wrong: readonly Pair[]): Html {
  if (wrong.length === 0) return html``;
  const shown = wrong.slice(0, most).map(
    (pair) =>
      html`<li>
        <b>${pair.from.name} → ${pair.from === pair.to ? "its own tasks" : pair.to.name}</b>:
        ${pair.reasons.map((reason) => reason.text).join("; ")}
      </li>`,
  );
  const list = html`<ul class="reasons">
      ${html.join(shown, line)}
    </ul>
    ${wrong.length > most ? html`<p>… and ${wrong.length - most} more pairs.</p>` : ""}`;
  if (wrong.length <= open) return list;
  return html`<details>
    <summary>Reasons (${wrong.length} pairs)</summary>
    ${list}
  </details>`;
}
