import { tag } from "./markup";
import { visible } from "./visible";

/**
 * A template of Mermaid with foreign text between double quotes. The text ends neither the quotes nor the fence, and forms no
 * HTML, entity, formula or directive (`%%{init: …}%%` counts anywhere in a drawing).
 * Source: https://mermaid.js.org/syntax/flowchart.html#special-characters-that-break-syntax
 */
export const mermaid = tag("mermaid", (foreign) =>
  visible(foreign).replace(/["#&<>%`{}$\\]/g, (character) => `#${character.charCodeAt(0)};`),
);
