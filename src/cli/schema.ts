import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { Command } from "commander";
import { advice } from "../advice";
import { print, printError } from "../foreign-text";

/** `schema [file]`. Exit code 1 when the file is out of date (`--check`). */
export function schemaCommand(): Command {
  return new Command("schema")
    .description("write the JSON Schema that gives completion in environments.json")
    .argument("[file]", "where to", "environments.schema.json")
    .option("--check", "only say whether the file is current; exit 1 when it isn't")
    .addHelpText("after", "\nExamples:\n  npm run schema\n  npm run schema -- --check")
    .action(async (file: string, { check }: { readonly check?: true }) => {
      const { environmentsJsonSchema } = await import("../environment");
      const text = `${JSON.stringify(environmentsJsonSchema(), null, 2)}\n`;
      const current = existsSync(file) && readFileSync(file, "utf8") === text;
      if (!current && check) {
        printError(`error: ${file} is out of date: run ${advice.schema()}`);
        process.exitCode = 1;
        return;
      }
      if (!current) writeFileSync(file, text);
      print(current ? `${file} is current` : `wrote ${file}`);
    });
}
