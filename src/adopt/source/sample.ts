import { readFileSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "../../project-root";

/** The project that adopters copy from. They get what is tested there. */
const sampleFolder = path.join(projectRoot, "elixir-app");

/** A file of the sample, as it is. */
export function sampleFile(file: string): string {
  return readFileSync(samplePath(file), "utf8");
}

/** A source file of the sample, with `Myapp` replaced by `namespace` and `:myapp` by the application's `name`. */
export function sampleModule(file: string, namespace: string, name: string): string {
  return sampleFile(file)
    .replace(/\bMyapp\b/g, namespace)
    .replace(/:myapp\b/g, `:${name}`);
}

/** The path of a file of the sample, for messages. */
export function samplePath(file: string): string {
  return path.join(sampleFolder, file);
}
