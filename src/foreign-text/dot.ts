import { escapeHtml } from "./html";
import { Markup, tag } from "./markup";

/** A template of Graphviz' language with foreign text in an HTML-like label; use {@link quoted} elsewhere. */
export const dot = tag("dot", escapeHtml);

/** Foreign text as a quoted string. Graphviz reads entities in it, and escapes such as `\N`. */
export function quoted(foreign: string): Markup<"dot"> {
  return new Markup("dot", `"${escapeHtml(foreign).replace(/\\/g, "\\\\")}"`);
}
