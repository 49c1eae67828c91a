import { Markup } from "./markup";
import { hidden, logCommand } from "./visible";

/** The value as JSON with every hidden character escaped. A JSON parser reads the exact value. */
export function json(value: unknown, indent?: number): Markup<"json"> {
  const text = JSON.stringify(value, undefined, indent)
    .replace(hidden, (character) => (character === "\n" ? character : units(character)))
    .replace(logCommand, "#\\u0023");
  return new Markup("json", text);
}

function units(character: string): string {
  return Array.from({ length: character.length }, (_, at) => {
    return `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`;
  }).join("");
}
