import MarkdownIt from "markdown-it";
import { printable } from "../../../src/foreign-text/print";
import { renderHtml } from "../../../src/review/render/html/page";
import { renderJson } from "../../../src/review/render/json";
import { renderMarkdown } from "../../../src/review/render/markdown";
import { renderSarif } from "../../../src/review/render/sarif";
import { renderTerminal } from "../../../src/review/render/terminal";
import { reviewPlan } from "../../../src/review/review";
import { hiddenCharacters, isCommand } from "../../foreign-text/hostile";
import { notEmpty } from "../../not-empty";

const parser = new MarkdownIt({ html: true, linkify: true });
// GitHub makes a link of a scheme, of "www." and of an e-mail address, not of any name with a dot, such as an image's registry.
// Source: https://github.github.com/gfm/#autolinks-extension-
parser.linkify.set({ fuzzyLink: false });

/** Every format of a plan's review. */
export async function everyFormat(plan: object): Promise<Readonly<Record<string, string>>> {
  const reviews = [reviewPlan(plan, { name: "prod" })];
  return {
    terminal: printable(renderTerminal(reviews)),
    markdown: printable(renderMarkdown(reviews)),
    json: printable(renderJson(reviews)),
    sarif: printable(renderSarif(reviews)),
    html: String(await renderHtml(reviews)),
  };
}

/** Expects that nothing in the plan became more than text, in any format. */
export function expectOnlyText(formats: Readonly<Record<string, string>>): void {
  for (const text of notEmpty(Object.values(formats))) {
    expect(hiddenCharacters.exec(text)?.[0]).toBeUndefined();
    expect(text.split("\n").filter(isCommand)).toEqual([]);
  }
  const { html, markdown } = formats as { html: string; markdown: string };
  expect(html).not.toMatch(/<img|onerror="|<h1>approved|<\/script>(?!\s*(<script>|<\/body>))/);
  expect(structureOf(markdown)).toEqual(ourOwn);
}

/** What our comment contains in addition to text: its headings, tags and drawings; no link, no image, no mention, no reference. */
const ourOwn = { headings: expect.any(Array), links: [], foreignTags: [], references: [] };
const titles = ["Which services cluster", "Findings", "Cluster stability", "What changes"];

function structureOf(markdown: string) {
  const tokens = parser.parse(markdown, {});
  const inline = tokens.flatMap(({ children }) => children ?? []);
  const headings = tokens.flatMap(({ type }, at) => (type === "heading_open" ? [tokens[at + 1]!.content] : []));
  for (const heading of notEmpty(headings))
    expect(heading).toMatch(new RegExp(`^(.{1,2} Cluster review: prod|${titles.join("|")})$`, "u"));
  expect(new Set(headings).size).toBe(headings.length);
  expect(tokens.filter(({ type }) => type === "fence").length).toBeLessThan(2);
  const shown = inline.filter(({ type }) => type === "text" || type === "text_special").map(({ content }) => content);
  const tags = [...tokens, ...inline]
    .filter(({ type }) => type.startsWith("html_"))
    .map(({ content }) => content.trim());
  return {
    headings,
    links: inline.filter(({ type }) => type === "link_open" || type === "image").map(({ attrs }) => attrs),
    foreignTags: tags.filter((tag) => !/^(<details><summary>[^<]*<\/summary>|<\/details>|<\/?sub>)$/.test(tag)),
    references: shown.filter((text) => /@\w|#\d|:\/\/|\bwww\./.test(text)),
  };
}
