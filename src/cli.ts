import { readFileSync } from "node:fs";
import path from "node:path";
import { Command } from "commander";
import { commands } from "./cli/commands";
import { swallowedOptions } from "./cli/swallowed-options";
import { usageError } from "./cli/usage-error";
import { printError, printUnexpected, write } from "./foreign-text";
import { asTyped } from "./installed";
import { projectRoot } from "./project-root";

// Node 20 works with every SDK call made here; without this the SDK prints a warning about its future in every command.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

const { version } = JSON.parse(readFileSync(path.join(projectRoot, "package.json"), "utf8")) as { version: string };

const program = new Command("elixir-cluster")
  .description("Terraform for clusters of Elixir nodes on AWS ECS Fargate")
  .version(version)
  // An option after a command's name is that command's own, whatever the command above it has.
  .enablePositionalOptions();
for (const command of Object.values(commands)) program.addCommand(command());

const names = Object.keys(commands);

/**
 * Commander's messages quote wrong arguments, so they are printed with hidden characters visible, and on one line. Help shows
 * examples as people type them here.
 */
function showVisibly(command: Command): void {
  command.configureOutput({
    writeOut: (text) => write(asTyped(text, names)),
    writeErr: (text) => write(asTyped(text, names), process.stderr),
    outputError: (text, print) => print(usageError(text, command)),
  });
  command.commands.forEach(showVisibly);
}
showVisibly(program);

const swallowed = swallowedOptions(program, process.argv.slice(2), process.env);
if (swallowed === undefined) {
  program.parseAsync().catch((error: unknown) => {
    // Commands print the errors that they expect; this prints all others.
    printUnexpected(error, process.env.DEBUG !== undefined);
    process.exitCode = 1;
  });
} else {
  printError(`error: ${swallowed}`);
  process.exitCode = 2;
}
