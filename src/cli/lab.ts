import { Command, InvalidArgumentError } from "commander";
import { print, type Printable, write } from "../foreign-text";
import { limitSemiSpace } from "../lab/data-plane/sandbox/semi-space";
import { timingsTable } from "../lab/timings";
import { positiveNumber, repeated, wholeNumber } from "./arguments";
import { interruptible } from "./interruption";
import { labUpCommand } from "./lab-up";

interface Options {
  readonly html: string;
  readonly json?: boolean;
  readonly layouts?: number;
  readonly seed?: number;
  readonly faults?: readonly number[];
  readonly minutes?: number;
  readonly seconds?: number;
  readonly tasks?: readonly number[];
  readonly parallel?: number;
  readonly timings?: boolean;
  readonly image?: readonly string[];
}

/** `lab`: scenarios on one machine. Exit code 0 when all passed, 1 otherwise, 130 when it was interrupted. */
export function labCommand(): Command {
  return (
    new Command("lab")
      .description("run scenarios on this machine, with real packets between real nodes, and prove their claims")
      // So that up has its own --image and --html.
      .enablePositionalOptions()
      .argument("<scenario...>", "scenarios by name, or all; lab list names them")
      .option("--html <file>", "file for the run's timeline", "lab-report.html")
      .option("--json", "print one JSON document at the end")
      .option("--layouts <number>", "number of random layouts of conformance", wholeNumber(1))
      .option("--seed <number>", "seed of random choices; the same seed repeats a run", wholeNumber(0))
      .option("--faults <numbers>", "run only these faults of chaos, by number", numbers("numbers of faults", "3,17"))
      .option(
        "--minutes <number>",
        "duration of chaos; from 6 on, cold-start waits for a real NXDOMAIN",
        positiveNumber,
      )
      .option(
        "--seconds <number>",
        "length of each measurement of dns-record-limit and failure-detection",
        positiveNumber,
      )
      .option("--tasks <numbers>", "numbers of tasks to run with, such as 12,30", numbers("numbers of tasks", "12,30"))
      .option("--parallel <number>", "how many scenarios run at the same time (default: 1)", wholeNumber(1))
      .option("--timings", "print at the end where the time went")
      .option("--image <NAME=FOLDER>", "a release instead of the sample's (repeatable)", repeated)
      .addHelpText(
        "after",
        "\nExamples:\n  npm run lab -- list\n  npm run lab -- forms negative-cases\n  npm run lab -- all --parallel 5",
      )
      .action(runNamed)
      .addCommand(listCommand())
      .addCommand(labUpCommand())
  );
}

function listCommand(): Command {
  return new Command("list")
    .description("list every scenario, how long it takes, and what it proves")
    .action(async () => {
      const { scenarios } = await import("../lab/scenarios");
      const width = Math.max(...scenarios.map(({ name }) => name.length));
      for (const { name, seconds, proves } of scenarios)
        print(`${name.padEnd(width)}  ${String(seconds).padStart(3)} s  ${proves}`);
    });
}

async function runNamed(names: readonly string[], { image: images = [], timings, ...options }: Options): Promise<void> {
  limitSemiSpace();
  const [{ scenariosNamed }, { runScenarios }] = await Promise.all([
    import("../lab/scenarios"),
    import("../lab/scenarios/run"),
  ]);
  const lines = (text: Printable) => write(text);
  await interruptible(async (signal) =>
    runScenarios(scenariosNamed(names), { ...options, images, print: lines, signal }),
  );
  // Standard output may be one JSON document.
  if (timings) write(timingsTable(), process.stderr);
  // An interrupted scenario may still wait for something that never comes.
  if (process.exitCode === 130) process.exit();
}

/** Whole numbers from 1 on, with commas between them. @param example what the error shows */
const numbers =
  (what: string, example: string) =>
  (text: string): readonly number[] => {
    const given = text.split(",").map(Number);
    if (given.some((number) => !Number.isInteger(number) || number < 1))
      throw new InvalidArgumentError(`Give ${what} such as ${example}.`);
    return given;
  };
