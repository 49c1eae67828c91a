import { type Command, Option } from "commander";
import { clear, print, printJson } from "../../foreign-text";
import { positiveNumber } from "../arguments";
import { operation, type OperationOptions, run } from "./operation";
import { defaultInterval, watching } from "../watch";

interface DoctorOptions extends OperationOptions {
  readonly nodes?: true;
  readonly path: string;
  readonly through?: string;
  readonly rpc?: true;
  readonly watch?: number | true;
  readonly json?: true;
}

/** `doctor <environment>`. Exit code 0 when everything matches, 1 when something is wrong, 2 when something couldn't be checked. */
export function doctorCommand(): Command {
  return operation("doctor", "compare the configuration with what runs: tasks, DNS, security groups, secrets, nodes")
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
    )
    .option(
      "--watch [seconds]",
      `look again at this interval (${defaultInterval} seconds), until Ctrl-C`,
      positiveNumber,
    )
    .option("--json", "print JSON, one document for each look")
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
  { environments, nodes, path, through, rpc, watch, json }: DoctorOptions,
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
  const look = async () => {
    const diagnosis = await withAws(environment.options.region, (aws) => diagnose(aws, environment, ask));
    if (watch !== undefined && !json) clear();
    if (json) printJson(diagnosis, { oneLine: watch !== undefined });
    else print(report(diagnosis));
    return exitCodeOf(diagnosis);
  };
  return watching(watch, look);
}
