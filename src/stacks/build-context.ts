import { createHash } from "node:crypto";
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import path from "node:path";
import dockerignore from "@balena/dockerignore";

/**
 * A digest of what `docker build` would send of a folder: names, contents and executable bits, without what
 * `.dockerignore` leaves out. Times and owners don't count, so every checkout of one commit gives the same digest.
 * Source: https://docs.docker.com/build/concepts/context/#dockerignore-files
 *
 * @param folder the build context. @param dockerfile relative to it.
 * @returns 64 hexadecimal digits.
 * @throws RangeError when the folder or the Dockerfile in it is missing.
 */
export function buildContextDigest(folder: string, dockerfile: string): string {
  if (!existsSync(path.join(folder, dockerfile))) {
    throw new RangeError(
      `${path.join(folder, dockerfile)} does not exist: image.build names a folder that holds a Dockerfile`,
    );
  }
  const ignored = dockerignore({ ignorecase: false });
  const ignoreFile = path.join(folder, ".dockerignore");
  if (existsSync(ignoreFile)) ignored.add(readFileSync(ignoreFile, "utf8"));
  const hash = createHash("sha256");
  for (const file of filesOf(folder, "")) {
    if (file !== dockerfile && ignored.ignores(file)) continue;
    const content = entryOf(path.join(folder, file));
    hash.update(`${file}\0${content.kind}\0${content.bytes.length}\0`).update(content.bytes);
  }
  return hash.digest("hex");
}

/** Files below `folder`, in one order on every machine. */
function filesOf(folder: string, below: string): string[] {
  return readdirSync(path.join(folder, below), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const file = path.posix.join(below, entry.name);
      return entry.isDirectory() ? filesOf(folder, file) : [file];
    });
}

function entryOf(file: string): { kind: "file" | "program" | "link"; bytes: Buffer } {
  const { mode } = lstatSync(file);
  if (lstatSync(file).isSymbolicLink()) return { kind: "link", bytes: Buffer.from(readlinkSync(file)) };
  return { kind: mode & 0o100 ? "program" : "file", bytes: readFileSync(file) };
}
