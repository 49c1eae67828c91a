import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "../src/project-root";
import { scratchFolder } from "./scratch";

const { words, names } = JSON.parse(readFileSync(path.join(projectRoot, "bin", "words.json"), "utf8")) as Record<
  "words" | "names",
  readonly { readonly not: string; readonly say: string }[]
>;

/** What `npm run check:words` reports on a repository with one file. */
function checked(file: string, text: string) {
  const repository = scratchFolder("words");
  spawnSync("git", ["init", "--quiet", repository]);
  mkdirSync(path.join(repository, path.dirname(file)), { recursive: true });
  writeFileSync(path.join(repository, file), text);
  const script = path.join(projectRoot, "bin", "check-words.mjs");
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], { cwd: repository, encoding: "utf8" });
  return { status, found: stderr.split("\n").filter((line) => line.startsWith(file)), output: stdout + stderr };
}

describe("check:words", () => {
  it.each([
    ["a comment", "a.ts", "// It stays for ever.\n", `a.ts:1:13: "for ever": say "indefinitely"`],
    ["a string", "a.ts", 'print("one",\n  "Ask whoever knows");\n', `a.ts:2:8: "whoever": say "anyone who"`],
    ["an identifier", "a.ts", "const isExcused = 1;\n", `a.ts:1:7: "isExcused": say "suppress"`],
    [
      "two lines of a comment",
      "a.ts",
      "/**\n * stays for\n * ever\n */\n",
      `a.ts:2:10: "for * ever": say "indefinitely"`,
    ],
    ["two joined strings", "a.ts", 'x = "for " +\n  "ever";\n', `a.ts:1:6: "for " + "ever": say "indefinitely"`],
    ["a page", "docs/a.md", "See\nwhat to mend.\n", `docs/a.md:2:9: "mend": say "fix"`],
    [
      "an old name in a page's code",
      "a.md",
      "```ts\nkeepStateIn();\n```\n",
      `a.md:2:1: "keepStateIn": say configureBackend`,
    ],
  ])("fails for a word in %s", (_place, file, text, line) => {
    const { status, found, output } = checked(file, text);
    expect({ status, found }).toEqual({ status: 1, found: [line] });
    expect(output).toMatch(/\n1 found\. bin\/words\.json has the words and what to say instead\.\n/);
  });

  it.each([
    ["a page's fenced code", "a.md", "Text\n\n```\nError: it stays for ever\n```\n"],
    ["a page's inline code", "a.md", "The message is `it stays for\never`.\n"],
    ["part of another word", "a.ts", "// recommend, understands, besides, amendment\n"],
    ["what isn't a word of the list", "a.ts", "// There is no cluster, and it is no longer needed.\n"],
    ["the list itself", "bin/words.json", '{ "not": "whoever" }\n'],
    ["binary files", "a.png", "whoever\0"],
  ])("passes over %s", (_place, file, text) => {
    expect(checked(file, text)).toEqual({ status: 0, found: [], output: "" });
  });

  it("suggests nothing that it would report", () => {
    const suggestions = [...words, ...names].map(({ say }) => say);
    expect(suggestions.length).toBeGreaterThan(20);
    expect(checked("a.ts", suggestions.join("\n\n"))).toEqual({ status: 0, found: [], output: "" });
  });

  it("reports a failure of git", () => {
    const script = path.join(projectRoot, "bin", "check-words.mjs");
    const env = { ...process.env, GIT_DIR: path.join(scratchFolder("no-git"), "none") };
    const { status, stderr } = spawnSync(process.execPath, [script], { env, encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringMatching(/git failed: fatal/) as string });
  });
});
