import { Command } from "commander";
import type { Lab } from "../lab/lab";
import { printError, write } from "../foreign-text";
import { limitSemiSpace } from "../lab/data-plane/semi-space";
import type { Recording } from "../lab/timeline/recording";
import { endingAll, interruption } from "./interruption";

/** `demo`: the main job on local AWS. Exit code 0 when everything went as it must, 1 otherwise, 130 when it was interrupted. */
export function demoCommand(): Command {
  return new Command("demo")
    .description("synthesize, plan, apply and prove a two-service cluster on local AWS, offline")
    .option("--environments <file>", "environments file with one environment; its VPC by tags")
    .option("--keep", "before the end, leave it running with a prompt: rpc, remote, kill, cut, scale, deploy, open")
    .option("--html <file>", "where the review's page goes", "review.html")
    .option("--timeline <file>", "where the timeline of what ran goes", "lab-report.html")
    .addHelpText("after", "\nExamples:\n  npm run demo\n  npm run demo -- --keep")
    .action(async (options: { environments?: string; keep?: boolean; html: string; timeline: string }) => {
      limitSemiSpace();
      const { runDemo } = await import("../demo/demo");
      const interrupted = interruption(endingAll);
      try {
        const proved = await runDemo({
          html: options.html,
          timeline: options.timeline,
          ...(options.keep ? { keep: promptFor(interrupted.signal) } : {}),
          ...(options.environments ? { environmentsFile: options.environments } : {}),
          signal: interrupted.signal,
          print: (text) => write(text),
        });
        process.exitCode = proved ? 0 : 1;
      } catch (error) {
        if (interrupted.signal.aborted) {
          printError("Interrupted: everything that was started has ended.");
          process.exitCode = 130;
          return;
        }
        printError(error instanceof Error ? error.message : String(error));
        process.exitCode = 1;
      }
    });
}

/** A prompt on the running lab, on this terminal. */
function promptFor(signal: AbortSignal) {
  return async (lab: Lab, recording: Recording): Promise<void> => {
    const { runInteractive } = await import("../lab/prompt/interactive");
    const onCommand = (line: string) => recording.note(line);
    await runInteractive(lab, { input: process.stdin, output: process.stdout, signal, onCommand });
  };
}
