import { type Edit, byHand, edited, present } from "../edit";
import { closingBracket, codeOnly, insertAt, onlyMatch } from "../../source/elixir-source";

/** Without `only:`, which Mix refuses where another dependency (libcluster_postgres, libcluster_ec2) needs it as well. */
const dependency = '{:libcluster, "~> 3.5"}';

/**
 * Adds libcluster to the list that `deps/0` of a `mix.exs` returns, or to one written in `project/0`.
 *
 * @param lock the text of `mix.lock`.
 */
export function addDependency(text: string, lock = ""): Edit {
  const code = codeOnly(text);
  const theirs = declaration(text, "libcluster");
  if (theirs !== undefined) return keptOutOfRelease(text, "libcluster") ?? withTelemetry(lock);

  const list = onlyMatch(code, /\bdefp? deps(?:\(\))? do\s*\[/) ?? onlyMatch(code, /\bdeps: \[/);
  const open = list ? list.index + list[0].length - 1 : -1;
  const close = list ? closingBracket(code, open) : -1;
  if (close < 0)
    return byHand("its dependencies aren't a literal list", "Add this to the list of dependencies", dependency);

  const isEmpty = code.slice(open + 1, close).trim() === "";
  if (text.slice(open + 1, close).trim() === "") {
    return edited(text.slice(0, open) + `[${dependency}]` + text.slice(close + 1));
  }
  const firstLine = /^[^\S\n]*\n([^\S\n]*)/.exec(text.slice(open + 1));
  if (!firstLine) return byHand("its dependencies are on one line", "Add this to the list of dependencies", dependency);
  return edited(insertAt(text, text.indexOf("\n", open), `\n${firstLine[1]}${dependency}${isEmpty ? "" : ","}`));
}

/** How a `mix.exs` declares a dependency, such as `{:libcluster, "~> 3.5"}`. */
function declaration(text: string, name: string): string | undefined {
  const code = codeOnly(text);
  const found = new RegExp(`\\{:${name}\\b`).exec(code);
  return found ? text.slice(found.index, closingBracket(code, found.index) + 1) : undefined;
}

/** The step by hand for a dependency that `only:` or `runtime: false` keeps out of the release; `undefined` for others. */
export function keptOutOfRelease(text: string, name: string): Edit | undefined {
  const theirs = declaration(text, name) ?? "";
  const only = /\bonly: (\[[^\]]*\]|:\w+|~w\W[^)\]}|/]*\W\w?)/.exec(theirs);
  const left = only && !/\bprod\b/.test(only[1] ?? "") ? only[0] : /\bruntime: false\b/.exec(theirs)?.[0];
  if (left === undefined) return undefined;
  const version = /"[^"]*"/.exec(theirs)?.[0];
  const plain = name === "libcluster" || version === undefined ? dependency : `{:${name}, ${version}}`;
  return byHand(`\`${left}\` keeps ${name} out of the release`, "Remove it, so that the dependency is", plain);
}

/** libcluster brings telemetry, which the strategy reports to, from 3.4 on. */
function withTelemetry(lock: string): Edit {
  const old = /^ *"libcluster": \{:hex, :libcluster, "([0-2]\.[^"]*|3\.[0-3]\.[^"]*)"/m.exec(lock);
  return old && !/^ *"telemetry":/m.test(lock)
    ? byHand(`mix.lock has libcluster ${old[1]}, which brings no telemetry`, "Take 3.4 or later", dependency)
    : present;
}
