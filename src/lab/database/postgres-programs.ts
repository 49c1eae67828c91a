import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { findTool } from "../data-plane/vpc/machine";

/** Where Debian has PostgreSQL's programs, by major version: only `psql` is on the path. */
const debian = "/usr/lib/postgresql";

const needed = ["initdb", "postgres", "psql"];

/** The folder with PostgreSQL's programs, of the newest version; `undefined` when this machine has no server. */
export function postgresPrograms(root = debian): string | undefined {
  const versions = existsSync(root) ? readdirSync(root).filter((name) => /^\d+$/.test(name)) : [];
  const newestFirst = versions.sort((one, other) => Number(other) - Number(one));
  const folders = newestFirst.map((version) => path.join(root, version, "bin"));
  const onPath = findTool("postgres");
  if (onPath !== undefined && root === debian) folders.push(path.dirname(onPath));
  return folders.find((folder) => needed.every((name) => existsSync(path.join(folder, name))));
}
