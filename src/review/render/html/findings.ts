import { html, type Markup } from "../../../foreign-text";
import type { Finding } from "../../findings";
import type { Review } from "../../review";
import { groupFindings, groupSuppressed, headline, type FindingGroup } from "../groups";

type Html = Markup<"html">;

/** Resources that are listed at once; more are folded. */
const most = 5;

/** Findings by check, worst first: each check is explained and fixed once. */
export function findings(review: Review): Html {
  const groups = groupFindings(review).map(block);
  const ignored = groupSuppressed(review.suppressed).map(
    (group) =>
      html`<li>
        <code>${group[0]!.finding.check.id}</code> at ${affected(group.map(({ finding }) => finding))}:
        ${group[0]!.reason}
      </li>`,
  );
  return html`<h2>Findings</h2>
    ${groups.length > 0 ? groups : html`<p>None.</p>`}${
      ignored.length > 0
        ? html`<h3>Ignored</h3>
            <ul>
              ${ignored}
            </ul>`
        : ""
    }`;
}

function block(group: FindingGroup): Html {
  const { check, severity, alike, count } = group;
  const related = check.related ? `; also ${check.related.join(", ")}` : "";
  const only = headline(group);
  const list = only
    ? html`<p>${affected([only])}</p>`
    : html`<ul class="affected">
        ${alike.map((group) => html`<li>${group[0]!.message} ${affected(group)}</li>`)}
      </ul>`;
  const folded =
    alike.length > most
      ? html`<details>
          <summary>Show all ${count}</summary>
          ${list}
        </details>`
      : list;
  return html`<div class="finding ${severity}">
    <h3>${severity}: ${only?.message ?? check.title}${count > 1 ? ` (${count})` : ""}</h3>
    <small>${check.id}${related}</small>
    ${folded}
    <p>${check.rationale}</p>
    <p><b>Fix:</b> ${check.remediation}</p>
  </div>`;
}

/** The resources that one message applies to. */
function affected(group: readonly Finding[]): Html {
  const all = group.map(
    ({ address, constructPath }) =>
      html`<code>${address}</code>${constructPath === undefined ? "" : ` (${constructPath})`}`,
  );
  const [first, ...others] = all;
  const rest = others.length === 0 ? "" : html`, and ${others.length} alike: ${html.join(others, html`, `)}`;
  if (all.length <= most) return html`<small>${first!}${rest}</small>`;
  return html`<details class="alike">
    <summary>${all.length} resources are alike</summary>
    <small>${html.join(all, html`, `)}</small>
  </details>`;
}
