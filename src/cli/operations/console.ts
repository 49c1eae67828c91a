import type { Command } from "commander";
import { print } from "../../foreign-text";
import { shellWords } from "../../advice";
import { operation, type OperationOptions, run } from "./operation";

interface ConsoleOptions extends OperationOptions {
  readonly task?: string;
  readonly command?: string;
  readonly print?: true;
}

/** `console <environment> <service>`. Exit code: the session's own; 2 when none can be opened. */
export function consoleCommand(): Command {
  return operation("console", "open iex in a running task of a service, or run another command there")
    .argument("<service>", "a service of the environment")
    .option("--task <id>", "id of the task, or its beginning (default: the newest healthy task)")
    .option("--command <command>", "run this instead of the release's remote shell")
    .option("--print", "only print the AWS command")
    .addHelpText(
      "after",
      "\nExamples:\n  npm run console -- prod myapp\n  npm run console -- prod myapp --task 4f2a --command 'bin/myapp rpc \"IO.inspect(Node.list())\"'\n" +
        "\nExit codes: the session's own; 2 when none can be opened.",
    )
    .action((environment: string, service: string, options: ConsoleOptions) =>
      run(() => open(environment, service, options)),
    );
}

async function open(name: string, serviceName: string, options: ConsoleOptions): Promise<number> {
  const [{ readEnvironment, serviceNamed }, { withAws }, operations] = await Promise.all([
    import("../../operations/deployed-environment"),
    import("../../aws/sdk/clients"),
    import("../../operations/console"),
  ]);
  const environment = readEnvironment(options.environments, name);
  const service = serviceNamed(environment, serviceName);
  if (!options.print) await operations.mustHaveTools();
  const command = await withAws(environment.options.region, (aws) =>
    operations.consoleCommand(aws, environment, service, options),
  );
  if (options.print) {
    print(shellWords(command));
    return 0;
  }
  return operations.runInTerminal(command);
}
