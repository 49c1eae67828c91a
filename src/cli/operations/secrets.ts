import type { Command } from "commander";
import { print, printError, visibleData } from "../../foreign-text";
import type { PlannedSecret } from "../../operations/secrets/secrets";
import { repeated } from "../arguments";
import { confirm } from "./confirm";
import { interruption } from "../interruption";
import { operation, type OperationOptions, run } from "./operation";

interface SecretsOptions extends OperationOptions {
  readonly rotate?: readonly string[];
  readonly generate?: readonly string[];
  readonly rotateAuthority?: true;
  readonly yes?: true;
  readonly check?: true;
  readonly json?: true;
}

/** `secrets <environment>`. Exit code 0 when every secret exists, 1 when one is missing or not a SecureString, or the answer was no, 2 when something failed. */
export function secretsCommand(): Command {
  return operation(
    "secrets",
    "create the missing secrets of an environment in SSM and Secrets Manager, with values that are never shown",
  )
    .option("--rotate <VARIABLE>", "replace a value with a new random one (repeatable)", repeated)
    .option(
      "--generate <VARIABLE>",
      "create a random value for this variable too, in addition to RELEASE_COOKIE, SECRET_KEY_BASE and certificates (repeatable)",
      repeated,
    )
    .option("--rotate-authority", "take the next of three steps that replace the authority of the nodes' certificates")
    .option("--yes", "write without asking")
    .option("--check", "only report; write nothing")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  npm run secrets -- prod\n  npm run secrets -- prod --check\n  npm run secrets -- prod --rotate RELEASE_COOKIE\n" +
        "\nExit codes: 0 all exist, 1 something is missing or not encrypted, or the answer was no, 2 something failed.",
    )
    .action((name: string, options: SecretsOptions) => run(() => secrets(name, options)));
}

async function secrets(
  name: string,
  { environments, yes, check, json, rotate = [], generate = [], rotateAuthority }: SecretsOptions,
): Promise<number> {
  const [{ readEnvironment }, { withAws }, { planSecrets, writeSecrets }, report] = await Promise.all([
    import("../../operations/deployed-environment"),
    import("../../aws/sdk/clients"),
    import("../../operations/secrets/secrets"),
    import("../../operations/secrets/secrets-report"),
  ]);
  const environment = readEnvironment(environments, name);
  return withAws(environment.options.region, async (aws) => {
    const planned = await planSecrets(aws, environment, {
      rotate,
      generate,
      rotateAuthority: rotateAuthority === true,
    });
    const writes = check ? [] : planned.filter(({ action }) => action);
    if (writes.length > 0 && !yes) printError(report.secretsPlan(visibleData(writes)));
    if (writes.length > 0 && !(await confirm(question(writes, environment.options.region), { yes, otherwise }))) {
      printError("Nothing was written.");
      return 1;
    }
    // An interrupted run also reports what it has written: a rotation must be deployed.
    const { signal, end } = interruption("Stopping after the current write.");
    try {
      const results = await writeSecrets(aws, check ? planned.map(onlyFound) : planned, signal);
      if (json) print(report.secretsJson(results));
      else print(report.secretsReport(environment, visibleData(results)));
      return report.secretsExitCode(results);
    } finally {
      end();
    }
  });
}

const otherwise = "--check only reports";

const onlyFound = ({ secret, found }: PlannedSecret): PlannedSecret => ({ secret, found });

const question = (writes: readonly PlannedSecret[], region: string) =>
  `Write ${writes.length === 1 ? "1 secret" : `${writes.length} secrets`} in ${region}?`;
