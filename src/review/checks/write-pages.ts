import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { checks } from ".";
import { pageOf } from "./page";

/** Writes the page of every check: `node bin/run.mjs src/review/checks/write-pages.ts`. */
mkdirSync(path.join("docs", "checks"), { recursive: true });
for (const check of checks) writeFileSync(path.join("docs", "checks", `${check.id}.md`), pageOf(check));
