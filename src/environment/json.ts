import { getNodeValue, type Node, parseTree, type ParseError, printParseErrorCode } from "jsonc-parser";
import { type Problem, quote } from "./problems";

/** A JSON document read for people: syntax errors with line and column, and keys that occur twice. */
export interface JsonDocument {
  /** The value; `undefined` when the text is not JSON. */
  readonly value: unknown;
  readonly problems: readonly Problem[];
}

const root = ["environments"];

/**
 * Reads `text`. `JSON.parse` silently takes the last of two equal keys, and would drop a service; this reports the second.
 * It skips a byte-order mark, which some editors write.
 */
export function readJson(text: string): JsonDocument {
  const json = text.replace(/^\uFEFF/, "");
  try {
    return read(json);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const problem = { path: root, found: "nested too deeply to be read", allowed: "environments by name" };
    return { value: undefined, problems: [problem] };
  }
}

function read(text: string): JsonDocument {
  // What decoding puts in place of bytes that aren't UTF-8, and every second byte of UTF-16.
  const undecoded = text.search(/[\uFFFD\0]/);
  if (undecoded >= 0) {
    const found = `not UTF-8 at ${lineAndColumn(text, undecoded)}`;
    return {
      value: undefined,
      problems: [{ path: root, found, allowed: "JSON in UTF-8: save the file in that encoding" }],
    };
  }
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: false, disallowComments: true });
  const [error] = errors;
  // One syntax error causes others after it, so only the first is reported.
  if (error !== undefined) return { value: undefined, problems: [syntaxError(error, text)] };
  return { value: getNodeValue(tree!), problems: keyProblems(tree!, root, text) };
}

function syntaxError({ error, offset, length }: ParseError, text: string): Problem {
  const token = text.slice(offset, offset + length);
  const found = `not JSON at ${lineAndColumn(text, offset)}${token === "" ? ", the file's end" : `: ${quote(token)}`}`;
  // "CommaExpected" becomes "comma expected".
  const reason = printParseErrorCode(error)
    .replace(/(?!^)[A-Z]/g, " $&")
    .toLowerCase();
  return { path: root, found, allowed: `JSON (${reason})` };
}

function lineAndColumn(text: string, offset: number): string {
  const before = text.slice(0, offset).split("\n");
  return `line ${before.length}, column ${before.at(-1)!.length + 1}`;
}

/** Keys that occur twice, and `__proto__`, which would set the object's prototype. */
function keyProblems(node: Node, path: readonly string[], text: string): Problem[] {
  if (node.type === "array") {
    return (node.children ?? []).flatMap((child, index) => keyProblems(child, [...path, String(index)], text));
  }
  if (node.type !== "object") return [];
  const seen = new Set<string>();
  return (node.children ?? []).flatMap((property) => {
    const [key, value] = property.children as [Node, Node];
    const name = String(key.value);
    const here = [...path, name];
    const place = lineAndColumn(text, key.offset);
    const wrong: Problem[] = [];
    if (seen.has(name))
      wrong.push({ path: here, found: `the key "${name}" a second time (${place})`, allowed: "each key once" });
    if (name === "__proto__")
      wrong.push({ path: here, found: `the key "${name}" (${place})`, allowed: "any other key" });
    seen.add(name);
    return [...wrong, ...keyProblems(value, here, text)];
  });
}
