import { type Edit, byHand, edited } from "./edit";
import { closingBracket, codeOnly, insertAt, lineEnd, onlyMatch } from "../source/elixir-source";

const concatenation = `
    # Last: what serves never waits for the cluster.
    children = children ++ cluster()
`;

/**
 * Adds libcluster's supervisor after all other children.
 *
 * @param text of the file that defines the application's callback module.
 * @param namespace the application's, as in `Shop.ClusterSupervisor`.
 */
export function addSupervisorChild(text: string, namespace: string): Edit {
  const code = codeOnly(text);
  const instead = (why: string) =>
    byHand(
      why,
      "Add this to start/2, once the list of children is complete, and the function to the module",
      [concatenation.trimEnd().slice(1), childFunction(namespace)].join("\n"),
    );

  const list = onlyMatch(code, /\bchildren = \[/);
  const close = list ? closingBracket(code, list.index + list[0].length - 1) : -1;
  if (close < 0) return instead("it has no single list `children = [ … ]`");
  if (code.slice(close + 1, lineEnd(code, close)).trim() !== "") return instead("its list of children is composed");
  if (!/\bSupervisor\.start_link\(children\b/.test(code.slice(close))) {
    return instead("it doesn't start its children by `Supervisor.start_link(children, …)`");
  }
  if (/\bcluster(\(| do\b)/.test(code)) return instead("it has a function `cluster` of its own");
  const moduleEnd = onlyMatch(code, /^end\s*$/m);
  if (!moduleEnd || !onlyMatch(code, /^defmodule /m)) return instead("it doesn't hold one single module");

  const withFunction = insertAt(text, moduleEnd.index, `\n${childFunction(namespace)}`);
  return edited(insertAt(withFunction, lineEnd(text, close) + 1, concatenation));
}

/** The child as libcluster documents it: https://hexdocs.pm/libcluster/readme.html#clustering */
function childFunction(namespace: string): string {
  return `  # Nothing in test, where there are no topologies.
  defp cluster do
    case Application.get_env(:libcluster, :topologies, []) do
      [] -> []
      topologies -> [{Cluster.Supervisor, [topologies, [name: ${namespace}.ClusterSupervisor]]}]
    end
  end
`;
}
