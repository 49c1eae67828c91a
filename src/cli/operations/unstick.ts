import type { Command } from "commander";
import { print, printJson, visibleData } from "../../foreign-text";
import { positiveNumber } from "../arguments";
import { operation, type OperationOptions, run } from "./operation";

interface UnstickOptions extends OperationOptions {
  readonly yes?: true;
  readonly forRemoval?: boolean;
  readonly timeout: number;
  readonly json?: true;
}

/** `unstick <environment>`. Exit code 0 when nothing is left to do, 1 when something is, 2 when AWS didn't answer. */
export function unstickCommand(): Command {
  return operation("unstick", "find registrations of dead tasks in an environment's namespace, and deregister them")
    .option("--yes", "deregister instances whose task no longer exists")
    .option("--for-removal", "report everything that prevents the namespace's removal, and how to stop services")
    .option("--timeout <seconds>", "how long to wait for Cloud Map", positiveNumber, 120)
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  npm run unstick -- prod\n  npm run unstick -- prod --yes\n  npm run unstick -- prod --for-removal\n" +
        "\nExit codes: 0 nothing is stale (--for-removal: nothing keeps the namespace), 1 something is left, 2 AWS didn't answer.",
    )
    .action((name: string, options: UnstickOptions) => run(() => unstick(name, options)));
}

async function unstick(
  name: string,
  { environments, yes, forRemoval = false, timeout, json }: UnstickOptions,
): Promise<number> {
  const [{ readEnvironment }, { withAws }, { blockageOf, removeDead }, { isClear, unstickReport }] = await Promise.all([
    import("../../operations/deployed-environment"),
    import("../../aws/sdk/clients"),
    import("../../operations/unstick/unstick"),
    import("../../operations/unstick/unstick-report"),
  ]);
  const environment = readEnvironment(environments, name);
  const purpose = { forRemoval };
  return withAws(environment.options.region, async (aws) => {
    const removed = yes ? await removeDead(aws, environment, { timeoutSeconds: timeout }) : [];
    const blockage = await blockageOf(aws, environment);
    if (json) printJson({ ...blockage, removed });
    else print(unstickReport(environment, visibleData(blockage), visibleData(removed), purpose));
    return isClear(blockage, purpose) ? 0 : 1;
  });
}
