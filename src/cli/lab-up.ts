import { writeFileSync } from "node:fs";
import { Command } from "commander";
import { print, printError } from "../foreign-text";
import { limitSemiSpace } from "../lab/data-plane/semi-space";
import { endingAll, interruption } from "./interruption";

interface Options {
  readonly dir: readonly string[];
  readonly image?: readonly string[];
  readonly region?: string;
  readonly html: string;
}

const repeated = (value: string, all: readonly string[] = []) => [...all, value];

/** `lab up`: any Terraform, applied to local AWS and run, with a prompt. Exit code 0, 1 when it failed, 130 when it was interrupted. */
export function labUpCommand(): Command {
  return new Command("up")
    .description("apply folders of Terraform, synthesized or by hand, to local AWS and run them, with a prompt")
    .requiredOption("--dir <folder>", "folder of Terraform (repeatable, applied in this order)", repeated)
    .option("--image <NAME=FOLDER>", "an image's release on this machine (repeatable)", repeated)
    .option("--region <region>", "AWS region of local AWS (eu-west-1)")
    .option("--html <file>", "where the run's timeline goes", "lab-report.html")
    .addHelpText(
      "after",
      "\nExample:\n  npm run lab -- up --dir cdktf.out/stacks/prod --image myapp=_build/prod/rel/myapp",
    )
    .action(up);
}

async function up({ dir: folders, image: images = [], region, html }: Options): Promise<void> {
  limitSemiSpace();
  const [{ labUp }, { runInteractive }, { Recording }, { timelineHtml }] = await Promise.all([
    import("../lab/prompt/up"),
    import("../lab/prompt/interactive"),
    import("../lab/timeline/recording"),
    import("../lab/timeline/timeline-html"),
  ]);
  const { signal } = interruption(endingAll);
  const recording = new Recording();
  try {
    const options = {
      folders,
      images,
      signal,
      recording,
      print: (line: string) => print(line),
      ...(region ? { region } : {}),
    };
    const onCommand = (line: string) => recording.note(line);
    const io = { input: process.stdin, output: process.stdout, signal, onCommand };
    const failed = await labUp(options, (lab) => runInteractive(lab, io));
    writeFileSync(html, timelineHtml(`Lab: ${folders.join(", ")}`, recording.recorded()));
    print(`Timeline: ${html}`);
    if (failed > 0) process.exitCode = 1;
  } catch (error) {
    printError(signal.aborted ? "Interrupted: everything that was started has ended." : (error as Error).message);
    process.exitCode = 1;
  }
  if (signal.aborted) process.exitCode = 130;
}
