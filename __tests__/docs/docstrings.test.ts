import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "../../src/project-root";
import { notEmpty } from "../not-empty";

const read = (...file: string[]) => readFileSync(path.join(projectRoot, "src", ...file), "utf8");

/** The files that src/index.ts exports from, with the exported names. */
const exported = [...read("index.ts").matchAll(/export (?:type )?\{([^}]*)\} from "\.\/(.*)";/g)].map(
  ([, names, from]) => ({
    names: names!.split(",").map((name) => name.replace(/\btype\b/, "").trim()),
    file: existsSync(path.join(projectRoot, "src", `${from}.ts`)) ? `${from}.ts` : `${from}/index.ts`,
  }),
);

/** The properties of an interface that have no comment above them, which editors would show. */
function* undocumented(text: string, name: string): Generator<string> {
  const [, body] = new RegExp(`^export interface ${name}\\b[^{]*\\{\\n(.*?)^\\}`, "ms").exec(text) ?? [];
  const lines = body?.split("\n") ?? [];
  for (const [index, line] of lines.entries()) {
    const [, property] = /^ {2}readonly (\w+)\??:/.exec(line) ?? [];
    if (property !== undefined && !lines[index - 1]?.endsWith("*/")) yield `${name}.${property}`;
  }
}

describe("the package's types", () => {
  it("describe each property of an interface", () => {
    const missing = exported.flatMap(({ names, file }) => names.flatMap((name) => [...undocumented(read(file), name)]));
    expect(notEmpty(exported).length).toBeGreaterThan(30);
    expect(missing).toEqual([]);
  });

  it("would be reported without a description", () => {
    const text =
      "export interface Shown extends Other {\n  /** Why. */\n  readonly one: string;\n  readonly two?: string;\n}\n";
    expect([...undocumented(text, "Shown")]).toEqual(["Shown.two"]);
  });
});
