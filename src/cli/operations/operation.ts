import { Command, Option } from "commander";
import { printError } from "../../foreign-text";
import { defaultEnvironmentsFile } from "../../advice";
import { systemErrorText } from "../../system-error";
import { UserError } from "../../user-error";

/** Options that every command for a deployed environment has. */
export interface OperationOptions {
  readonly environments: string;
}

/** A command for a deployed environment. */
export function operation(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .argument("<environment>", "an environment of the file")
    .addOption(
      new Option("--environments <file>", "environments file")
        .env("ENVIRONMENTS_FILE")
        .default(defaultEnvironmentsFile),
    );
}

/** Runs a command and sets its exit code. An error that its user can fix is printed as a sentence, with exit code 2. */
export async function run(action: () => Promise<number>): Promise<void> {
  const { awsFailure } = await import("../../operations/aws-failure");
  try {
    process.exitCode = await action();
  } catch (error) {
    const known = error instanceof UserError ? error.message : (systemErrorText(error) ?? awsFailure(error));
    if (known === undefined) throw error;
    printError(known);
    process.exitCode = 2;
  }
}
