import { type Edit, byHand, edited, present } from "../edit";
import {
  append,
  codeOnly,
  formatterLineLength,
  insertAt,
  lineNumber,
  onlyMatch,
  withoutComments,
} from "../../source/elixir-source";
import { libclusterConfig } from "./development-config";
import type { ProjectTree } from "../../source/project-tree";

/**
 * Lets `config/runtime.exs` build the topologies of production from the task's environment.
 *
 * @param namespace of the application that has `Cluster.Topologies`.
 * @param tree where other configuration of libcluster may stand.
 */
export function addRuntimeTopologies(text: string | undefined, namespace: string, tree: ProjectTree): Edit {
  const code = codeOnly(text ?? "");
  if (/\bTopologies\.from_env!/.test(code) || withoutComments(text ?? "").includes("CLUSTER_NODES")) return present;

  const line = topologiesLine(namespace);
  const block = `if config_env() == :prod do\n${line}\nend\n`;
  const other = otherTopologies(text, tree);
  if (other !== undefined) {
    return byHand(
      `${other} configures libcluster already, and topologies of both would be merged`,
      "Put this into the block `if config_env() == :prod do`, and remove the other configuration",
      line,
    );
  }
  if (text === undefined) {
    return tree.read("config/releases.exs") === undefined
      ? edited(`import Config\n\n${block}`)
      : byHand(
          "the project uses config/releases.exs, which older Elixir versions generate",
          "Add this to config/releases.exs",
          line.trim(),
        );
  }
  if (!/^import Config$/m.test(code)) return byHand("it doesn't `import Config`", "Add this at its end", block);

  const production = onlyMatch(code, /^if config_env\(\) == :prod do\n/m);
  return production
    ? edited(insertAt(text, production.index + production[0].length, `${line}\n\n`))
    : edited(append(text, block));
}

function topologiesLine(namespace: string): string {
  const topologies = `topologies: ${namespace}.Cluster.Topologies.from_env!(System.get_env())`;
  const line = `  config :libcluster, ${topologies}`;
  return line.length <= formatterLineLength ? line : `  config :libcluster,\n    ${topologies}`;
}

/** Where production gets topologies from so far, as `file:line`. */
function otherTopologies(runtime: string | undefined, tree: ProjectTree): string | undefined {
  const files: [string, string | undefined][] = [
    ["config/runtime.exs", runtime],
    ["config/prod.exs", tree.read("config/prod.exs")],
    ["config/config.exs", tree.read("config/config.exs")],
  ];
  for (const [file, text] of files) {
    const code = codeOnly(text ?? "");
    const found = libclusterConfig.exec(code);
    if (found && (file !== "config/config.exs" || code.includes("DNSPoll"))) {
      return `${file}:${lineNumber(code, found.index)}`;
    }
  }
  return undefined;
}
