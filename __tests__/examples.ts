import { readdirSync } from "node:fs";
import path from "node:path";

const folder = path.join(__dirname, "..", "examples");

/** The environments file of an example. */
export const exampleFile = (name: string): string => path.join(folder, name, "environments.json");

/** Names of all examples: the folders of `examples`. */
export const exampleNames: readonly string[] = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
