import { html, type Markup } from "../../../foreign-text";
import type { Change } from "../../changes";
import type { Review } from "../../review";
import { countOthers, groupChanges } from "../groups";
import { forcedBy } from "../summary";
import { table } from "./region";

type Html = Markup<"html">;

/** What changes, with a remark; changes with one remark together, and those without one folded. */
export function changes({ name, changes }: Review): Html {
  if (!changes || changes.resources.length === 0) return html``;
  const groups = groupChanges(changes);
  const { telling, others } = groups;
  const rest =
    others.length === 0
      ? ""
      : html`<details class="rest">
          <summary>${countOthers(groups)} without a remark</summary>
          ${changesTable(
            others.map((change) => [change]),
            `${name}: Changes without a remark`,
          )}
        </details>`;
  return html`<h2>What changes</h2>
    ${telling.length > 0 ? changesTable(telling, `${name}: What changes`) : ""}${rest}`;
}

/** Rows that a table shows. */
const most = 500;

function changesTable(groups: readonly (readonly Change[])[], name: string): Html {
  const rows = groups.slice(0, most).map((group) => {
    const [change] = group;
    return html`<tr>
      <td>${change!.action}</td>
      <td class="resource">${resources(group)}</td>
      <td>${forcedBy(change!) || change!.attributes.join(", ")}</td>
      <td class="text">${change!.meaning ?? ""}</td>
    </tr>`;
  });
  const rest = groups.length - rows.length;
  return html`${table(name, ["Action", "Resource", "Attributes", "What it means here"], rows)}
  ${rest > 0 ? html`<p>… and ${rest} more.</p>` : ""}`;
}

function resources(group: readonly Change[]): Html {
  const list = group.map(({ address }) => html`<li><code>${address}</code></li>`);
  if (group.length === 1) return html`<code>${group[0]!.address}</code>`;
  return html`<details>
    <summary>${group.length} resources</summary>
    <ul>
      ${list}
    </ul>
  </details>`;
}
