import { escapeHtml } from "./html";
import { Markup, tag } from "./markup";

/** A template of Graphviz' language whose foreign text stands in an HTML-like label; {@link quoted} is for all else. */
export const dot = tag("dot", escapeHtml);

/** Foreign text as a quoted string. Graphviz reads entities in it, and escapes such as `\N`. */
export function quoted(foreign: string): Markup<"dot"> {
  return new Markup("dot", `"${escapeHtml(foreign).replace(/\\/g, "\\\\")}"`);
}
