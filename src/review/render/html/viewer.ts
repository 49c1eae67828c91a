import { html, type Markup } from "../../../foreign-text";
import type { Review } from "../../review";
import type { Drawing } from "./drawing";
import { legend } from "./sections";

type Html = Markup<"html">;

/** From this many services on, a filter by name helps. */
const many = 6;

/** The drawing with what moves and filters it; `id` is the page's for this one. */
export function viewer(review: Review, drawing: Drawing, id: string): Html {
  return html`<h2>The cluster</h2>
    <div class="viewer" id="${id}">
      <div class="tools">
        ${drawing.services.length >= many ? filters(drawing, id) : ""}
        <span class="zoom">
          <button type="button" data-zoom="out" aria-label="Zoom out">−</button>
          <button type="button" data-zoom="in" aria-label="Zoom in">+</button>
          <button type="button" data-zoom="fit">Fit</button>
        </span>
      </div>
      <div class="drawing" role="region" tabindex="0" aria-label="${review.name}: The cluster" aria-describedby="${id}-keys">
        ${drawing.svg}
      </div>
      <p class="soft keys hint" id="${id}-keys">
        Drag to move. Pinch, Ctrl + wheel, or + and − on the keyboard to zoom; 0 fits all.
      </p>
    </div>
    ${legend(drawing.usualPorts)}`;
}

function filters({ clusters }: Drawing, id: string): Html {
  const choices = clusters.map((names, at) => html`<option value="${at}">${clusterName(names)}</option>`);
  const cluster =
    clusters.length < 2
      ? ""
      : html`<span class="choice">
          <label for="${id}-clusters">Cluster</label>
          <select id="${id}-clusters" data-filter="cluster">
            <option value="">all ${clusters.length}</option>
            ${choices}
          </select>
        </span>`;
  return html`<label>Service <input type="search" data-filter="name" placeholder="name" /></label>
    ${cluster}<span role="status" data-found></span>`;
}

/** `shop, stock and 3 more` */
function clusterName(names: readonly string[]): string {
  const rest = names.length - 2;
  return rest > 1 ? `${names.slice(0, 2).join(", ")} and ${rest} more` : names.join(", ");
}
