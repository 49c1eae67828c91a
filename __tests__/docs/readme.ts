import { readFileSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "../../src/project-root";

const readme = readFileSync(path.join(projectRoot, "README.md"), "utf8");

/** A section of the README, from its heading to the next one of the same level. */
function section(heading: string): string {
  const found = new RegExp(`^## ${heading}\\n([^]*?)(?=^## |$(?![^]))`, "m").exec(readme)?.[1];
  if (found === undefined) throw new Error(`README.md has no section "${heading}".`);
  return found;
}

/** The environments file that the README shows. */
export const readmeFile = /```json\n(\{[^]*?\n\})\n```/.exec(section("Describe your environments"))![1]!;

/** The page of the deploy steps, which are for README's own file. */
export const deploySection = readFileSync(path.join(projectRoot, "docs", "deploy.md"), "utf8");

/** Assignments of its deploy steps, with the ones before them filled in as a shell does. */
const assigned = new Map<string, string>();
for (const [, name, value] of deploySection.matchAll(/^(?:export )?(\w+)=(\S+)$/gm)) {
  const filled = value!.replace(/^"(.*)"$/, "$1").replace(/\$(\w+)/g, (_, other: string) => assigned.get(other) ?? "");
  assigned.set(name!, filled);
}

/** The variables that its deploy steps export. */
export const exported: Readonly<Record<string, string>> = Object.fromEntries(
  [...deploySection.matchAll(/^export (\w+)=/gm)].map(([, name]) => [name!, assigned.get(name!)!]),
);

/** The commands of its deploy steps, a line each, without comments. */
export const deployCommands: readonly string[] = [...deploySection.matchAll(/^```sh\n([^]*?)^```/gm)]
  .flatMap(([, lines]) => lines!.split("\n"))
  .map((line) => line.replace(/\s+#.*$/, ""))
  .filter((line) => line !== "");

/** The scripts of "Start with your app", one for each block. */
export const startScripts: readonly string[] = [
  ...section("Start with your app").matchAll(/^```sh\n([^]*?)^```/gm),
].map(([, lines]) => lines!.trimEnd());
