import { Command, Option } from "commander";
import { printError } from "../foreign-text";
import { defaultEnvironmentsFile } from "../advice";
import { NotConfirmed } from "./confirm";

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
      new Option("--environments <file>", "the file that describes it")
        .env("ENVIRONMENTS_FILE")
        .default(defaultEnvironmentsFile),
    );
}

/**
 * Runs what a command does and leaves its exit code; whatever its user can do something about is said in a sentence, with
 * exit code 2.
 */
export async function run(action: () => Promise<number>): Promise<void> {
  const { Refusal } = await import("../operations/refusal");
  const { awsFailure } = await import("../operations/aws-failure");
  const { ConfigurationError } = await import("../environment");
  try {
    process.exitCode = await action();
  } catch (error) {
    const said = [Refusal, ConfigurationError, NotConfirmed].some((kind) => error instanceof kind);
    const known = said ? (error as Error).message : awsFailure(error);
    if (known === undefined) throw error;
    printError(known);
    process.exitCode = 2;
  }
}
