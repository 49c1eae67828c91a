import { lstatSync, readdirSync, realpathSync } from "node:fs";
import path from "node:path";
import { readRegularFile } from "../../regular-file";
import { decode } from "./source-bytes";
import { UserError } from "../../user-error";

/** The files of a project. Paths are relative to its root, with `/`. */
export class ProjectTree {
  constructor(readonly root: string) {}

  /**
   * The file's text with line ends `\n`, or `undefined` when there is none. It may be a link to a file elsewhere.
   *
   * @throws UserError when there is something else in place of a file.
   */
  read(file: string): string | undefined {
    const bytes = this.bytes(file);
    return bytes && decode(bytes);
  }

  /** The file as it is. @throws UserError as {@link read} does. */
  bytes(file: string): Buffer | undefined {
    return readRegularFile(path.resolve(this.root, file));
  }

  /** The text of what is a file, and nothing where there is something else. */
  readIfFile(file: string): string | undefined {
    try {
      return this.read(file);
    } catch (error) {
      if (error instanceof UserError) return undefined;
      throw error;
    }
  }

  /** The names of all that is in `folder`, sorted. */
  names(folder: string): string[] {
    return this.#entries(folder).map(({ name }) => name);
  }

  /** The folders in `folder`, sorted. */
  folders(folder: string): string[] {
    return this.#entries(folder)
      .filter((entry) => entry.isDirectory())
      .map((entry) => path.posix.join(folder, entry.name));
  }

  /** All `.ex` files below `folder`, sorted. */
  elixirFiles(folder: string): string[] {
    return this.#entries(folder).flatMap((entry) => {
      const file = path.posix.join(folder, entry.name);
      if (entry.isDirectory()) return this.elixirFiles(file);
      return entry.name.endsWith(".ex") ? [file] : [];
    });
  }

  /**
   * Where a change of `file` would be written once every link on the way is followed.
   *
   * @throws UserError when that isn't below the project's own folder.
   */
  target(file: string): string {
    const named = path.resolve(this.root, file);
    const target = realTarget(named);
    const inside = path.relative(realpathSync(this.root), target);
    if (inside === "" || inside.split(path.sep)[0] === ".." || path.isAbsolute(inside))
      throw new UserError(`${file} is outside the project: ${target}`);
    return target;
  }

  #entries(folder: string) {
    try {
      const entries = readdirSync(path.resolve(this.root, folder), { withFileTypes: true });
      return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === "ENOENT" || code === "ENOTDIR") return [];
      throw new UserError(`${folder} can't be read: ${message}`);
    }
  }
}

/** The real path of the part that exists, and the rest as named. */
function realTarget(named: string): string {
  const missing: string[] = [];
  for (let existing = named; ; existing = path.dirname(existing)) {
    if (exists(existing)) return path.join(followed(existing), ...missing);
    missing.unshift(path.basename(existing));
  }
}

/** A link exists, wherever it leads. */
function exists(file: string): boolean {
  try {
    return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return false;
    throw error;
  }
}

function followed(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    throw new UserError(`${file} is a link that leads nowhere`);
  }
}
