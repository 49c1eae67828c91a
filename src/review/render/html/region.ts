import { html, type Markup } from "../../../foreign-text";

/** What may be wider than the page: it scrolls, by keyboard too, and has a name for screen readers. */
export function region(name: string, body: Markup<"html">): Markup<"html"> {
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${name}">${body}</div>`;
}
