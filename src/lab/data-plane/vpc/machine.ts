import { accessSync, constants } from "node:fs";
import path from "node:path";

/** Where this machine keeps its tools; the path of a user often lacks the last ones. */
export const toolPath = `${process.env.PATH ?? "/usr/bin:/bin"}:/usr/local/sbin:/usr/sbin:/sbin`;

/** Absolute path of a tool; `undefined` when this machine has none. */
export function findTool(name: string): string | undefined {
  return toolPath
    .split(":")
    .filter(Boolean)
    .map((folder) => path.join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
