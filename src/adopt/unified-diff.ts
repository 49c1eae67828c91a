import { FILE_HEADERS_ONLY, formatPatch, structuredPatch } from "diff";
import type { Change } from "./plan";

/** The changes as a patch that `git apply` and `patch -p1` take. */
export function unifiedDiff(changes: readonly Change[]): string {
  return changes
    .map(({ file, before, after }) => {
      const from = before === undefined ? "/dev/null" : `a/${file}`;
      const patch = structuredPatch(from, `b/${file}`, before ?? "", after, undefined, undefined, { context: 3 });
      return formatPatch(patch, FILE_HEADERS_ONLY);
    })
    .join("");
}
