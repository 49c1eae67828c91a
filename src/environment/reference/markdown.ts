/** Text as code, even where it contains backticks. */
export const code = (text: string): string => (text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``);

/** JSON in one line, with a blank inside braces. */
export function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, entry]) => `${JSON.stringify(key)}: ${inline(entry)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

/** What is code in a description, or a page to link: lists, quoted words, keys in braces, names with <placeholders>, VARIABLES, optionNames and net_ticktime. */
const codeLike = [
  "docs/[\\w-]+\\.md",
  '\\["[^\\]]*"\\]',
  '"[^"\\s]+"',
  "[$%]?\\{(?: [^{}]* |…)?\\}",
  "[\\w/.-]*<\\w+>(?:[\\w/.-]*<\\w+>)*[\\w/-]*",
  "\\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\\b",
  "\\b[a-z]{2,}[A-Z]\\w+\\b",
  "\\b[a-z]+_[a-z_]+\\b",
];

/** Text of the schema as Markdown: what is code becomes code, as do `keys`; the rest has no markup. */
export function prose(text: string, keys: readonly string[] = []): string {
  const either = [...codeLike, ...keys.map((key) => `\\b${key}\\b`)].join("|");
  return text
    .split(new RegExp(`(\`[^\`]+\`|${either})`))
    .map((part, at) => {
      if (at % 2 === 0) return part.replace(/[*<\\[\]_]/g, "\\$&");
      if (part.startsWith("docs/")) return part.replace(/^docs\/(.*)$/, "[$1]($1)");
      return part.startsWith("`") ? part : code(part);
    })
    .join("");
}

/** The anchor that GitHub gives a heading. */
export const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
