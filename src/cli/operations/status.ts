import type { Command } from "commander";
import { clear, print, printJson } from "../../foreign-text";
import { positiveNumber } from "../arguments";
import { operation, type OperationOptions, run } from "./operation";
import { defaultInterval, watching } from "../watch";

interface StatusOptions extends OperationOptions {
  readonly watch?: number | true;
  readonly json?: true;
}

/** `status <environment>`. Exit code 0 steady, 1 something failed, 2 something couldn't be read, 3 a deployment is under way. */
export function statusCommand(): Command {
  return operation("status", "show deployments, failed tasks with their last log lines, and the health of targets")
    .option(
      "--watch [seconds]",
      `look again at this interval (${defaultInterval} seconds), until Ctrl-C`,
      positiveNumber,
    )
    .option("--json", "print JSON, one document for each look")
    .addHelpText(
      "after",
      "\nExamples:\n  npm run status -- prod\n  npm run status -- prod --watch\n" +
        "\nExit codes: 0 every service is steady, 1 something failed, 2 something couldn't be read, 3 a deployment is under way.",
    )
    .action((name: string, options: StatusOptions) => run(() => status(name, options)));
}

async function status(name: string, { environments, watch, json }: StatusOptions): Promise<number> {
  const [{ readEnvironment }, { withAws }, operations] = await Promise.all([
    import("../../operations/deployed-environment"),
    import("../../aws/sdk/clients"),
    import("../../operations/status"),
  ]);
  const environment = readEnvironment(environments, name);
  const look = async () => {
    const seen = await withAws(environment.options.region, (aws) => operations.statusOf(aws, environment));
    if (watch !== undefined && !json) clear();
    if (json) printJson(seen, { oneLine: watch !== undefined });
    else print(operations.statusReport(seen));
    return operations.exitCodeOf(seen);
  };
  return watching(watch, look);
}
