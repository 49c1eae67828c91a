import { spawnSync } from "node:child_process";

/** What the shell says of a script's syntax; `undefined` when it is right. */
export function syntaxError(script: string, shell = "bash"): string | undefined {
  const { status, stderr } = spawnSync(shell, ["-n"], { input: script, encoding: "utf8" });
  return status === 0 ? undefined : stderr.trim();
}

const keywords = new Set(["if", "then", "elif", "else", "fi", "while", "until", "do", "done", "!", "{", "}"]);

/**
 * The simple commands of a shell script, those in `$(…)` too: each as its words, without assignments, redirections and
 * keywords. A substitution within a word becomes `VALUE`.
 */
export function simpleCommands(script: string): string[][] {
  const found: string[][] = [];
  let words: string[] = [];
  let word: string | undefined;
  let skipsNext = false;
  let at = 0;
  const text = withoutHereDocuments(script);
  const add = (part: string) => (word = (word ?? "") + part);
  const endWord = () => {
    if (word !== undefined && !skipsNext) words.push(word);
    if (word !== undefined) skipsNext = false;
    word = undefined;
  };
  const endCommand = () => {
    endWord();
    const command = withoutPrefix(words);
    if (command.length > 0) found.push(command);
    words = [];
  };
  const substitution = () => {
    const end = closing(text, at + 2);
    found.push(...simpleCommands(text.slice(at + 2, end)));
    add("VALUE");
    at = end;
  };
  for (; at < text.length; at += 1) {
    const character = text[at]!;
    if (character === "\\") {
      at += 1;
      if (text[at] !== "\n") add(text[at] ?? "");
    } else if (character === "'") {
      const end = text.indexOf("'", at + 1);
      add(text.slice(at + 1, end));
      at = end;
    } else if (character === '"') {
      add("");
      for (at += 1; at < text.length && text[at] !== '"'; at += 1) {
        if (text.startsWith("$(", at)) substitution();
        else if (text[at] === "\\") add(text[(at += 1)] ?? "");
        else add(text[at]!);
      }
    } else if (text.startsWith("$(", at)) substitution();
    else if (character === "#" && word === undefined) at = endOfLine(text, at) - 1;
    else if (/[<>]/.test(character)) {
      if (word !== undefined && /^\d$/.test(word)) word = undefined;
      endWord();
      while (/[<>&|-]/.test(text[at + 1] ?? "")) at += 1;
      skipsNext = true;
    } else if (/[\n;|&()]/.test(character)) endCommand();
    else if (/\s/.test(character)) endWord();
    else add(character);
  }
  endCommand();
  return found;
}

const endOfLine = (text: string, from: number) => {
  const end = text.indexOf("\n", from);
  return end === -1 ? text.length : end;
};

/** The lines that `<<END` passes on are data. */
const withoutHereDocuments = (script: string) =>
  script.replace(/<<-?\s*(['"]?)(\w+)\1([^\n]*)\n[\s\S]*?\n\s*\2(?=\n|$)/g, "$3");

/** Where the parenthesis that is open at `from` closes. */
function closing(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === "'") at = text.indexOf("'", at + 1);
    if (text[at] === "(") depth += 1;
    if (text[at] === ")" && (depth -= 1) === 0) return at;
  }
  return text.length;
}

/** Without keywords and assignments in front; loops over values don't count. */
function withoutPrefix(words: readonly string[]): string[] {
  const first = words.findIndex((word) => !keywords.has(word) && !/^\w+=/.test(word));
  if (first === -1) return [];
  const command = words.slice(first);
  if (command[0] === "env") return withoutPrefix(command.slice(1).map((word) => word.replace(/^([^=\s]+)=.*/, "X=")));
  return ["for", "case", "esac", "in"].includes(command[0]!) ? [] : [...command];
}
