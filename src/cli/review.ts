import { Command, InvalidArgumentError, Option } from "commander";
import { maxPort, type PortRange } from "../aws/network/ports";
import { discoveries, type Discovery } from "../discovery";
import {
  defaultDistributionPorts,
  defaultPollingIntervalMs,
  type DistributionMode,
  distributionModes,
} from "../distribution";
import { printError } from "../foreign-text";
import { repeated, wholeNumber } from "./arguments";

interface Options {
  readonly html?: string;
  readonly markdown?: boolean;
  readonly json?: boolean;
  readonly sarif?: boolean;
  readonly failOn: "error" | "warning" | "note" | "never";
  readonly notANode?: readonly string[];
  readonly ignore?: readonly string[];
  readonly baseline?: string;
  readonly writeBaseline?: string;
  readonly synthesized?: string;
  readonly against?: string;
  readonly ports?: PortRange;
  readonly mode?: DistributionMode;
  readonly discovery?: Discovery;
  readonly netTicktime?: number;
  readonly pollingInterval?: number;
}

const ports = defaultDistributionPorts;

/** `elixir-cluster review`: reads a plan or synthesized stacks and reports which services connect. */
export function reviewCommand(): Command {
  return new Command("review")
    .description(
      "read a plan (or synthesized stacks) and report which services connect, what changes, and what is wrong",
    )
    .argument("[plan]", "JSON of terraform show -json, - for stdin, or a folder such as cdktf.out", "cdktf.out")
    .option("--html <file>", "write one self-contained page with a drawing of the cluster")
    .addOption(new Option("--markdown", "print a comment for a pull request").conflicts(["json", "sarif"]))
    .addOption(new Option("--json", "print JSON (docs/review.schema.json)").conflicts(["markdown", "sarif"]))
    .addOption(new Option("--sarif", "print SARIF 2.1.0 for code scanning").conflicts(["markdown", "json"]))
    .addOption(
      new Option("--fail-on <severity>", "exit with 1 for findings of this severity or above")
        .choices(["error", "warning", "note", "never"])
        .default("error"),
    )
    .option("--ignore <id@address=reason>", "suppress a finding, with the reason (repeatable)", repeated)
    .option("--baseline <file>", "suppress the findings in this file")
    .option("--write-baseline <file>", "write all present findings to a file, and exit with 0")
    .option("--synthesized <file>", "the cdk.tf.json of the plan (default: the one next to the plan, if there is one)")
    .option(
      "--against <plan>",
      "compare with another plan or folder, such as the base branch's: report connections that services lose or gain, and fail for new findings only",
    )
    .option(
      "--ports <first-last>",
      `distribution ports, unless the plan sets them (default: ${ports.from}-${ports.to})`,
      portRange,
    )
    .addOption(
      new Option("--mode <mode>", "how nodes find a peer's port, unless the plan sets it (default: epmd)").choices(
        distributionModes,
      ),
    )
    .addOption(
      new Option("--discovery <discovery>", "how nodes find peers, unless the plan sets it (default: dnspoll)").choices(
        discoveries,
      ),
    )
    .option("--not-a-node <service>", "omit an ECS service that runs no Erlang node (repeatable)", repeated)
    .option("--net-ticktime <seconds>", "net_ticktime, unless the plan sets it (default: 60)", wholeNumber(1))
    .option(
      "--polling-interval <milliseconds>",
      `interval of DNS polls, unless the plan sets it (default: ${defaultPollingIntervalMs.dnsPoll})`,
      wholeNumber(1),
    )
    .addHelpText(
      "after",
      "\nExamples:\n  npm run review -- cdktf.out --html review.html\n" +
        "  terraform show -json plan.bin | npx elixir-cluster review - --markdown\n" +
        "  npm run review -- plan.json --against main.json\n" +
        "\nExit codes: 0 nothing at or above --fail-on, 1 findings, 2 the input can't be reviewed.",
    )
    .action(async (plan: string, options: Options) => {
      // A reader such as `head` may end early: that isn't an error.
      process.stdout.on("error", (error: NodeJS.ErrnoException) => {
        if (error.code !== "EPIPE") throw error;
      });
      const { runReview } = await import("../review/run");
      process.exitCode = await runReview(plan, options).catch((error: Error) => {
        printError(
          process.env.DEBUG
            ? (error.stack ?? error.message)
            : `error: the review failed: ${error.message} (DEBUG=1 shows where)`,
        );
        return 2;
      });
    })
    .exitOverride(({ exitCode }) => {
      // Also for a wrong option: to a pipeline, 1 means findings in the plan.
      process.exit(exitCode === 0 ? 0 : 2);
    });
}

function portRange(text: string): PortRange {
  const [from = Number.NaN, to = from] = text.split(/[-–]/).map(Number);
  if (!Number.isInteger(from) || !Number.isInteger(to) || from < 1 || to > maxPort || to < from)
    throw new InvalidArgumentError(`Give a range of ports such as ${ports.from}-${ports.to}, or one port.`);
  return { from, to };
}
