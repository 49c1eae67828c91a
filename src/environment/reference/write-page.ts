import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { environmentsJsonSchema } from "./environments-json-schema";
import { filledPage } from "./page";

/** Fills the generated parts of docs/configuration.md: `npm run docs:configuration`. */
const file = path.join("docs", "configuration.md");
writeFileSync(file, filledPage(readFileSync(file, "utf8"), environmentsJsonSchema().$defs));
