const closing: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}", "<": ">" };

/**
 * Elixir source with everything that isn't code (comments, strings, heredocs, sigils, character literals) blanked out.
 * It keeps its length and its lines, so a position in the result is a position in the source.
 *
 * @see https://hexdocs.pm/elixir/syntax-reference.html
 */
export function codeOnly(source: string): string {
  return blanked(source, () => true);
}

/** Elixir source with its comments blanked out, and with the text in strings: for values in quotes. */
export function withoutComments(source: string): string {
  return blanked(source, (text) => text.startsWith("#"));
}

function blanked(source: string, isBlanked: (text: string) => boolean): string {
  let code = "";
  let at = 0;
  while (at < source.length) {
    const end = skipText(source, at);
    const text = source.slice(at, Math.max(end, at + 1));
    code += end > at && isBlanked(text) ? text.replace(/[^\n]/g, " ") : text;
    at += text.length;
  }
  return code;
}

/** Where the text that begins at `at` ends, or `at` when there is code. */
function skipText(source: string, at: number): number {
  const rest = source.slice(at, at + 80);
  if (rest.startsWith("#")) return lineEnd(source, at);

  const character = /^\?(\\.|[^\s\w\\]|\w(?!\w))/s.exec(rest);
  if (character && !/[\p{L}\p{N}_?!]/u.test(source[at - 1] ?? "")) return at + character[0].length;

  const text = /^(?:~([a-z]|[A-Z][A-Z0-9]*))?("""|'''|["'])/.exec(rest);
  if (text) return skipUntil(source, at + text[0].length, text[2] ?? "", /^[A-Z]/.test(text[1] ?? ""));

  const sigil = /^~([a-z]|[A-Z][A-Z0-9]*)([/|([{<])/.exec(rest);
  if (sigil) {
    const open = sigil[2] ?? "";
    return skipUntil(source, at + sigil[0].length, closing[open] ?? open, /^[A-Z]/.test(sigil[1] ?? ""));
  }
  return at;
}

/** Past the next `end` that is neither escaped nor inside an interpolation; the source's length when there is none. */
function skipUntil(source: string, from: number, end: string, verbatim: boolean): number {
  let at = from;
  while (at < source.length && !source.startsWith(end, at)) {
    if (source[at] === "\\") at += 2;
    else if (!verbatim && source.startsWith("#{", at)) at = skipInterpolation(source, at + 2);
    else at += 1;
  }
  return Math.min(at + end.length, source.length);
}

function skipInterpolation(source: string, from: number): number {
  let depth = 1;
  let at = from;
  while (at < source.length && depth > 0) {
    const end = skipText(source, at);
    if (end === at) depth += source[at] === "{" ? 1 : source[at] === "}" ? -1 : 0;
    at = Math.max(end, at + 1);
  }
  return at;
}

/** The position of the bracket that closes the one at `open` of {@link codeOnly}'s result; -1 when none does. */
export function closingBracket(code: string, open: number): number {
  const awaited: string[] = [];
  for (let at = open; at < code.length; at += 1) {
    const character = code[at] ?? "";
    if ("([{".includes(character)) awaited.push(closing[character] ?? "");
    else if (")]}".includes(character)) {
      if (awaited.pop() !== character) return -1;
      if (awaited.length === 0) return at;
    }
  }
  return -1;
}

/** The position of the line break that ends the line of `at`, or the source's length. */
export function lineEnd(source: string, at: number): number {
  const end = source.indexOf("\n", at);
  return end < 0 ? source.length : end;
}

/** The line number of `at`, counted from 1. */
export function lineNumber(source: string, at: number): number {
  return source.slice(0, at).split("\n").length;
}

/** The only match of `pattern`, or `undefined` when it has none or several. */
export function onlyMatch(code: string, pattern: RegExp): RegExpExecArray | undefined {
  const matches = [...code.matchAll(new RegExp(pattern, pattern.flags.replace("g", "") + "g"))];
  return matches.length === 1 ? matches[0] : undefined;
}

/** `text` with `insertion` at the position `at`. */
export function insertAt(text: string, at: number, insertion: string): string {
  return text.slice(0, at) + insertion + text.slice(at);
}

/** `text` with `block` below it, one blank line between them. What it ends with stays as it is. */
export function append(text: string, block: string): string {
  const between = /(^|\n)\n$/.test(text) ? "" : text.endsWith("\n") ? "\n" : "\n\n";
  return `${text}${text === "" ? "" : between}${block}`;
}

/** The length from which `mix format` breaks a line, unless `.formatter.exs` says otherwise. */
export const formatterLineLength = 98;
