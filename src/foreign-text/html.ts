import { json } from "./json";
import { Markup, tag } from "./markup";
import { visible } from "./visible";

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Visible text for an element or a quoted attribute of HTML or SVG, and for Graphviz' labels. */
export function escapeHtml(foreign: string): string {
  return visible(foreign).replace(/[&<>"']/g, (character) => entities[character]!);
}

/** A template of HTML or SVG with foreign text in an element or a quoted attribute. */
export const html = tag("html", escapeHtml);

/** JSON inside a `<script>` element. */
export function scriptJson(value: unknown): Markup<"html"> {
  const text = String(json(value));
  return new Markup(
    "html",
    text.replace(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`),
  );
}

/** An SVG that Graphviz wrote: it escapes the text of its source. */
export function graphvizSvg(svg: string): Markup<"html"> {
  return new Markup("html", svg);
}
