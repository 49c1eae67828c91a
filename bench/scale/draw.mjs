// The second half of `npm run docs:scale`: draws the charts on standard input, by file name, as SVG. A script of its own,
// since vega is an ES module that can't be part of a bundle.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parse, View } from "vega";
import { compile } from "vega-lite";

for (const [file, spec] of Object.entries(JSON.parse(readFileSync(0, "utf8")))) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${await new View(parse(compile(spec).spec), { renderer: "none" }).toSVG()}\n`);
}
