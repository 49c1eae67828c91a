#!/usr/bin/env node
// Type-checks the sources against the bindings of AWS provider 6.x, through TypeScript's `paths`: `npm run check:aws-v6`.
//
// The bindings are 400 MB, so they aren't a dependency: the first run puts them into .cache/aws-v6. Without access to the
// registry, the check is skipped, and prints a line about it.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** AWS provider 6.x. It asks for the same cdktf and constructs as the bindings that are installed. */
const bindings = "@cdktf/provider-aws@21.22.1";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const folder = path.join(root, ".cache", "aws-v6");
const installed = path.join(folder, "node_modules", "@cdktf", "provider-aws");

if (!existsSync(path.join(installed, "package.json"))) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "package.json"), "{}\n");
  console.log(`${bindings} into .cache/aws-v6`);
  // Without its peers: cdktf and constructs must be the ones that the sources use, or their types differ.
  const options = ["--legacy-peer-deps", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const { status } = spawnSync("npm", ["install", ...options, bindings], { cwd: folder, stdio: "inherit" });
  if (status !== 0) {
    console.error(`SKIPPED: check against AWS provider 6.x, for ${bindings} can't be installed here`);
    process.exit(0);
  }
}

const project = path.join(folder, "tsconfig.json");
writeFileSync(
  project,
  JSON.stringify({
    extends: "../../tsconfig.json",
    compilerOptions: {
      paths: { "@cdktf/provider-aws/*": ["./node_modules/@cdktf/provider-aws/*"] },
      typeRoots: ["../../node_modules/@types"],
    },
    include: ["../../main.ts", "../../src"],
  }),
);
const tsc = path.join(root, "node_modules", "typescript", "bin", "tsc");
const { status } = spawnSync(process.execPath, [tsc, "-p", project], { cwd: root, stdio: "inherit" });
if (status === 0) console.log("The sources compile against AWS provider 6.x.");
process.exit(status ?? 1);
