import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readlinkSync } from "node:fs";
import path from "node:path";
import dockerignore from "@balena/dockerignore";
import { buildDefaults } from "../aws/defaults";
import { kindOf, readRegularFile, readTextFile } from "../regular-file";
import { UserError } from "../user-error";

/**
 * A digest of what `docker build` would send of a folder: names, contents and executable bits, without what
 * `.dockerignore` leaves out. Times and owners don't count, so every checkout of one commit gives the same digest.
 * Source: https://docs.docker.com/build/concepts/context/#dockerignore-files
 *
 * @param folder the build context. @param dockerfile relative to it. @default "Dockerfile"
 * @returns 64 hexadecimal digits.
 * @throws UserError when the folder or the Dockerfile in it is missing. @throws UserError when a FIFO, a socket or
 *   a device is in the context, which `docker build` can't copy.
 */
export function buildContextDigest(folder: string, dockerfile: string = buildDefaults.dockerfile): string {
  if (readRegularFile(path.join(folder, dockerfile)) === undefined) {
    throw new UserError(
      `${path.join(folder, dockerfile)} does not exist: image.build names a folder with a Dockerfile`,
    );
  }
  const ignored = dockerignore({ ignorecase: false });
  ignored.add(readTextFile(path.join(folder, ".dockerignore")) ?? "");
  const hash = createHash("sha256");
  for (const file of filesOf(folder, "")) {
    if (file !== dockerfile && ignored.ignores(file)) continue;
    const content = entryOf(path.join(folder, file));
    hash.update(`${file}\0${content.kind}\0${content.bytes.length}\0`).update(content.bytes);
  }
  return hash.digest("hex");
}

/** 1 GiB: what a context sends is copied into the image's build. */
const contextFileLimit = 2 ** 30;

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
  const stats = lstatSync(file);
  if (stats.isSymbolicLink()) return { kind: "link", bytes: Buffer.from(readlinkSync(file)) };
  if (!stats.isFile()) {
    throw new UserError(`${file} is ${kindOf(stats)}. Remove it from the build context, or list it in .dockerignore.`);
  }
  const bytes = readRegularFile(file, contextFileLimit);
  if (bytes === undefined) throw new UserError(`${file} was removed while the build context was read.`);
  return { kind: stats.mode & 0o100 ? "program" : "file", bytes };
}
