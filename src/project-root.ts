import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/** Whether a folder contains this package's own package.json. */
function isOwn(folder: string): boolean {
  const file = path.join(folder, "package.json");
  return existsSync(file) && (JSON.parse(readFileSync(file, "utf8")) as { name?: unknown }).name === "elixir-cluster";
}

/**
 * The folder of this package: a checkout, or `node_modules/elixir-cluster`. Code runs from `src/` (tests) or as a bundle from
 * `.cache/bundles/` or `dist/bundles/`, so a path relative to the file wouldn't work in all of them.
 */
export const projectRoot: string = (() => {
  for (let folder = __dirname; ; folder = path.dirname(folder)) {
    if (isOwn(folder)) return folder;
    if (folder === path.dirname(folder)) throw new Error(`no package.json of elixir-cluster above ${__dirname}`);
  }
})();
