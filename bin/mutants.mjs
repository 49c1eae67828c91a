#!/usr/bin/env node
// Changes the sources in small ways and reports what no test noticed: `npm run mutants -- [FILE|FOLDER]...`,
// `npm run mutants -- --since REF`. docs/CONTRIBUTING.md says more.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { folders } from "../stryker.config.mjs";
import strykerConfig from "../stryker.config.mjs";
import { byFolder, figureLine, figuresOf, runsOf } from "./mutants/thresholds.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
process.chdir(root);

function end(message) {
  console.error(`mutants: ${message}`);
  process.exit(2);
}

function options() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { since: { type: "string" }, concurrency: { type: "string", default: "1" } },
    });
  } catch (error) {
    end(`${error.message}\nusage: npm run mutants -- [--since REF] [--concurrency N] [FILE|FOLDER]...`);
  }
}

/** The files below a folder, or the file itself, relative to the project. */
function filesAt(given) {
  const where = path.relative(root, path.resolve(process.env.INIT_CWD ?? root, given));
  if (!existsSync(where)) end(`${given} does not exist`);
  if (!statSync(where).isDirectory()) return [where];
  return readdirSync(where, { recursive: true })
    .map((name) => path.join(where, name))
    .filter((file) => statSync(file).isFile())
    .sort();
}

function changedSince(ref) {
  try {
    const args = ["diff", "--name-only", "--diff-filter=d", `${ref}...HEAD`, "--", "src"];
    return execFileSync("git", args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] })
      .split("\n")
      .filter(Boolean);
  } catch {
    end(`git can't compare with "${ref}": give a branch or commit that is here (git fetch)`);
  }
}

const {
  values: { since, concurrency },
  positionals,
} = options();
if (!/^[1-9]\d?$/.test(concurrency))
  end(`--concurrency is "${concurrency}"; a number of processes is allowed, such as 1`);
const names = Object.keys(folders);
const given = positionals.length > 0 ? positionals : names.map((name) => path.join(root, name));
const files = (since === undefined ? given.flatMap(filesAt) : changedSince(since)).filter((file) =>
  file.endsWith(".ts"),
);
const { inFolders, others } = byFolder([...new Set(files)], folders);
if (others.length > 0 && since === undefined)
  end(`no threshold for ${others.join(", ")}: files of ${names.join(", ")} are allowed (stryker.config.mjs)`);
if (inFolders.length === 0) {
  console.log(`mutants: nothing to do, no source file of ${names.join(", ")}`);
  process.exit(0);
}

/** The quick tests below `tests` that import one of `files`, directly or not. */
function testFilesFor(files, tests) {
  const jest = path.join(root, "node_modules", "jest", "bin", "jest.js");
  const args = ["--selectProjects", "quick", "--listTests", "--findRelatedTests", ...files];
  const related = execFileSync(process.execPath, [jest, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const isIn = (file, names) =>
    names.some((name) => file === `__tests__/${name}` || file.startsWith(`__tests__/${name}/`));
  const excluded = tests.filter((name) => name.startsWith("!")).map((name) => name.slice(1));
  return related
    .split("\n")
    .map((file) => path.relative(root, file))
    .filter((file) => isIn(file, tests) && !isIn(file, excluded))
    .sort();
}

// Loading it takes a second, which a wrong option needn't wait for.
const { Stryker } = await import("@stryker-mutator/core");
const results = [];
// What __tests__/test-environment.ts makes for each test file.
const temporary = path.join(root, ".cache", "mutants", `tmp-${process.pid}`);
process.on("exit", () => rmSync(temporary, { recursive: true, force: true }));
for (const [variable, name] of Object.entries({ TMPDIR: "tmp", SCRATCH_OF_TEST: "own" })) {
  process.env[variable] = path.join(temporary, name);
  mkdirSync(process.env[variable], { recursive: true });
}
for (const { tests, files } of runsOf(inFolders, folders)) {
  const testFiles = testFilesFor(files, tests);
  try {
    const run = new Stryker({
      mutate: files,
      concurrency: Number(concurrency),
      incrementalFile: path.join(".cache", "mutants", `${tests[0].replaceAll("/", "-")}.json`),
      circus: { ...strykerConfig.circus, testFiles },
    });
    results.push(...(await run.runMutationTest()));
  } catch {
    // Stryker has said why.
    process.exit(2);
  }
}

const relative = results.map((each) => ({ ...each, fileName: path.relative(root, each.fileName) }));
const figures = figuresOf(relative, inFolders, folders);
console.log(`\n${figures.map(figureLine).join("\n")}`);
if (figures.some(({ enough }) => !enough)) {
  console.error(
    '\nToo few mutants were killed: each one under "Survived" above is a change of the source that no test noticed.' +
      "\nAdd an expectation that fails with it, or remove code that makes no difference.",
  );
  process.exitCode = 1;
}
