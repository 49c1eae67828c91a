import { Markup, tag } from "./markup";
import { visible } from "./visible";

/** Breaks a word that GitHub or GitLab would make a mention, a reference or a link of: both do so after entities are read. */
const wordBreak = "\u200b";

/**
 * A template of GitHub's or GitLab's Markdown. Foreign text forms no heading, list, quote, code, table, image, link, mention,
 * reference, formula or HTML; what GitHub links by itself is broken as Dependabot and Renovate break it.
 * Source: https://github.github.com/gfm/#autolinks-extension-
 */
export const markdown = tag("markdown", (foreign) =>
  visible(foreign)
    .replace(/ +/g, " ")
    .replace(/@|:(?=\/\/)|www(?=\.)|(?:[#!~%]|\bGH-)(?=\d)/gi, (linked) => `${linked}${wordBreak}`)
    .replace(/[\\`*_{}[\]<>|#~!]/g, (character) => `\\${character}`)
    // What a list item may begin with.
    .replace(/^ ?([-+=])/, "\\$1")
    .replace(/^( ?\d+)([.)])(?= |$)/, "$1\\$2")
    .replace(/[&$\u200b]/g, (character) => `&#${character.charCodeAt(0)};`),
);

/** Foreign text as a code span, which a backtick in it doesn't end. Not for a table's cell, which `|` ends even there. */
export function code(foreign: string): Markup<"markdown"> {
  const text = visible(foreign);
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const pad = /^[ `]|[ `]$/.test(text) ? " " : "";
  return new Markup("markdown", text === "" ? "" : `${fence}${pad}${text}${pad}${fence}`);
}

/** A drawing for GitHub, in a fence that none of its lines ends. */
export function drawing(source: Markup<"mermaid">): Markup<"markdown"> {
  return new Markup("markdown", `\`\`\`mermaid\n${source}\n\`\`\``);
}
