import { cpSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "../../../project-root";

/** The mix project of the sample application. */
export const sampleApp = path.join(projectRoot, "elixir-app");

/** Dependencies of the sample, each with the variable that names a folder to take it from. */
const variables = { libcluster: "LIBCLUSTER_PATH", dns_cluster: "DNS_CLUSTER_PATH" } as const;

type Dependency = keyof typeof variables;

/** Folder of each of the sample's dependencies: an absolute path of a mix project. */
export type SampleDependencies = Readonly<Record<Dependency, string>>;

const names = Object.keys(variables) as Dependency[];

const byName = (folder: (name: Dependency) => string): SampleDependencies => ({
  libcluster: folder("libcluster"),
  dns_cluster: folder("dns_cluster"),
});

/** What replaces the sample's dependencies where hex.pm is out of reach. */
export const standIns = byName((name) => path.join(projectRoot, "src/lab/local-aws", name));

/** Each dependency from the folder that its variable names, else its stand-in. */
export function sampleDependencies(environment: NodeJS.ProcessEnv = process.env): SampleDependencies {
  return byName((name) => {
    const given = environment[variables[name]];
    return given ? path.resolve(given) : standIns[name];
  });
}

/** Whether Mix can use what it has fetched from hex.pm: all dependencies are there, and no variable names another. */
export function hasFetchedDependencies(fetched: (name: string) => boolean, environment = process.env): boolean {
  return names.every((name) => fetched(name) && !environment[variables[name]]);
}

/** Names of the dependencies that are stand-ins, for people: `libcluster and dns_cluster`. Empty when none is. */
export function describeStandIns(dependencies: SampleDependencies): string {
  return names.filter((name) => dependencies[name] === standIns[name]).join(" and ");
}

/** The variables that pass `dependencies` on to another process. */
export function dependencyVariables(dependencies: SampleDependencies): Record<string, string> {
  return Object.fromEntries(names.map((name) => [variables[name], dependencies[name]]));
}

/** Copies `elixir-app` to `folder`, with `dependencies` in place of those that Mix fetches from hex.pm. */
export function copySampleProject(folder: string, dependencies: SampleDependencies): void {
  cpSync(sampleApp, folder, {
    recursive: true,
    preserveTimestamps: true,
    filter: (file) => !["_build", "deps"].includes(path.relative(sampleApp, file)),
  });
  const mixFile = path.join(folder, "mix.exs");
  writeFileSync(mixFile, withDependencies(readFileSync(mixFile, "utf8"), dependencies));
}

/** The text of a `mix.exs` that takes those of its dependencies that have a folder from there. */
export function withDependencies(mixFile: string, dependencies: SampleDependencies): string {
  return names.reduce(
    (text, name) =>
      text.replace(
        new RegExp(`\\{:${name}, [^}]*\\}`),
        () => `{:${name}, path: ${JSON.stringify(dependencies[name])}}`,
      ),
    mixFile,
  );
}
