import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const root = path.join(__dirname, "..", "src");
const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));

/** The files that a file imports, types included. */
function imported(file: string): string[] {
  const sources = [...readFileSync(path.join(root, file), "utf8").matchAll(/(?:from|import\()\s*"(\.[^"]+)"/g)];
  return sources.flatMap(([, source]) => {
    const target = path.join(path.dirname(file), source!);
    return [`${target}.ts`, path.join(target, "index.ts")].filter((each) => files.includes(each));
  });
}

/** Each circle once, as the files on it. */
function circles(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const found = new Set<string>();
  const walk = (file: string, above: readonly string[]): void => {
    if (above.includes(file)) return void found.add([...above.slice(above.indexOf(file))].sort().join(" "));
    if (done.has(file)) return;
    for (const next of imports.get(file) ?? []) walk(next, [...above, file]);
    done.add(file);
  };
  for (const file of imports.keys()) walk(file, []);
  return [...found];
}

describe("imports", () => {
  it("form no circle in src, not even by types", () => {
    expect(files.length).toBeGreaterThan(100);
    expect(circles(new Map(files.map((file) => [file, imported(file)])))).toEqual([]);
  });

  it("that do are found", () => {
    const imports = new Map([
      ["a", ["b"]],
      ["b", ["c"]],
      ["c", ["b"]],
      ["d", ["d"]],
    ]);
    expect(circles(imports)).toEqual(["b c", "d"]);
  });
});
