import { writeFileSync } from "node:fs";
import { Command } from "commander";
import { print } from "../foreign-text";
import { limitSemiSpace } from "../lab/data-plane/sandbox/semi-space";
import { repeated } from "./arguments";
import { interruptible } from "./interruption";

interface Options {
  readonly dir: readonly string[];
  readonly image?: readonly string[];
  readonly reach?: readonly string[];
  readonly env?: readonly string[];
  readonly secret?: readonly string[];
  readonly postgres?: string | true;
  readonly varFile?: readonly string[];
  readonly region?: string;
  readonly html: string;
}

/** `lab up`: any Terraform, applied to local AWS and run, with a prompt. Exit code 0, 1 when it failed, 130 when it was interrupted. */
export function labUpCommand(): Command {
  return new Command("up")
    .description("apply folders of Terraform, synthesized or written by hand, to local AWS and run them, with a prompt")
    .requiredOption("--dir <folder>", "folder of Terraform (repeatable, applied in this order)", repeated)
    .option(
      "--image <NAME=FOLDER>",
      "folder with the release of an image, or a program of this machine to run instead (repeatable)",
      repeated,
    )
    .option("--var-file <file>", "file with values of variables (*.tfvars), for every folder (repeatable)", repeated)
    .option(
      "--reach <NAME:PORT=HOST:PORT>",
      "allow tasks to reach a server beyond the VPC through this machine, if their security groups allow it (repeatable)",
      repeated,
    )
    .option(
      "--env <NAME=value>",
      "variable of every container, or of one service: SERVICE.NAME=value (repeatable)",
      repeated,
    )
    .option(
      "--secret <NAME=value>",
      "value that replaces that of a container's secret; without =value, the value of this shell's variable (repeatable)",
      repeated,
    )
    .option(
      "--postgres [GROUP]",
      "run PostgreSQL in the VPC, in the database's security group (give its name or id if several fit)",
    )
    .option("--region <region>", "AWS region of local AWS (eu-west-1)")
    .option("--html <file>", "file for the run's timeline", "lab-report.html")
    .addHelpText(
      "after",
      "\nExample:\n  npm run lab -- up --dir cdktf.out/stacks/prod --image myapp=_build/prod/rel/myapp",
    )
    .action((options: Options) => interruptible((signal) => up(options, signal)));
}

async function up(
  { dir: folders, image: images = [], secret: secrets, varFile: varFiles, html, ...more }: Options,
  signal: AbortSignal,
): Promise<boolean> {
  limitSemiSpace();
  const [{ labUp }, { runInteractive }, { Recording }, { timelineHtml }] = await Promise.all([
    import("../lab/prompt/up"),
    import("../lab/prompt/interactive"),
    import("../lab/timeline/recording"),
    import("../lab/timeline/timeline-html"),
  ]);
  const recording = new Recording();
  const lines = (line: string) => print(line);
  const options = { folders, images, secrets, varFiles, signal, recording, print: lines, ...more };
  const onCommand = (line: string) => recording.note(line);
  const io = { input: process.stdin, output: process.stdout, signal, onCommand };
  const failed = await labUp(options, (lab) => runInteractive(lab, io));
  writeFileSync(html, timelineHtml(`Lab: ${folders.join(", ")}`, recording.recorded()));
  print(`Timeline: ${html}`);
  return failed === 0;
}
