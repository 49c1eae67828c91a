import { html, type Markup } from "../../../foreign-text";
import type { Review } from "../../review";
import { describeComparison, type Difference } from "../comparison";

const classes: Readonly<Record<Difference["kind"], string>> = {
  worse: "bad",
  doubtful: "doubt",
  better: "good",
  neutral: "soft",
};

/** What differs from the other plan, worst first; nothing when there is no other plan. */
export function comparison({ comparison }: Review): Markup<"html"> {
  if (!comparison) return html``;
  const rows = describeComparison(comparison).map(
    ({ kind, text, reasons }) =>
      html`<li class="${classes[kind]}">
        <b>${text}</b>${reasons.length > 0 ? html`<br /><small>${reasons.join("; ")}</small>` : ""}
      </li>`,
  );
  const body =
    rows.length === 0
      ? html`<p>Same connections, same findings.</p>`
      : html`<ul class="differences">
          ${html.join(rows, html`\n`)}
        </ul>`;
  return html`<h2>Compared with ${comparison.against}</h2>
    ${body}`;
}
