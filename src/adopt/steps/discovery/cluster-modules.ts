import path from "node:path";
import { type Step, edited, present } from "../edit";
import { codeOnly } from "../../source/elixir-source";
import type { MixProject } from "../../source/mix-project";
import { sampleModule } from "../../source/sample";

const copies = {
  Topologies: "libcluster's topologies from the task's environment",
  Strategy: "a libcluster strategy that never disconnects a node",
};

/** Copies of the sample's modules that read the environment and that keep a cluster together beyond 8 tasks. */
export function clusterModules(project: MixProject): Step[] {
  return Object.entries(copies).map(([module, what]) =>
    copiedModule(project, module, what, module === "Strategy" ? earlierResolver(project) : undefined),
  );
}

/**
 * A copy of one module of the sample's `Cluster`, where the project doesn't define it.
 *
 * @param instead a file of the project that takes its place.
 */
export function copiedModule(project: MixProject, module: string, what: string, instead?: string): Step {
  const { namespace, name } = project.application;
  const file = `cluster/${module.toLowerCase()}.ex`;
  const existing = definedIn(project, module) ?? instead;
  return {
    what,
    file: existing ?? path.posix.join(moduleFolder(project.application), file),
    edit: () => (existing === undefined ? edited(sampleModule(`lib/myapp/${file}`, namespace, name)) : present),
  };
}

/**
 * The file of the resolver for DNSPoll that earlier versions of adopt wrote, where nothing has taken its place. It keeps
 * living nodes too.
 */
export function earlierResolver(project: MixProject): string | undefined {
  return definedIn(project, "Strategy") === undefined ? definedIn(project, "Resolver") : undefined;
}

/** The file that defines a module of the namespace's `Cluster`. */
export function definedIn(
  { tree, application: { namespace, sources } }: MixProject,
  module: string,
): string | undefined {
  const name = `${namespace}.Cluster.${module}`.replaceAll(".", "\\.");
  const definition = new RegExp(`^\\s*defmodule ${name} do`, "m");
  return sources.find((source) => definition.test(codeOnly(tree.read(source) ?? "")));
}

/** The folder of `application.ex`, where the project keeps the modules of its namespace. */
function moduleFolder({ folder, namespace, callbackFile }: MixProject["application"]): string {
  if (callbackFile?.endsWith("/application.ex")) return path.posix.dirname(callbackFile);
  const underscored = namespace
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .replace(/([a-z\d])([A-Z])/g, "$1_$2")
    .replaceAll(".", "/")
    .toLowerCase();
  return path.posix.join(folder, "lib", underscored);
}
