import fc from "fast-check";

/** Texts that one format or another would take for more than text. */
const snippets = [
  "\n",
  "\r\n",
  "\t",
  "\u001b[2J",
  "\u001b]0;owned\u0007",
  "\u009b31m",
  "\u202e",
  "\u2066",
  "\u200b",
  "\ufeff",
  "\u2028",
  "\u00a0",
  "\u{e0041}",
  "\ud800",
  "::error::forged",
  "  ::add-mask::x",
  "##[error]forged",
  "##vso[task.complete]",
  "`",
  "```",
  "~~~",
  "# approved",
  "- ",
  "1. ",
  "> ",
  "=",
  "---",
  "|",
  "@acme/security",
  "#1",
  "GH-1",
  "acme/app#2",
  "![t](https://evil.example/x.png)",
  "[l](https://evil.example)",
  "https://evil.example",
  "www.evil.example",
  "mail@evil.example",
  "<img src=x onerror=alert(1)>",
  "<!-- ",
  "-->",
  "</script>",
  "</title>",
  "&lt;",
  "&#64;",
  "$x$",
  "**",
  "_",
  "\\",
  '"',
  "'",
  "]",
  "%%{init: {}}%%",
  "/approve",
  "${x}",
  " ",
  "word",
];

/** Hostile text: the snippets among other characters. */
export const hostileText = fc
  .array(fc.oneof(fc.constantFrom(...snippets), fc.string({ unit: "binary", maxLength: 3 })), {
    minLength: 1,
    maxLength: 8,
  })
  .map((parts) => parts.join(""))
  .filter((text) => text.trim() !== "");

/** What no line may hold: controls other than a line's end, bidirectional and zero-width characters, blanks that aren't spaces. */
export const hiddenCharacters =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u00a0\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]|[\u{e0000}-\u{e0fff}]|\p{Cs}/u;

/** Whether GitHub's runner would take a line for a command. Source: https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs */
export function isCommand(line: string): boolean {
  return line.trimStart().startsWith("::") || line.includes("##[") || line.includes("##vso[");
}

/** Letters and digits alone: what is left of a text however it is escaped. */
export const letters = (text: string) => text.replace(/[^a-z0-9]/gi, "");
