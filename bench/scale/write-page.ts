import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { print } from "../../src/foreign-text";
import { projectRoot } from "../../src/project-root";
import { specOf } from "./charts";
import { Measured } from "./measured";
import { charts, costTable, newcomerTable } from "./scale";

const folder = path.join(projectRoot, "docs");

/** A page with new tables between its marks. @throws Error for a table without a mark */
function withTables(page: string, tables: Readonly<Record<string, string>>): string {
  return Object.entries(tables).reduce((text, [name, content]) => {
    const marks = new RegExp(`(<!-- ${name} -->\\n)[^]*?(<!-- end of ${name} -->)`);
    if (!marks.test(text)) throw new Error(`docs/scale.md has no marks for the table "${name}".`);
    return text.replace(marks, (_, begin: string, end: string) => `${begin}\n${content}\n\n${end}`);
  }, page);
}

/** The first half of `npm run docs:scale`: writes the tables of docs/scale.md, and prints the charts that draw.mjs draws. */
function main(): void {
  const measured = Measured.read();
  const page = path.join(folder, "scale.md");
  const tables = { costs: costTable(measured), newcomers: newcomerTable(measured) };
  writeFileSync(page, withTables(readFileSync(page, "utf8"), tables));
  const specs = Object.entries(charts(measured)).map(([name, chart]) => [
    path.join(folder, "scale", name),
    specOf(chart),
  ]);
  print(JSON.stringify(Object.fromEntries(specs)));
}

main();
