import { readFileSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "../../project-root";

/** The project that adopters copy from. What is tested there is what arrives in theirs. */
const sampleFolder = path.join(projectRoot, "elixir-app");

/** A file of the sample, as it is. */
export function sampleFile(file: string): string {
  return readFileSync(samplePath(file), "utf8");
}

/** A source file of the sample, its module `Myapp` renamed to `namespace`. */
export function sampleModule(file: string, namespace: string): string {
  return sampleFile(file).replace(/\bMyapp\b/g, namespace);
}

/** Where a file of the sample lies, for messages. */
export function samplePath(file: string): string {
  return path.join(sampleFolder, file);
}
