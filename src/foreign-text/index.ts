export { dot, quoted } from "./dot";
export { graphvizSvg, html, scriptJson } from "./html";
export { json } from "./json";
export { code, drawing, markdown } from "./markdown";
export type { Markup, Part } from "./markup";
export { mermaid } from "./mermaid";
export { clear, print, type Printable, printError, printJson, printUnexpected, write, writeBytes } from "./print";
export { type Colours, coloursOf, terminal } from "./terminal";
export { visible, visibleData } from "./visible";
