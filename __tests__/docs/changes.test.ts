import { readFileSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "../../src/project-root";
import { inOneApply, refused } from "../stacks/changes";

const page = readFileSync(path.join(projectRoot, "docs", "changes.md"), "utf8");

/** The cells of the table below a heading; the first is empty. */
function rowsOf(heading: string): readonly string[][] {
  const [, section] = page.split(`\n## ${heading}\n`);
  return section!
    .split("\n## ")[0]!
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .slice(2)
    .map((line) => line.split("|").map((cell) => cell.trim()));
}

const rows = (changes: Readonly<Record<string, { readonly row: string }>>) => [
  ...new Set(Object.values(changes).map(({ row }) => row)),
];

/** `__tests__/stacks/terraform-changes.test.ts` applies what these rows say. */
describe("docs/changes.md", () => {
  it("has a row for each change that the tests apply, and no other", () => {
    const changes = rowsOf("One apply").map(([, change]) => change);
    expect(changes.sort()).toEqual(rows(inOneApply).sort());
  });

  it.each(Object.values(inOneApply))("says of $row what the review says", ({ row, separates = false }) => {
    const [, , , links] = rowsOf("One apply").find(([, change]) => change === row)!;
    expect(links!.includes("two clusters until the deployment ends")).toBe(separates);
  });

  it("has a row for each change that the review reports first", () => {
    expect(rowsOf("Two steps").map(([, change]) => change)).toEqual(expect.arrayContaining(rows(refused)));
  });
});
