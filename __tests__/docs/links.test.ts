import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import MarkdownIt from "markdown-it";
import { projectRoot } from "../../src/project-root";

const markdown = new MarkdownIt({ html: true });
const pages = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.md"], {
  cwd: projectRoot,
  encoding: "utf8",
})
  .split("\0")
  .filter((page) => page !== "" && existsSync(path.join(projectRoot, page)));

const tokensOf = (page: string) => {
  const blocks = markdown.parse(readFileSync(path.join(projectRoot, page), "utf8"), {});
  return { blocks, inline: blocks.flatMap(({ children }) => children ?? []) };
};

/** Addresses of a page's links and images, with those of other hosts left out. */
const linksOf = (page: string): string[] =>
  tokensOf(page)
    .inline.map((token) => token.attrGet("href") ?? token.attrGet("src"))
    .filter((address): address is string => address !== null && !/^[a-z]+:/.test(address))
    .map(decodeURI);

/** The anchors of a page's headings, as GitHub makes them: a second heading of the same text gets "-1". */
function anchorsOf(page: string): Set<string> {
  const anchors = new Set<string>();
  const { blocks } = tokensOf(page);
  for (const [at, { type }] of blocks.entries()) {
    if (type !== "heading_open") continue;
    const text = blocks[at + 1]!.children!.filter((token) => token.type === "text" || token.type === "code_inline");
    const slug = text
      .map(({ content }) => content)
      .join("")
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{Pc} -]/gu, "")
      .replaceAll(" ", "-");
    let anchor = slug;
    for (let count = 1; anchors.has(anchor); count += 1) anchor = `${slug}-${count}`;
    anchors.add(anchor);
  }
  return anchors;
}

/** Why a page's link leads nowhere; `undefined` when it doesn't. */
function faultOf(page: string, link: string): string | undefined {
  const [file = "", anchor] = link.split("#");
  const target = file === "" ? page : path.join(path.dirname(page), file);
  const full = path.join(projectRoot, target);
  if (!existsSync(full)) return `${page}: ${link}: no such file`;
  if (anchor === undefined) return undefined;
  const known = target.endsWith(".md") && statSync(full).isFile() ? anchorsOf(target) : new Set();
  return known.has(anchor) ? undefined : `${page}: ${link}: no such heading`;
}

it("finds the links of pages", () => {
  expect(pages).toContain("docs/configuration.md");
  expect(linksOf("README.md").length).toBeGreaterThan(10);
});

it("each relative link of a page leads to a file, and its anchor to a heading", () => {
  expect(pages.flatMap((page) => linksOf(page).flatMap((link) => faultOf(page, link) ?? []))).toEqual([]);
});
