import { type Edit, byHand, edited, present } from "./edit";
import { closingBracket, codeOnly, insertAt, onlyMatch } from "../source/elixir-source";

/** Without `only:`, which Mix refuses where another dependency (libcluster_postgres, libcluster_ec2) needs it as well. */
const dependency = '{:libcluster, "~> 3.5"}';

/**
 * Adds libcluster to the list that `deps/0` of a `mix.exs` returns, or to one written in `project/0`.
 *
 * @param lock the text of `mix.lock`.
 */
export function addDependency(text: string, lock = ""): Edit {
  const code = codeOnly(text);
  const theirs = /\{:libcluster\b/.exec(code);
  if (theirs) return inProduction(text.slice(theirs.index, closingBracket(code, theirs.index) + 1), lock);

  const list = onlyMatch(code, /\bdefp? deps(?:\(\))? do\s*\[/) ?? onlyMatch(code, /\bdeps: \[/);
  const open = list ? list.index + list[0].length - 1 : -1;
  const close = list ? closingBracket(code, open) : -1;
  if (close < 0)
    return byHand("its dependencies aren't one plain list", "Add this to the list of dependencies", dependency);

  const isEmpty = code.slice(open + 1, close).trim() === "";
  if (text.slice(open + 1, close).trim() === "") {
    return edited(text.slice(0, open) + `[${dependency}]` + text.slice(close + 1));
  }
  const firstLine = /^[^\S\n]*\n([^\S\n]*)/.exec(text.slice(open + 1));
  if (!firstLine)
    return byHand("its dependencies stand in one line", "Add this to the list of dependencies", dependency);
  return edited(insertAt(text, text.indexOf("\n", open), `\n${firstLine[1]}${dependency}${isEmpty ? "" : ","}`));
}

/**
 * Whether the release gets the dependency as it is there: `only:` and `runtime: false` can keep it out, and libcluster
 * brings telemetry, which the strategy reports to, from 3.4 on.
 */
function inProduction(theirs: string, lock: string): Edit {
  const only = /\bonly: (\[[^\]]*\]|:\w+|~w\W[^)\]}|/]*\W\w?)/.exec(theirs);
  const left = only && !/\bprod\b/.test(only[1] ?? "") ? only[0] : /\bruntime: false\b/.exec(theirs)?.[0];
  const old = /^ *"libcluster": \{:hex, :libcluster, "([0-2]\.[^"]*|3\.[0-3]\.[^"]*)"/m.exec(lock);
  if (left === undefined && old && !/^ *"telemetry":/m.test(lock))
    return byHand(`mix.lock has libcluster ${old[1]}, which brings no telemetry`, "Take 3.4 or later", dependency);
  if (left === undefined) return present;
  return byHand(`\`${left}\` keeps libcluster out of the release`, "Remove it, so that the dependency is", dependency);
}
