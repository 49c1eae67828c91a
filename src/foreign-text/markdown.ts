import { Markup, tag } from "./markup";
import { visible } from "./visible";

/** Breaks a word that GitHub or GitLab would turn into a mention, a reference or a link, which both do after reading entities. */
const wordBreak = "\u200b";

/**
 * A template of GitHub's or GitLab's Markdown. Foreign text forms no heading, list, quote, code, table, image, link, mention,
 * reference, formula or HTML. Words that GitHub links automatically are broken as Dependabot and Renovate do it.
 * Source: https://github.github.com/gfm/#autolinks-extension-
 */
export const markdown = tag("markdown", (foreign) =>
  visible(foreign)
    .replace(/ +/g, " ")
    .replace(/@|:(?=\/\/)|www(?=\.)|(?:[#!~%]|\bGH-)(?=\d)/gi, (linked) => `${linked}${wordBreak}`)
    .replace(/[\\`*_{}[\]<>|#~!]/g, (character) => `\\${character}`)
    // Beginnings of list items.
    .replace(/^ ?([-+=])/, "\\$1")
    .replace(/^( ?\d+)([.)])(?= |$)/, "$1\\$2")
    .replace(/[&$\u200b]/g, (character) => `&#${character.charCodeAt(0)};`),
);

/** Foreign text as a code span. A backtick in it doesn't end the span. Not for a table's cell, which `|` ends even in code. */
export function code(foreign: string): Markup<"markdown"> {
  const text = visible(foreign);
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const pad = /^[ `]|[ `]$/.test(text) ? " " : "";
  return new Markup("markdown", text === "" ? "" : `${fence}${pad}${text}${pad}${fence}`);
}

/** A drawing for GitHub, in a fence. */
export function drawing(source: Markup<"mermaid">): Markup<"markdown"> {
  return new Markup("markdown", `\`\`\`mermaid\n${source}\n\`\`\``);
}
