import { existsSync } from "node:fs";
import path from "node:path";

/**
 * The project's folder: the nearest parent with `cdktf.json`. Sources run from `src/` (tests) or as a bundle from
 * `.cache/bundles/`, so a path relative to the file wouldn't work in both.
 */
export const projectRoot: string = (() => {
  for (let folder = __dirname; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, "cdktf.json"))) return folder;
    if (folder === path.dirname(folder)) throw new Error(`no cdktf.json above ${__dirname}`);
  }
})();
