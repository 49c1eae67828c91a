import path from "node:path";
import { type Step, edited, present } from "./edit";
import { codeOnly } from "../source/elixir-source";
import type { MixProject } from "../source/mix-project";
import { sampleModule } from "../source/sample";

/** Copies of the sample's modules that read the environment and that keep a cluster together beyond 8 tasks. */
export function clusterModules({ tree, application }: MixProject): Step[] {
  const { namespace, folder } = application;
  const sources = tree.elixirFiles(path.posix.join(folder, "lib"));
  const copies: [string, string][] = [
    ["Topologies", "libcluster's topologies from the task's environment"],
    ["Resolver", "a resolver for DNSPoll that drops no living node"],
  ];
  return copies.map(([module, what]) => {
    const name = `${namespace}.Cluster.${module}`;
    const definition = new RegExp(`^\\s*defmodule ${name.replaceAll(".", "\\.")} do`, "m");
    const file = `cluster/${module.toLowerCase()}.ex`;
    const existing = sources.find((source) => definition.test(codeOnly(tree.read(source) ?? "")));
    return {
      what,
      file: existing ?? path.posix.join(moduleFolder(application), file),
      edit: () => (existing === undefined ? edited(sampleModule(`lib/myapp/${file}`, namespace)) : present),
    };
  });
}

/** Beside `application.ex`, which lies where the project keeps the modules of its namespace. */
function moduleFolder({ folder, namespace, callbackFile }: MixProject["application"]): string {
  if (callbackFile?.endsWith("/application.ex")) return path.posix.dirname(callbackFile);
  const underscored = namespace
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .replace(/([a-z\d])([A-Z])/g, "$1_$2")
    .replaceAll(".", "/")
    .toLowerCase();
  return path.posix.join(folder, "lib", underscored);
}
