import path from "node:path";
import type { Command } from "commander";
import { print, printError } from "../foreign-text";
import { readTextFile } from "../regular-file";
import { operation, type OperationOptions, run } from "./operations/operation";

interface Options extends OperationOptions {
  readonly out: string;
}

/** `module <environment>`. Exit code 0 when the module is there, 1 when its layout has errors, 2 when it can't be written. */
export function moduleCommand(): Command {
  return operation("module", "write an environment as a Terraform module, for a root of your own")
    .requiredOption("--out <folder>", "the module's folder, such as modules/shop")
    .addHelpText(
      "after",
      "\nExamples:\n  npm run module -- prod --out modules/shop" +
        "\n\nThe module has variables, and neither backend nor provider. Files that this command didn't write stay as they are.",
    )
    .action((environment: string, options: Options) => run(() => writeModuleOf(environment, options)));
}

async function writeModuleOf(environment: string, { environments: file, out }: Options): Promise<number> {
  const [{ readEnvironment }, { moduleFiles, moduleJson, writeModule, maxNameLength }] = await Promise.all([
    import("../operations/deployed-environment"),
    import("../stacks/module"),
  ]);
  const { name, options } = readEnvironment(file, environment);
  const json = moduleJson(name, options, maxNameLength(readTextFile(file)!, name));
  json.findings.warnings.forEach((warning) => printError(`warning: ${warning}`));
  json.findings.errors.forEach((error) => printError(`error: ${error}`));
  if (json.findings.errors.length > 0) return 1;
  const written = writeModule(out, moduleFiles(out, json));
  written.forEach((name) => print(path.join(out, name)));
  if (written.length === 0) print(`${out} is current`);
  return 0;
}
