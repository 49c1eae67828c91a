#!/usr/bin/env node
// Reports words of bin/words.json in all files of the repository: `npm run check:words`.
//
// A phrase is also found across line ends, and inside identifiers. In Markdown, code isn't searched for words,
// since it may quote other tools; old names of this project's interface are searched everywhere.
import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const data = JSON.parse(readFileSync(path.join(path.dirname(fileURLToPath(import.meta.url)), "words.json"), "utf8"));

/** What separates two words of a phrase: blanks, and at a line's end the comment's leader or the joined strings' quotes. */
const gap = "(?:[ \\t]+|[ \\t\"'`+]*\\n[ \\t]*[*/#\"'`+]*[ \\t]*)";
const compile = ({ not, say }) => ({
  pattern: new RegExp(`(?<![\\w-])(?:${not.replaceAll(" ", gap)})(?![\\w])`, "gi"),
  say,
});
const words = data.words.map(compile);
const names = data.names.map(({ not, say }) => ({ pattern: new RegExp(`(?<!\\w)(?:${not})(?!\\w)`, "g"), say }));

const isSkipped = (file) => data.skipped.some((skipped) => file === skipped || file.startsWith(`${skipped}/`));

const listed = spawnSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { encoding: "utf8" });
if (listed.status !== 0) {
  console.error(`check:words reads the files that git lists, and git failed: ${listed.stderr ?? listed.error}`);
  process.exit(1);
}
const files = listed.stdout
  .split("\0")
  .filter((file) => file !== "" && statSync(file, { throwIfNoEntry: false })?.isFile())
  .filter((file) => !isSkipped(file));

let count = 0;
for (const file of files) {
  const text = readFileSync(file, "utf8");
  if (text.includes("\0")) continue;
  for (const { at, found, say } of faults(text, file.endsWith(".md"))) {
    const before = text.slice(0, at).split("\n");
    console.error(`${file}:${before.length}:${before.at(-1).length + 1}: "${found}": say ${say}`);
    count += 1;
  }
}
if (count > 0) console.error(`\n${count} found. bin/words.json has the words and what to say instead.`);
process.exit(count > 0 ? 1 : 0);

function faults(text, isMarkdown) {
  const prose = isMarkdown ? withoutCode(text) : text;
  const found = (searched, offset, { pattern, say }) =>
    [...searched.matchAll(pattern)].map(({ 0: match, index }) => ({
      at: offset + index,
      found: match.replace(/\s+/g, " "),
      say,
    }));
  const inNames = [...prose.matchAll(/[A-Za-z][A-Za-z0-9_]*/g)].flatMap(({ 0: name, index }) => {
    const split = name.replaceAll("_", " ").replace(/([a-z0-9])(?=[A-Z])/g, "$1 ");
    return split === name
      ? []
      : words.flatMap((word) => found(split, 0, word).map((one) => ({ ...one, at: index, found: name })));
  });
  return [
    ...words.flatMap((word) => found(prose, 0, word)),
    ...inNames,
    ...names.flatMap((name) => found(text, 0, name)),
  ].sort((a, b) => a.at - b.at);
}

/** The text with its fenced and inline code as dots, so that positions stay. */
function withoutCode(text) {
  const dots = (code) => code.replace(/[^\n]/g, "·");
  return text.replace(/^( *)(```|~~~)[^]*?^\1\2/gm, dots).replace(/(?<!`)(`+)(?!`)[^]*?(?<!`)\1(?!`)/g, dots);
}
