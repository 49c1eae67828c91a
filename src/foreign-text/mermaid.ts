import { tag } from "./markup";
import { visible } from "./visible";

/**
 * A template of Mermaid whose foreign text stands between double quotes. It ends neither them nor the fence, and is neither
 * HTML, an entity, a formula nor a directive (`%%{init: …}%%` counts anywhere in a drawing).
 * Source: https://mermaid.js.org/syntax/flowchart.html#special-characters-that-break-syntax
 */
export const mermaid = tag("mermaid", (foreign) =>
  visible(foreign).replace(/["#&<>%`{}$\\]/g, (character) => `#${character.charCodeAt(0)};`),
);
