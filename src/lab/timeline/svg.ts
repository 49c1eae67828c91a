import { html } from "../../foreign-text";

/** Lines of text for HTML and SVG, with hidden characters made visible. */
export const escapeText = (text: string): string => String(html.join(text.split("\n"), html`\n`));

/** One element with its tooltip. */
export function shape(
  name: "rect" | "path" | "circle",
  attributes: Readonly<Record<string, string | number>>,
  title?: string,
): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeText(String(value))}"`);
  return `<${name}${written.join("")}>${title === undefined ? "" : `<title>${escapeText(title)}</title>`}</${name}>`;
}

export const label = (x: number, y: number, text: string, style = ""): string =>
  `<text x="${round(x)}" y="${round(y)}"${style ? ` class="${style}"` : ""}>${escapeText(text)}</text>`;

/** A tenth of a unit is less than anybody sees. */
export const round = (number: number): number => Math.round(number * 10) / 10;

/** Seconds since the beginning, as every text here gives time. */
export const since = (from: number, at: number): string => `${((at - from) / 1000).toFixed(1)} s`;
