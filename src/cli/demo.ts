import { Command } from "commander";
import type { Lab } from "../lab/lab";
import { write } from "../foreign-text";
import { limitSemiSpace } from "../lab/data-plane/sandbox/semi-space";
import { timingsTable } from "../lab/timings";
import type { Recording } from "../lab/timeline/recording";
import { interruptible } from "./interruption";

interface Options {
  readonly environments?: string;
  readonly keep?: boolean;
  readonly timings?: boolean;
  readonly web?: boolean;
  readonly html: string;
  readonly timeline: string;
}

/** `demo`: everything once, on local AWS. Exit code 0 when all tests passed, 1 otherwise, 130 when it was interrupted. */
export function demoCommand(): Command {
  return new Command("demo")
    .description("synthesize, plan, apply and test a two-service cluster on local AWS, offline")
    .option("--environments <file>", "environments file with one environment, whose VPC it finds by tags")
    .option("--keep", "keep the cluster running, and open a prompt on it: rpc, remote, kill, cut, scale, deploy, open")
    .option("--web", "add a load balancer, whose page --keep opens; takes about two minutes longer")
    .option("--timings", "print at the end where the time went")
    .option("--html <file>", "file for the review's page", "review.html")
    .option("--timeline <file>", "file for the run's timeline", "lab-report.html")
    .addHelpText("after", "\nExamples:\n  npm run demo\n  npm run demo -- --keep\n  npm run demo -- --web --keep")
    .action(async ({ environments: environmentsFile, keep, timings, web, html, timeline }: Options) => {
      limitSemiSpace();
      const { runDemo } = await import("../demo/demo");
      await interruptible((signal) =>
        runDemo({
          html,
          timeline,
          ...(keep ? { keep: promptFor(signal) } : {}),
          ...(web ? { web } : {}),
          ...(environmentsFile ? { environmentsFile } : {}),
          signal,
          print: (text) => write(text),
        }),
      );
      if (timings) write(`\n${timingsTable()}`);
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
