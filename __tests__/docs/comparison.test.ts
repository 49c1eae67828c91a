import { readFileSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "../../src/project-root";
import { notEmpty } from "../not-empty";

const readme = readFileSync(path.join(projectRoot, "README.md"), "utf8");
const [section] = /^## Comparison\n[^]*?(?=^## )/m.exec(readme)!;
const rows = [...section!.matchAll(/^\| (.*) \|$/gm)].map(([, row]) => row!.split(" | ").map((cell) => cell.trim()));

describe("README.md's comparison with other tools", () => {
  it("links each fact about another tool to its source", () => {
    const facts = rows.slice(2).flatMap(([, , ...others]) => others);
    const unlinked = facts.filter((cell) => !/^\[.+\]\(https:\/\/\S+\)$/.test(cell));
    expect(notEmpty(facts).length).toBeGreaterThan(30);
    // What no page says has no source.
    expect([...new Set(unlinked)].sort()).toEqual(["you write them", "–"]);
  });

  it("says when the facts were looked up", () => {
    expect(section).toMatch(/^Looked up in [A-Z]\w+ 20\d\d\./m);
  });
});
