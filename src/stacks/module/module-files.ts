import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { readTextFile } from "../../regular-file";
import { UserError } from "../../user-error";
import type { ModuleJson } from "./module-json";
import { moduleReadme } from "./module-readme";

/** In every file that this command writes: it replaces no other. */
const mark = "Written by elixir-cluster module, which replaces this file when it runs again.";

/** The files of a module by name, as HashiCorp's standard structure has them. Source: https://developer.hashicorp.com/terraform/language/modules/develop/structure */
export function moduleFiles(folder: string, json: ModuleJson): Readonly<Record<string, string>> {
  const { versions, variables, outputs, main } = json;
  const sorted = (record: object) => Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
  const text = (value: object) => `${JSON.stringify({ "//": mark, ...value }, null, 2)}\n`;
  return {
    "main.tf.json": text(sorted(main)),
    "variables.tf.json": text({ variable: sorted(variables) }),
    "outputs.tf.json": text({ output: sorted(outputs) }),
    "versions.tf.json": text(versions),
    "README.md": `<!-- ${mark} -->\n\n${moduleReadme(path.basename(path.resolve(folder)), json)}`,
  };
}

/**
 * Writes a module's files, all or none.
 *
 * @returns names of the files that changed. @throws UserError when a file is there that this command didn't write
 */
export function writeModule(folder: string, files: Readonly<Record<string, string>>): string[] {
  const old = new Map(Object.keys(files).map((name) => [name, readTextFile(path.join(folder, name))]));
  const others = [...old].filter(([, text]) => text !== undefined && !text.slice(0, 200).includes(mark));
  if (others.length > 0) {
    const names = others.map(([name]) => path.join(folder, name)).join(", ");
    throw new UserError(
      `Nothing was written: this command didn't write ${names}. Name another folder with --out, or move ${others.length === 1 ? "the file" : "these files"}.`,
    );
  }
  const changed = Object.entries(files).filter(([name, text]) => old.get(name) !== text);
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of changed) writeFileSync(path.join(folder, name), text);
  return changed.map(([name]) => name);
}
