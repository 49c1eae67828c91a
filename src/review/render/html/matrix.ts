import { html, type Markup } from "../../../foreign-text";
import type { Review } from "../../review";
import { cell, meanings, type Cell } from "../summary";

type Html = Markup<"html">;

const [nothing, line] = [html``, html`\n`];

export const signs: Readonly<Record<Cell, string>> = {
  connects: "✓",
  blocked: "✗",
  "unknown-open": "✓?",
  "unknown-closed": "✗?",
  unknown: "?",
  dialled: "←",
  open: "○",
  closed: "·",
};

/** Most services that the page shows as a whole matrix: 10,000 cells. */
const widest = 100;

export function matrix(review: Review): Html {
  const { services } = review.matrix;
  if (services.length > widest)
    return html`<h2>Which services cluster</h2>
      <p>${services.length} services: the matrix is in --json; what doesn't connect follows.</p>
      ${reasons(review)}`;
  const used = new Set<Cell>();
  const rows = services.map((from) => {
    const cells = services.map((to) => {
      const pair = review.matrix.pair(from, to);
      const what = cell(review, pair);
      used.add(what);
      const why = pair.reasons.map(({ text }) => text);
      const title = html.join([`${from.name} → ${to.name}: ${meanings[what]}`, ...why], line);
      return html`<td class="${what}" title="${title}">${signs[what]}</td>`;
    });
    return html`<tr>
      <th scope="row">${from.name}</th>
      ${cells}
    </tr>`;
  });
  const key = [...used].map((what) => html`<span><b>${signs[what]}</b> ${meanings[what]}</span>`);
  return html`<h2>Which services cluster</h2>
    <p class="soft">Rows dial, columns are dialled.</p>
    <div class="scroll">
      <table class="matrix">
        <thead>
          <tr>
            <th></th>
            ${services.map(({ name }) => html`<th scope="col">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${html.join(rows, line)}
        </tbody>
      </table>
    </div>
    <div class="legend">${key}</div>
    ${reasons(review)}`;
}

function reasons(review: Review): Html {
  const open = review.matrix.pairs.filter(({ state }) => state === "blocked" || state === "unknown");
  if (open.length === 0) return nothing;
  const shown = open.slice(0, 200).map(
    (pair) =>
      html`<li>
          <b>${pair.from.name} → ${pair.from === pair.to ? "its own tasks" : pair.to.name}</b>:
          ${pair.reasons.map((reason) => reason.text).join("; ")}
        </li>`,
  );
  return html`<ul class="reasons">
      ${html.join(shown, line)}
    </ul>
    ${open.length > 200 ? html`<p>… and ${open.length - 200} more pairs.</p>` : ""}`;
}
