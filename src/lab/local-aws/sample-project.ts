import { cpSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "../../project-root";

/** The mix project of the sample application. */
export const sampleApp = path.join(projectRoot, "elixir-app");

/** What takes libcluster's place where hex.pm is out of reach. */
export const libclusterStandIn = path.join(projectRoot, "src/lab/local-aws/libcluster");

/**
 * Copies `elixir-app` to `folder`, with the libcluster of a folder in place of the one that Mix fetches from hex.pm.
 *
 * @param libcluster absolute path of a mix project.
 */
export function copySampleProject(folder: string, libcluster: string): void {
  cpSync(sampleApp, folder, {
    recursive: true,
    preserveTimestamps: true,
    filter: (file) => !["_build", "deps"].includes(path.relative(sampleApp, file)),
  });
  const mixFile = path.join(folder, "mix.exs");
  const dependency = `{:libcluster, path: ${JSON.stringify(libcluster)}}`;
  writeFileSync(
    mixFile,
    readFileSync(mixFile, "utf8").replace(/\{:libcluster, [^}]*\}/, () => dependency),
  );
}
