import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { Command } from "commander";
import { advice } from "../advice";
import { print, printError } from "../foreign-text";
import { confirm } from "./operations/confirm";
import { run } from "./operations/operation";

interface Options {
  readonly check?: true;
  readonly yes?: true;
}

/** `schema [file]`. Exit code 1 when the file is out of date (`--check`), or the answer was no; 2 when it can't ask. */
export function schemaCommand(): Command {
  return new Command("schema")
    .description("write the JSON Schema that gives completion in environments.json")
    .argument("[file]", "file to write", "environments.schema.json")
    .option("--check", "only report whether the file is current; exit 1 when it isn't")
    .option("--yes", "don't ask before replacing a file that isn't such a schema")
    .addHelpText("after", "\nExamples:\n  npm run schema\n  npm run schema -- --check")
    .action((file: string, options: Options) => run(() => writeSchema(file, options)));
}

async function writeSchema(file: string, { check, yes }: Options): Promise<number> {
  const { environmentsJsonSchema } = await import("../environment");
  const schema = environmentsJsonSchema() as { readonly title?: unknown };
  const text = `${JSON.stringify(schema, null, 2)}\n`;
  const old = existsSync(file) ? readFileSync(file, "utf8") : undefined;
  if (old === text) {
    print(`${file} is current`);
    return 0;
  }
  if (check) {
    printError(`error: ${file} is out of date: run ${advice.schema()}`);
    return 1;
  }
  // A newer schema replaces an older one. Any other file, such as the environments themselves, would be lost.
  if (old !== undefined && titleOf(old) !== schema.title) {
    printError(`will replace ${file}, which is not a schema of environments`);
    if (!(await confirm(`Replace ${file}?`, { yes, otherwise: "--check only reports" }))) {
      printError("Nothing was written.");
      return 1;
    }
  }
  writeFileSync(file, text);
  print(`wrote ${file}`);
  return 0;
}

/** The title of a JSON document; `undefined` of anything else. */
function titleOf(text: string): unknown {
  try {
    return (JSON.parse(text) as { readonly title?: unknown } | null)?.title;
  } catch {
    return undefined;
  }
}
