import path from "node:path";
import { Command } from "commander";
import { type Printable, terminal, write, writeBytes } from "../foreign-text";
import { confirm } from "./operations/confirm";
import { UserError } from "../user-error";

interface AdoptOptions {
  readonly yes?: true;
  readonly check?: true;
  readonly force?: true;
  readonly libcluster?: true;
  readonly metrics?: true;
  readonly tls?: true;
  readonly app?: string;
  readonly dockerfile?: string;
}

/**
 * `adopt <path>`. Exit code 0 when the project has everything or was changed, 1 when something is missing (`--check`) or
 * the answer was no, 2 when it can't be adopted.
 */
export function adoptCommand(): Command {
  return new Command("adopt")
    .description("add what a Phoenix or mix project needs in order to cluster on Fargate")
    .argument("<path>", "the folder of a mix project or umbrella")
    .option("--yes", "apply without asking")
    .option("--check", "only report; exit 1 when something is missing")
    .option("--force", "continue even if the git tree has uncommitted changes")
    .option("--libcluster", "use libcluster, even if the project has Phoenix's DNSCluster")
    .option("--metrics", 'report from each node whether the cluster is whole, for "alarms" in environments.json')
    .option("--tls", 'have OTP\'s application ssl in the release, for distribution with "tls" in environments.json')
    .option("--app <name>", "the application of an umbrella that starts the cluster")
    .option("--dockerfile <path>", "the Dockerfile inside the project, when it isn't ./Dockerfile")
    .addHelpText(
      "after",
      "\nExamples:\n  npm run adopt -- ../my_app\n  npm run adopt -- ../my_app --check\n" +
        "\nExit codes: 0 it has everything, or was changed, 1 something is missing, or the answer was no, 2 it can't be adopted.",
    )
    .action(async (folder: string, options: AdoptOptions, command: Command) => {
      try {
        process.exitCode = await adopt(path.resolve(folder), options);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        command.error(`error: ${error.message}`, { exitCode: 2 });
      }
    });
}

async function adopt(root: string, options: AdoptOptions): Promise<number> {
  const adoption = await import("../adopt");
  const project = adoption.readMixProject(root, options);
  const plan = adoption.planAdoption(project);
  const print = (text: Printable) => write(text);
  const complete = adoption.isComplete(plan);

  print(adoption.describeFindings(plan));
  const remarks = terminal`${adoption.describeByHand(plan)}${adoption.describeAdvice(plan)}`;
  if (options.check || plan.changes.length === 0) {
    print(remarks);
    if (complete) print("\nNothing to do.\n");
    return complete || !options.check ? 0 : 1;
  }
  const diff = adoption.unifiedDiff(plan.changes);
  print("\n");
  // A file or a pipe gets the exact bytes, so that git apply takes them.
  if (process.stdout.isTTY) print(adoption.colourDiff(diff));
  else writeBytes(diff);
  print(terminal`${remarks}\n`);
  if (!options.force && !(await adoption.requireCleanTree(root))) {
    print("This project isn't under git: the diff above is the only copy of the old text.\n");
  }
  const files = plan.changes.length === 1 ? "1 file" : `${plan.changes.length} files`;
  if (!(await confirm(`Write ${files}?`, { yes: options.yes, otherwise: "--check only reports" }))) {
    print("\nNothing was written.\n");
    return 1;
  }
  adoption.writeAll(root, plan.changes);
  print(`Wrote ${files}.\n${adoption.describeNextSteps(plan)}`);
  return 0;
}
