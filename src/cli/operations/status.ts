import type { Command } from "commander";
import { operation, type OperationOptions, run } from "./operation";
import { watching, type WatchOptions, withWatch } from "./watch";

type StatusOptions = OperationOptions & WatchOptions;

/** `status <environment>`. Exit code 0 steady, 1 something failed, 2 something couldn't be read, 3 a deployment is in progress. */
export function statusCommand(): Command {
  return withWatch(
    operation("status", "show deployments, failed tasks with their last log lines, and the health of targets"),
  )
    .addHelpText(
      "after",
      "\nExamples:\n  npm run status -- prod\n  npm run status -- prod --watch\n" +
        "\nExit codes: 0 every service is steady, 1 something failed, 2 something couldn't be read, 3 a deployment is in progress.",
    )
    .action((name: string, options: StatusOptions) => run(() => status(name, options)));
}

async function status(name: string, { environments, ...options }: StatusOptions): Promise<number> {
  const [{ readEnvironment }, { withAws }, operations] = await Promise.all([
    import("../../operations/deployed-environment"),
    import("../../aws/sdk/clients"),
    import("../../operations/status"),
  ]);
  const environment = readEnvironment(environments, name);
  const { exitCodeOf, statusOf, statusReport: report } = operations;
  const look = () => withAws(environment.options.region, (aws) => statusOf(aws, environment));
  return watching(options, look, { report, exitCodeOf });
}
