import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { commands } from "../../src/cli/commands";
import { projectRoot } from "../../src/project-root";
import { simpleCommands } from "../advice/shell";
import { notRun, otherCommands, ownCommands, workflows } from "./documented-commands";
import { type Fence, fencesOf, pages, scriptsOf } from "./fences";

/** What a block of a page may be. Shell commands are in `sh`, in `console`, or in the steps of `yaml`. */
const languages = [
  "sh",
  "console",
  "text",
  "json",
  "yaml",
  "ts",
  "hcl",
  "elixir",
  "dockerfile",
  "mermaid",
  "css",
  "html",
];

const fences: readonly Fence[] = pages.flatMap(fencesOf);

/** The text of tests, and of all files in folders of tests. */
const textOf = (tests: readonly string[]): string =>
  tests
    .flatMap((test) => (statSync(path.join(projectRoot, test)).isDirectory() ? below(test) : [test]))
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(path.join(projectRoot, file), "utf8"))
    .join("\n");

const below = (folder: string) =>
  readdirSync(path.join(projectRoot, folder), { recursive: true, encoding: "utf8" }).map((file) =>
    path.join(folder, file),
  );

/** The command of ours that words run, and what follows its name. */
function ownOf(words: readonly string[]): { name: string; args: readonly string[] } | undefined {
  const [, name = "", rest] =
    /^(?:npm run (?:(?:-s|--silent) )?|npx elixir-cluster )(\S+) ?(.*)$/.exec(words.join(" ")) ?? [];
  return name in commands ? { name, args: rest!.replace(/^-- /, "").split(" ") } : undefined;
}

const startsWith = (list: object, command: string) =>
  Object.keys(list).find((start) => command.startsWith(start) && /^([ =]|$)/.test(command.slice(start.length)));

/** Why it isn't known where a command runs; `undefined` when it is. */
function faultOf(words: readonly string[]): string | undefined {
  const command = words.join(" ");
  if (startsWith(notRun, command) ?? startsWith(otherCommands, command)) return undefined;
  const own = ownOf(words);
  if (!own) return `${command}: add its test, or the reason why none runs it, to documented-commands.ts`;
  const text = textOf(ownCommands[own.name]!.tests);
  const options = own.args.slice(0, own.args.includes("--") ? own.args.indexOf("--") : undefined);
  const missing = options.filter((word) => /^--\w/.test(word) && !text.includes(word));
  return missing.length === 0
    ? undefined
    : `${command}: ${missing.join(", ")} isn't in ${ownCommands[own.name]!.tests.join(", ")}`;
}

const isWorkflow = ({ language }: Fence) => language === "yaml";

describe("blocks of pages", () => {
  it("have a language that tells whether they are commands", () => {
    const unknown = fences.filter(({ language }) => !languages.includes(language));
    expect(unknown.map(({ page, language, body }) => [page, language, body.split("\n")[0]])).toEqual([]);
  });

  it("are not text where they are commands", () => {
    const start = /^(\$ |(npm|npx|terraform|aws|mix|docker|git|curl) )/m;
    const texts = fences.filter(({ language, body }) => language === "text" && start.test(body));
    expect(texts.map(({ page, body }) => [page, body])).toEqual([]);
  });
});

describe("commands in blocks of pages", () => {
  const blocks = fences.filter((fence) => !isWorkflow(fence) && scriptsOf(fence).length > 0);

  it("are found", () => expect(blocks.length).toBeGreaterThan(40));

  it.each([...new Set(blocks.map(({ page }) => page))])(
    "%s: each runs in a test, or is listed with the reason",
    (page) => {
      const scripts = blocks.filter((block) => block.page === page).flatMap(scriptsOf);
      expect(scripts.flatMap(simpleCommands).flatMap((words) => faultOf(words) ?? [])).toEqual([]);
    },
  );

  it("that are listed are in a page", () => {
    const all = blocks
      .flatMap(scriptsOf)
      .flatMap(simpleCommands)
      .map((words) => words.join(" "));
    const listed = [...Object.keys(otherCommands), ...Object.keys(notRun)];
    expect(listed.filter((start) => !all.some((command) => startsWith({ [start]: 0 }, command)))).toEqual([]);
  });

  it("are in one list only", () => {
    expect(Object.keys(notRun).filter((start) => start in otherCommands)).toEqual([]);
  });
});

it.each(Object.entries({ ...ownCommands, ...otherCommands, ...workflows }))(
  "%s is in the text of its test",
  (_, runs) => {
    expect(textOf(runs.tests)).toContain(runs.contains);
  },
);

it("workflows are in pages whose steps a test runs", () => {
  const found = fences.filter((fence) => isWorkflow(fence) && scriptsOf(fence).length > 0).map(({ page }) => page);
  expect([...new Set(found)]).toEqual(Object.keys(workflows));
});
