#!/usr/bin/env node
// Builds dist/, what the npm package runs: `npm pack` calls it. dist/bundles contains one file for each process, with all
// packages in it; dist/lib contains the constructs as modules with types, which import the consumer's cdktf.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { compileModules } from "./package-types.mjs";
import { buildBundle, packagedBundle } from "./run.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const dist = path.join(root, "dist");

/** The processes: the command line, the app that cdktf runs in a checkout and the lab runs, the lab's sandbox, the review alone. */
const entries = ["src/cli.ts", "main.ts", "src/lab/data-plane/vpc/main.ts", "src/review-alone.ts"];

/** The folder of the package that contains a file of node_modules. */
const packageOf = (file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1];

/** The licences of all packages whose code is in the bundles: most require that their text is passed on. Each text once. */
function licences(folders) {
  const packages = new Map();
  for (const folder of [...folders].sort()) {
    const { name, version, license } = JSON.parse(readFileSync(path.join(root, folder, "package.json"), "utf8"));
    const files = readdirSync(path.join(root, folder)).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file));
    const text = files.map((file) => readFileSync(path.join(root, folder, file), "utf8").trim()).join("\n\n");
    packages.set(text, [...(packages.get(text) ?? []), `${name} ${version} (${license})`]);
  }
  return [...packages].map(([text, names]) => `${names.join("\n")}\n\n${text}`);
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(path.join(dist, "bundles"), { recursive: true });
const folders = new Set();
for (const entry of entries) {
  const { inputs } = await buildBundle(entry, packagedBundle(entry));
  for (const file of Object.keys(inputs)) {
    const folder = packageOf(file);
    if (folder && existsSync(path.join(root, folder, "package.json"))) folders.add(folder);
  }
}
writeFileSync(path.join(dist, "LICENSES.txt"), `${licences(folders).join(`\n\n${"-".repeat(80)}\n\n`)}\n`);

const messages = compileModules(path.join(root, "tsconfig.package.json"));
if (messages !== "") {
  console.error(messages);
  process.exitCode = 1;
}
