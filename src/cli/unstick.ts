import { type Command, InvalidArgumentError } from "commander";
import { operation, type OperationOptions, run } from "./operation";

interface UnstickOptions extends OperationOptions {
  readonly yes?: true;
  readonly timeout: number;
  readonly json?: true;
}

/** `unstick <environment>`. Exit code 0 when nothing stands in the way, 1 when something does, 2 when it can't be told. */
export function unstickCommand(): Command {
  return operation(
    "unstick",
    "tell what keeps an environment's namespace from being removed, and deregister what is dead",
  )
    .option("--yes", "deregister instances whose task no longer exists; never a living one")
    .option("--timeout <seconds>", "wait so long for Cloud Map", seconds, 120)
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  npm run unstick -- prod\n  npm run unstick -- prod --yes\n" +
        "\nExit codes: 0 nothing stands in the way, 1 something does, 2 it can't be told.",
    )
    .action((name: string, options: UnstickOptions) => run(() => unstick(name, options)));
}

async function unstick(name: string, { environments, yes, timeout, json }: UnstickOptions): Promise<number> {
  const [{ readEnvironment }, { withAws }, { blockageOf, removeDead }, { unstickReport }] = await Promise.all([
    import("../operations/deployed-environment"),
    import("../operations/aws"),
    import("../operations/unstick"),
    import("../operations/unstick-report"),
  ]);
  const environment = readEnvironment(environments, name);
  return withAws(environment.options.region, async (aws) => {
    const removed = yes ? await removeDead(aws, environment, { timeoutSeconds: timeout }) : [];
    const blockage = await blockageOf(aws, environment);
    console.log(
      json ? JSON.stringify({ ...blockage, removed }, undefined, 2) : unstickReport(environment, blockage, removed),
    );
    return blockage.leftovers.length + blockage.otherServices.length === 0 ? 0 : 1;
  });
}

function seconds(text: string): number {
  const number = Number(text);
  if (!Number.isFinite(number) || number <= 0) throw new InvalidArgumentError("Give a number of seconds above 0.");
  return number;
}
