import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { projectRoot } from "../../src/project-root";
import { scratchFolder } from "../scratch";

const scratch = scratchFolder("load");
const loader = pathToFileURL(path.join(projectRoot, "bin", "load.mjs")).href;

/** A folder with a bundle that prints something, and how to change and run it. */
function bundle() {
  const folder = mkdtempSync(path.join(scratch, "bundle-"));
  const file = path.join(folder, "app.cjs");
  return {
    write: (prints: string, seconds = 1) => {
      writeFileSync(
        file,
        `const print = (text) => console.log(text, __filename);\nprint(${JSON.stringify(prints)});\n`,
      );
      utimesSync(file, seconds, seconds);
    },
    run: () => {
      const program = `import(${JSON.stringify(loader)}).then(({ load }) => load(${JSON.stringify(file)}))`;
      const { stdout, stderr } = spawnSync(process.execPath, ["-e", program], { encoding: "utf8" });
      expect(stderr).toBe("");
      return stdout.trim();
    },
    compiled: () => readdirSync(path.join(folder, "compiled")),
    folder,
    file,
  };
}

describe("a bundle's compiled code", () => {
  it("is kept by the first run, and taken by the next", () => {
    const { write, run, compiled, file } = bundle();
    write("one");
    expect(run()).toBe(`one ${file}`);
    const kept = compiled();
    expect(kept).toHaveLength(1);
    expect(run()).toBe(`one ${file}`);
    expect(compiled()).toEqual(kept);
  });

  it("is another for another bundle of the same length", () => {
    const { write, run, compiled, file } = bundle();
    write("one", 1);
    run();
    const [first] = compiled();
    write("two", 2);
    expect(run()).toBe(`two ${file}`);
    expect(compiled()).toHaveLength(1);
    expect(compiled()).not.toContain(first);
  });

  it("doesn't matter if it is broken, or its folder can't be made", () => {
    const broken = bundle();
    broken.write("one");
    broken.run();
    writeFileSync(path.join(broken.folder, "compiled", broken.compiled()[0]!), "nonsense");
    expect(broken.run()).toBe(`one ${broken.file}`);
    const blocked = bundle();
    blocked.write("one");
    writeFileSync(path.join(blocked.folder, "compiled"), "a file");
    expect(blocked.run()).toBe(`one ${blocked.file}`);
  });

  it("imports at run time in its second run too", () => {
    const entry = path.join(scratch, "late.ts");
    writeFileSync(entry, 'void import("node:os").then(({ EOL }) => console.log(JSON.stringify(EOL)));\n');
    const run = () =>
      spawnSync(process.execPath, [path.join("bin", "run.mjs"), entry], { cwd: projectRoot, encoding: "utf8" });

    for (const round of [1, 2]) {
      const { stdout, stderr } = run();
      expect({ round, stdout, stderr }).toEqual({ round, stdout: `"\\n"\n`, stderr: "" });
    }
  });
});
