import type { Command } from "commander";
import type { RollbackChoices } from "../../operations/rollback/revisions";
import { print, printError } from "../../foreign-text";
import { UserError } from "../../user-error";
import { ask, confirm } from "./confirm";
import { interruption } from "../interruption";
import { operation, type OperationOptions, run } from "./operation";

interface RollbackOptions extends OperationOptions {
  readonly to?: string;
  readonly yes?: true;
}

/** `rollback <environment> <service>`. Exit code 0 deployed, or nothing chosen; 1 its deployment failed; 2 it can't be deployed; 130 Ctrl-C. */
export function rollbackCommand(): Command {
  return operation("rollback", "deploy an earlier revision of a service's task definition")
    .argument("<service>", "a service of the environment")
    .option("--to <revision>", "revision to deploy, such as 13 or prod-myapp:13 (default: asks)")
    .option("--yes", "don't ask; needs --to")
    .addHelpText(
      "after",
      "\nExamples:\n  npm run rollback -- prod myapp\n  npm run rollback -- prod myapp --to 13 --yes\n" +
        "\nExit codes: 0 the revision runs, or you chose none, 1 its deployment failed, 2 it can't be deployed, 130 Ctrl-C during the deployment.",
    )
    .action((environment: string, service: string, options: RollbackOptions) =>
      run(() => rollback(environment, service, options)),
    );
}

async function rollback(name: string, serviceName: string, options: RollbackOptions): Promise<number> {
  const [{ readEnvironment, serviceNamed }, { withAws }, operations] = await Promise.all([
    import("../../operations/deployed-environment"),
    import("../../aws/sdk/clients"),
    import("../../operations/rollback"),
  ]);
  const environment = readEnvironment(options.environments, name);
  const service = serviceNamed(environment, serviceName);
  return withAws(environment.options.region, async (aws) => {
    const choices = await operations.rollbackChoices(aws, environment, service);
    print(operations.revisionTable(choices.revisions));
    const wanted = await wantedRevision(choices, options);
    if (wanted === "") return 0;
    const chosen = operations.chosenRevision(choices, wanted);
    const copy = chosen.isInactive ? ", which is deregistered, so a copy is registered first" : "";
    if (!(await confirm(`Deploy ${chosen.name}${copy}?`, { yes: options.yes }))) return 0;
    const deployed = await operations.deployRevision(aws, environment, service, chosen);
    print(`Deploying ${deployed}. Ctrl-C stops watching, and the deployment continues.`);
    const { signal, end } = interruption();
    const ending = await operations
      .followDeployment(aws, environment, service, choices, { say: (text) => print(text), signal })
      .finally(end);
    if (ending === "succeeded") print(`${deployed} runs.`);
    else if (ending === "left") print(`The deployment of ${deployed} continues.`);
    else printError(`The deployment of ${deployed} failed.`);
    if (ending !== "failed") operations.howToKeep(environment, service, choices, chosen).forEach((text) => print(text));
    return { succeeded: 0, failed: 1, left: 130 }[ending];
  });
}

/** An empty text for none. */
async function wantedRevision({ revisions }: RollbackChoices, { to, yes }: RollbackOptions): Promise<string> {
  if (to !== undefined) return to;
  const earlier = revisions.find(({ outcome }) => outcome === "ran");
  if (!earlier) throw new UserError("No other revision ran in the last 90 days, so there is none to roll back to.");
  const example = `--to ${earlier.name.split(":").at(-1)}`;
  if (yes) throw new UserError(`--yes needs the revision to deploy, such as ${example}.`);
  if (!process.stdin.isTTY) throw new UserError(`There is no terminal to ask on. Name the revision: ${example} --yes`);
  return (await ask("Deploy which revision? Its number, or Enter for none: ")) ?? "";
}
