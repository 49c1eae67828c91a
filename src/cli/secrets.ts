import type { Command } from "commander";
import { operation, type OperationOptions, run } from "./operation";

interface SecretsOptions extends OperationOptions {
  readonly rotate: readonly string[];
  readonly generate: readonly string[];
  readonly check?: true;
  readonly json?: true;
}

const more = (value: string, all: readonly string[]) => [...all, value];

/** `secrets <environment>`. Exit code 0 when every secret is there, 1 when one is missing or no SecureString, 2 when it can't be told. */
export function secretsCommand(): Command {
  return operation(
    "secrets",
    "create the missing secrets of an environment in SSM, with random values that are never shown",
  )
    .option("--rotate <VARIABLE>", "replace a value by a new random one (repeatable)", more, [])
    .option(
      "--generate <VARIABLE>",
      "make this one at random too, beside RELEASE_COOKIE and SECRET_KEY_BASE (repeatable)",
      more,
      [],
    )
    .option("--check", "only report; write nothing")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  npm run secrets -- prod\n  npm run secrets -- prod --check\n  npm run secrets -- prod --rotate RELEASE_COOKIE\n" +
        "\nExit codes: 0 all there, 1 something is missing or not encrypted, 2 it can't be told.",
    )
    .action((name: string, options: SecretsOptions) => run(() => secrets(name, options)));
}

async function secrets(name: string, { environments, json, ...options }: SecretsOptions): Promise<number> {
  const [{ readEnvironment }, { withAws }, { ensureSecrets }, { allThere, secretsReport }] = await Promise.all([
    import("../operations/deployed-environment"),
    import("../operations/aws"),
    import("../operations/secrets"),
    import("../operations/secrets-report"),
  ]);
  const environment = readEnvironment(environments, name);
  const results = await withAws(environment.options.region, (aws) => ensureSecrets(aws, environment, options));
  console.log(json ? JSON.stringify(results, undefined, 2) : secretsReport(environment, results));
  return allThere(results) ? 0 : 1;
}
