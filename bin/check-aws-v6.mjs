#!/usr/bin/env node
// Checks the sources against the newest bindings of AWS provider 6.x: `npm run check:aws-v6`. They must type-check there, and
// every example must synthesize the same resources.
//
// These bindings are @cdktn/provider-aws, since @cdktf/provider-aws ended with provider 6.25. They need cdktn in place of
// cdktf (docs/cdktn.md), and 480 MB, so they aren't a dependency: the first run puts them into .cache/aws-v6. Without access
// to the registry, the check is skipped, and prints a line about it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build, stop } from "esbuild";

/** AWS provider 6.66.0, with the versions that these bindings ask for. */
const packages = { "@cdktn/provider-aws": "25.7.0", cdktn: "0.24.0", constructs: "10.7.0" };

/** What the sources import, and the packages that take its place. */
const replacements = { "@cdktf/provider-aws": "@cdktn/provider-aws", cdktf: "cdktn", constructs: "constructs" };

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const folder = path.join(root, ".cache", "aws-v6");
const modules = path.join(folder, "node_modules");

function isInstalled() {
  return Object.entries(packages).every(([name, version]) => {
    const file = path.join(modules, name, "package.json");
    return existsSync(file) && JSON.parse(readFileSync(file, "utf8")).version === version;
  });
}

/** @returns whether the packages are there. */
function install() {
  if (isInstalled()) return true;
  const names = Object.entries(packages).map(([name, version]) => `${name}@${version}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "package.json"), "{}\n");
  console.log(`${names.join(", ")} into .cache/aws-v6`);
  const options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  spawnSync("npm", ["install", ...options, ...names], { cwd: folder, stdio: "inherit" });
  if (isInstalled()) return true;
  console.error(`SKIPPED: check against AWS provider 6.x, since ${names.join(", ")} can't be installed here`);
  return false;
}

/** @returns whether the sources type-check, with TypeScript's `paths` in place of the packages. */
function typesFit() {
  const project = path.join(folder, "tsconfig.json");
  const paths = Object.entries(replacements).flatMap(([name, other]) => [
    [name, [`./node_modules/${other}`]],
    [`${name}/*`, [`./node_modules/${other}/*`]],
  ]);
  writeFileSync(
    project,
    JSON.stringify({
      extends: "../../tsconfig.json",
      compilerOptions: {
        paths: Object.fromEntries(paths),
        typeRoots: ["../../node_modules/@types"],
        tsBuildInfoFile: "types.tsbuildinfo",
      },
      include: ["../../main.ts", "../../src"],
    }),
  );
  const tsc = path.join(root, "node_modules", "typescript", "bin", "tsc");
  return spawnSync(process.execPath, [tsc, "-p", project], { cwd: root, stdio: "inherit" }).status === 0;
}

/** Bundles the app, with the packages that `alias` puts in place of others. */
async function bundle(name, alias) {
  const outfile = path.join(folder, `${name}.cjs`);
  await build({
    absWorkingDir: root,
    entryPoints: ["main.ts"],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    mainFields: ["module", "main"],
    alias,
    logLevel: "error",
  });
  return outfile;
}

/**
 * Each stack's JSON by its name, without the note of cdktf's version, and without the provider's source: the installed
 * bindings write `aws`, which is short for the `hashicorp/aws` of the newest.
 */
function synthesized(app, environments) {
  const outdir = mkdtempSync(path.join(folder, "out-"));
  try {
    const env = { ...process.env, ENVIRONMENTS_FILE: environments, CDKTF_OUTDIR: outdir };
    const { status, stderr } = spawnSync(process.execPath, [app], { cwd: root, encoding: "utf8", env });
    if (status !== 0) throw new Error(`${environments} doesn't synthesize with ${path.basename(app)}:\n${stderr}`);
    const stacks = readdirSync(path.join(outdir, "stacks"));
    return Object.fromEntries(
      stacks.map((stack) => {
        const json = JSON.parse(readFileSync(path.join(outdir, "stacks", stack, "cdk.tf.json"), "utf8"));
        delete json["//"].metadata.version;
        delete json.terraform.required_providers.aws.source;
        return [stack, json];
      }),
    );
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** @returns whether every example has the same JSON under both. */
async function resourcesAreTheSame() {
  const alias = Object.fromEntries(
    Object.entries(replacements).map(([name, other]) => [name, path.join(modules, other)]),
  );
  const apps = [await bundle("installed", {}), await bundle("newest", alias)];
  await stop();
  const examples = readdirSync(path.join(root, "examples"), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  const files = examples.map(({ name }) => path.join("examples", name, "environments.json"));
  const different = files.filter((file) => {
    const [installed, newest] = apps.map((app) => synthesized(app, file));
    try {
      assert.deepEqual(newest, installed);
      return false;
    } catch (error) {
      console.error(`${file} has other resources under AWS provider 6.x:\n${error.message}`);
      return true;
    }
  });
  return files.length > 0 && different.length === 0;
}

if (install()) {
  const fits = typesFit();
  const same = await resourcesAreTheSame();
  if (fits && same) {
    console.log(
      `The sources compile, and the examples have the same resources, under @cdktn/provider-aws ${packages["@cdktn/provider-aws"]}.`,
    );
  } else process.exitCode = 1;
}
