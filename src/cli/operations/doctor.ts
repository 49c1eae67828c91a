import { type Command, Option } from "commander";
import { operation, type OperationOptions, run } from "./operation";
import { watching, type WatchOptions, withWatch } from "./watch";

interface DoctorOptions extends OperationOptions, WatchOptions {
  readonly nodes?: true;
  readonly path: string;
  readonly through?: string;
  readonly rpc?: true;
}

/** `doctor <environment>`. Exit code 0 when everything matches, 1 when something is wrong, 2 when something couldn't be checked. */
export function doctorCommand(): Command {
  return withWatch(
    operation("doctor", "compare the configuration with what runs: tasks, DNS, security groups, secrets, nodes")
      .option("--nodes", "ask each task's node for its peers, and list partitions")
      .option("--path <path>", "path of the page that lists a node's peers", "/cluster")
      .addOption(
        new Option(
          "--through <command>",
          "ask through a command that prints the answer, if you can't reach the tasks: {address} {port} {task} {service} are filled in",
        ).implies({ nodes: true }),
      )
      .addOption(
        new Option("--rpc", "ask through the release's rpc and ECS Exec, as the console command does")
          .conflicts("through")
          .implies({ nodes: true }),
      ),
  )
    .addHelpText(
      "after",
      "\nExamples:\n  npm run doctor -- prod\n  npm run doctor -- prod --nodes --watch\n" +
        "  npm run doctor -- prod --through 'ssh bastion curl -s http://{address}:{port}/cluster'\n" +
        "\nExit codes: 0 everything matches, 1 something is wrong, 2 something couldn't be checked.",
    )
    .action((name: string, options: DoctorOptions) => run(() => doctor(name, options)));
}

async function doctor(
  name: string,
  { environments, nodes, path, through, rpc, ...options }: DoctorOptions,
): Promise<number> {
  const [{ readEnvironment }, { withAws }, operations, tools] = await Promise.all([
    import("../../operations/deployed-environment"),
    import("../../aws/sdk/clients"),
    import("../../operations/doctor"),
    import("../../operations/console"),
  ]);
  const environment = readEnvironment(environments, name);
  const { byRpc, diagnose, exitCodeOf, overHttp, report, throughCommand } = operations;
  if (rpc) await tools.mustHaveTools();
  const transport = () => (rpc ? byRpc(environment) : through ? throughCommand(through) : overHttp(path));
  const ask = nodes && transport();
  const look = () => withAws(environment.options.region, (aws) => diagnose(aws, environment, ask));
  return watching(options, look, { report, exitCodeOf });
}
