import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

/** The files of a project. Paths are relative to its root, with `/`. */
export class ProjectTree {
  constructor(readonly root: string) {}

  /** The text as it stands in the file, or `undefined` when there is none. */
  read(file: string): string | undefined {
    try {
      return readFileSync(path.join(this.root, file), "utf8");
    } catch (error) {
      if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
      throw error;
    }
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

  #entries(folder: string) {
    try {
      const entries = readdirSync(path.join(this.root, folder), { withFileTypes: true });
      return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    } catch {
      return [];
    }
  }
}
