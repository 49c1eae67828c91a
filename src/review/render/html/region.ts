import { html, type Markup } from "../../../foreign-text";

/** What may be wider than the page: it scrolls, by keyboard too, and has a name for screen readers. */
export function region(name: string, body: Markup<"html">): Markup<"html"> {
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${name}">${body}</div>`;
}

/** A table in a {@link region} called `name`, with these columns' heads. */
export const table = (name: string, columns: readonly string[], rows: readonly Markup<"html">[]): Markup<"html"> =>
  region(
    name,
    html`<table>
      <thead>
        <tr>
          ${columns.map((column) => html`<th scope="col">${column}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>`,
  );
