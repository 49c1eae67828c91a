#!/usr/bin/env node
// Runs a TypeScript entry of this project: `node bin/run.mjs main.ts`.
//
// One esbuild bundle for each entry, kept in .cache/ and rebuilt only when one of its files has changed: an unchanged
// app starts in the time that Node needs to load one file. Types are not checked here; `npm test` and the editor do that.
// The npm package has no sources: it contains the bundles, in dist/bundles.
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { load } from "./load.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const cache = path.join(root, ".cache", "bundles");
/** The bundles of the npm package. bin/build-package.mjs writes them. */
const packaged = path.join(root, "dist", "bundles");

/** What tells one version of a file from another without reading it. */
const stamp = (file) => {
  try {
    const { mtimeMs, size } = statSync(path.join(root, file));
    return `${mtimeMs}:${size}`;
  } catch {
    return "missing";
  }
};

const isCurrent = (manifest) => {
  try {
    const inputs = JSON.parse(readFileSync(manifest, "utf8"));
    return Object.entries(inputs).every(([file, seen]) => stamp(file) === seen);
  } catch {
    return false;
  }
};

/** cdktf loads archiver at every start, for assets, which no stack here has. This loads it at the first archive. */
const lateArchiver = {
  name: "late-archiver",
  setup(build) {
    build.onResolve({ filter: /^archiver$/ }, ({ path: name, namespace, resolveDir }) =>
      namespace === "late" ? undefined : { path: name, namespace: "late", pluginData: resolveDir },
    );
    build.onLoad({ filter: /.*/, namespace: "late" }, ({ path: name, pluginData }) => ({
      contents: `module.exports = (...options) => require("${name}")(...options);`,
      resolveDir: pluginData,
    }));
  },
};

/** The file name of the bundle of `entry`, without its ending. */
const nameOf = (entry) => path.relative(root, path.resolve(root, entry)).replace(/[^\w.-]+/g, "_");

/** The path of the bundle of `entry` in the npm package. */
export const packagedBundle = (entry) => path.join(packaged, `${nameOf(entry)}.cjs`);

/** Writes the bundle of `entry` to `outfile`; gives the metafile of esbuild. */
export async function buildBundle(entry, outfile) {
  const { build } = await import("esbuild");
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    // Node can't import() from code that was compiled before (load.mjs): esbuild writes require for it.
    supported: { "dynamic-import": false },
    // A package's ES module where it has one: UMD wrappers hide their imports from the bundler.
    mainFields: ["module", "main"],
    // Half the size is half the parsing; names stay, for messages.
    minifyWhitespace: true,
    minifySyntax: true,
    metafile: true,
    logLevel: "error",
    // bin/pictures alone uses it; it reads files next to its own.
    external: ["playwright-core"],
    plugins: [lateArchiver],
  });
  return metafile;
}

/** Builds the bundle of `entry` when it is out of date; gives the path of the file to run. */
export async function bundle(entry) {
  if (!existsSync(path.resolve(root, entry)) && existsSync(packagedBundle(entry))) return packagedBundle(entry);
  const name = nameOf(entry);
  const outfile = path.join(cache, `${name}.cjs`);
  const manifest = path.join(cache, `${name}.inputs.json`);
  if (existsSync(outfile) && isCurrent(manifest)) return outfile;

  // Written under a name of its own and moved into place: two runs at once never see half a file.
  const draft = path.join(cache, `${name}.${process.pid}.cjs`);
  mkdirSync(cache, { recursive: true });
  const metafile = await buildBundle(entry, draft);
  // Packages change with the lock file alone, so that stands for all of them.
  const own = Object.keys(metafile.inputs).filter((file) => !/^(node_modules\/|late:)/.test(file));
  const inputs = Object.fromEntries(["package-lock.json", "bin/run.mjs", ...own].map((file) => [file, stamp(file)]));
  renameSync(draft, outfile);
  writeFileSync(`${manifest}.${process.pid}`, JSON.stringify(inputs));
  renameSync(`${manifest}.${process.pid}`, manifest);
  return outfile;
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const entry = process.argv[2];
  if (!entry) {
    console.error("usage: node bin/run.mjs <entry.ts> [arguments…]");
    process.exit(2);
  }
  // esbuild has said what is wrong, and where.
  const file = await bundle(entry).catch(() => process.exit(1));
  process.argv.splice(1, 2, file);
  load(file);
}
