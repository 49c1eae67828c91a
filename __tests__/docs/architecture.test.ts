import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "../../src/project-root";

const page = readFileSync(path.join(projectRoot, "docs/architecture.md"), "utf8");
const [, table = "", ...steps] = page.split(/^(?=\| room|## )/m);
const inSource = (file: string) => path.join(projectRoot, "src", file);
const foldersOf = (folder: string) =>
  readdirSync(inSource(folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

/** Rooms with what the table says of them. */
const rows = [...table.matchAll(/^\| `?([\w-]+)`? +\| (.*?) +\|$/gm)].map(
  ([, name, contents]) => [name!, contents!] as const,
);

describe("docs/architecture.md", () => {
  it("names every folder of src, as a room or a leaf", () => {
    const leaves = rows.find(([name]) => name === "leaves")![1];
    const named = [...rows.map(([name]) => name), ...[...leaves.matchAll(/`([\w-]+)\/`/g)].map(([, leaf]) => leaf!)];
    expect(foldersOf(".").filter((folder) => !named.includes(folder))).toEqual([]);
  });

  it.each(["constructs", "stacks", "review", "lab", "operations", "adopt"])("names every folder of %s", (room) => {
    const [, contents] = rows.find(([name]) => name === room)!;
    expect(foldersOf(room).filter((folder) => !contents.includes(`\`${folder}/\``))).toEqual([]);
  });

  it("names files and folders that are there", () => {
    const named = [...steps.join("").matchAll(/`([\w-]+(?:\/[\w.-]+)+|[\w-]+\.ts)`/g)].map(([, file]) => file!);
    expect(named.length).toBeGreaterThan(15);
    const places = (file: string) => [inSource(file), path.join(projectRoot, file)];
    expect(named.filter((file) => !places(file).some((place) => existsSync(place)))).toEqual([]);
  });
});
