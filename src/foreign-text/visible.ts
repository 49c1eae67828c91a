/**
 * Characters that a reader can't see, or that change how a terminal or browser shows the characters around them: C0 and
 * C1 controls, bidirectional controls, zero-width and other ignorable characters, line separators, lone surrogates, and
 * every blank other than a space. U+FE0F after a symbol is allowed: it selects the coloured form.
 */
export const hidden =
  /(?!(?<=\p{Extended_Pictographic})\ufe0f)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/gu;

/**
 * The beginning of a command to a pipeline. GitHub's runner recognizes `##[error]` anywhere in a line, Azure DevOps `##vso[…]`.
 * Source: https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
 */
export const logCommand = /##(?=\[|vso\[|teamcity\[)/g;

const names: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * Text from a plan, a node, AWS or a file on one line, with every hidden character as an escape such as `\n`, `\u{1b}` or
 * `\u{202e}`. Text without such characters is unchanged. A second call changes nothing.
 */
export function visible(text: string): string {
  return text.replace(hidden, escaped).replace(logCommand, "#\\#");
}

/** As {@link visible}, for text of several lines, such as an error's message or a log. */
export function visibleLines(text: string): string {
  return text.split(/\r?\n/).map(visible).join("\n");
}

/** As {@link visible}, for every text in a value of arrays and plain objects, such as what AWS answered. */
export function visibleData<Data>(data: Data): Data {
  if (typeof data === "string") return visible(data) as Data;
  if (Array.isArray(data)) return data.map(visibleData) as Data;
  if (typeof data !== "object" || data === null || Object.getPrototypeOf(data) !== Object.prototype) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, visibleData(value)])) as Data;
}

/**
 * Breaks lines that GitHub's runner executes as commands, such as `::error::`, even after blanks and colours.
 */
export function withoutCommands(lines: string): string {
  return lines.replace(/^((?:[ \t]|\u001b\[[\d;]*m)*)::/gm, "$1\\::");
}

function escaped(character: string): string {
  return names[character] ?? `\\u{${character.codePointAt(0)!.toString(16)}}`;
}
