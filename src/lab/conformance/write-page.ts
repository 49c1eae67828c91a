/** Entry of `npm run docs:conformance`: tries 200 layouts and writes what came out into docs/conformance.md. */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { print } from "../../foreign-text";
import { projectRoot } from "../../project-root";
import { conformance } from "./conformance";
import { withFigures } from "./page";

const file = path.join(projectRoot, "docs", "conformance.md");
const [layouts, seed] = [200, 1];

async function main(): Promise<void> {
  const startedAt = Date.now();
  const { figures, disagreements } = await conformance({ layouts, seed, say: print });
  for (const each of disagreements) print(each);
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  writeFileSync(file, withFigures(readFileSync(file, "utf8"), { seed, seconds, ...figures }));
}

void main();
