import { type Node, type ParseError, parseTree, getNodeValue, printParseErrorCode } from "jsonc-parser";
import { type Problem, quote } from "./problems";

/** A JSON document read for people: syntax errors with line and column, and no key that stands twice unnoticed. */
export interface JsonDocument {
  /** The value; `undefined` when the text is not JSON. */
  readonly value: unknown;
  readonly problems: readonly Problem[];
}

/** Reads `text`. `JSON.parse` takes the last of two equal keys in silence, and so would drop a service; this reports both. */
export function readJson(text: string): JsonDocument {
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: false, disallowComments: true });
  if (errors.length > 0 || tree === undefined) {
    // One slip makes a parser stumble over what follows as well; the first place is the one to mend.
    const { error, offset, length } = errors[0] ?? { error: 1 as ParseError["error"], offset: 0, length: 0 };
    const place = lineAndColumn(text, offset);
    const problems = [
      {
        path: ["environments"],
        stood: `not JSON at ${place}: ${quote(text.slice(offset, offset + length))}`,
        allowed: `JSON (${printParseErrorCode(error)})`,
      },
    ];
    return { value: undefined, problems };
  }
  return { value: getNodeValue(tree), problems: repeatedKeys(tree, ["environments"], text) };
}

function lineAndColumn(text: string, offset: number): string {
  const before = text.slice(0, offset).split("\n");
  return `line ${before.length}, column ${before.at(-1)!.length + 1}`;
}

function repeatedKeys(node: Node, path: readonly string[], text: string): Problem[] {
  if (node.type === "array") {
    return (node.children ?? []).flatMap((child, index) => repeatedKeys(child, [...path, String(index)], text));
  }
  if (node.type !== "object") return [];
  const seen = new Set<string>();
  return (node.children ?? []).flatMap((property) => {
    const [key, value] = property.children ?? [];
    if (!key || !value) return [];
    const name = String(key.value);
    const here = [...path, name];
    const again: Problem[] = seen.has(name)
      ? [
          {
            path: here,
            stood: `the key "${name}" a second time (${lineAndColumn(text, key.offset)})`,
            allowed: "each key once",
          },
        ]
      : [];
    seen.add(name);
    return [...again, ...repeatedKeys(value, here, text)];
  });
}
