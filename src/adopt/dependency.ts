import { type Edit, byHand, edited, present } from "./edit";
import { closingBracket, codeOnly, insertAt, onlyMatch } from "./elixir-source";

/** As the sample asks for it. Tests never cluster, so they do without it. */
const dependency = '{:libcluster, "~> 3.5", only: [:dev, :prod]}';

/** Adds libcluster to the list that `deps/0` of a `mix.exs` returns, or to one written in `project/0`. */
export function addDependency(text: string): Edit {
  const code = codeOnly(text);
  if (/\{:libcluster\b/.test(code)) return present;

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
