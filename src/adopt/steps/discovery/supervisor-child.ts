import { type Edit, byHand, edited } from "../edit";
import {
  closingBracket,
  codeOnly,
  formatterLineLength,
  insertAt,
  lineEnd,
  onlyMatch,
} from "../../source/elixir-source";

const topologies = "topologies = Application.get_env(:libcluster, :topologies, [])";

/** The child as libcluster documents it: https://hexdocs.pm/libcluster/readme.html#clustering */
const child = (namespace: string) => `{Cluster.Supervisor, [topologies, [name: ${namespace}.ClusterSupervisor]]}`;

/** The first of these is where discovery belongs at the latest, with those after it. */
const users = /(?<![\w.])(\{?Phoenix\.PubSub\b|\{?(?:[A-Z]\w*\.)+Endpoint\b)/;

/**
 * Adds libcluster's supervisor to the children: before PubSub and the endpoint, or else before all others.
 *
 * @param text of the file that defines the application's callback module.
 * @param namespace the application's, as in `Shop.ClusterSupervisor`.
 */
export function addSupervisorChild(text: string, namespace: string): Edit {
  const code = codeOnly(text);
  const line = child(namespace);
  const instead = (why: string) =>
    byHand(why, "Add this to start/2, with the child before PubSub and the endpoint", `${topologies}\n\n${line},`);

  const list = onlyMatch(code, /\bchildren = \[/);
  const open = list ? list.index + list[0].length - 1 : -1;
  const close = list ? closingBracket(code, open) : -1;
  if (!list || close < 0) return instead("it has no single list `children = [ … ]`");
  if (code.slice(close + 1, lineEnd(code, close)).trim() !== "")
    return instead("its list of children isn't a literal list");
  if (!/\bSupervisor\.start_link\(children\b/.test(code.slice(close))) {
    return instead("it doesn't start its children by `Supervisor.start_link(children, …)`");
  }
  if (/\btopologies\b/.test(code)) return instead("it has something else called `topologies`");

  const start = text.lastIndexOf("\n", list.index) + 1;
  const indent = /^\s*/.exec(text.slice(start))![0];
  const withChild = inList(text, code, open, close, line);
  if (withChild === undefined) return instead("its children are on one line");
  return edited(insertAt(withChild, start, `${indent}${topologies}\n\n`));
}

/** `undefined` where the formatter would break the line. */
function inList(text: string, code: string, open: number, close: number, line: string): string | undefined {
  const inside = code.slice(open + 1, close);
  const isEmpty = inside.trim() === "";
  if (!text.slice(open, close).includes("\n")) {
    const at = isEmpty ? open + 1 : open + 1 + (users.exec(inside)?.index ?? 0);
    const result = insertAt(text, at, isEmpty ? line : `${line}, `);
    const begin = result.lastIndexOf("\n", at) + 1;
    return lineEnd(result, at) - begin > formatterLineLength ? undefined : result;
  }
  const user = users.exec(inside);
  const at = user ? text.lastIndexOf("\n", open + 1 + user.index) + 1 : lineEnd(text, open) + 1;
  // Comments right above belong to the child.
  const above = user ? (/(?:(?<=\n)[^\S\n]*#.*\n)+$/.exec(text.slice(0, at))?.[0].length ?? 0) : 0;
  const indent = /^[^\S\n]*/.exec(text.slice(at))![0];
  return insertAt(text, at - above, `${indent}${line}${isEmpty ? "" : ","}\n`);
}

/** Whether a child starts after PubSub or an endpoint, by the file that names it among `children`. */
export function startsTooLate(text: string, child: RegExp): boolean {
  const code = codeOnly(text);
  const list = /\bchildren = \[/.exec(code);
  const at = code.search(child);
  const user = list ? code.slice(list.index).search(users) : -1;
  return list !== null && at >= 0 && user >= 0 && at > list.index + user;
}
