import { Command, InvalidArgumentError } from "commander";
import { print, type Printable, printError, write } from "../foreign-text";
import { limitSemiSpace } from "../lab/data-plane/semi-space";
import { endingAll, interruption } from "./interruption";
import { labUpCommand } from "./lab-up";

interface Options {
  readonly html: string;
  readonly json?: boolean;
  readonly seed?: number;
  readonly minutes?: number;
  readonly seconds?: number;
  readonly tasks?: readonly number[];
  readonly image?: readonly string[];
}

/** `lab`: scenarios on one machine. Exit code 0 when everything went as it must, 1 otherwise, 130 when it was interrupted. */
export function labCommand(): Command {
  return (
    new Command("lab")
      .description("run layouts on this machine, with real packets between real nodes, and prove what they promise")
      // So that up has its own --image and --html.
      .enablePositionalOptions()
      .argument("<scenario...>", "scenarios by name, or all; lab list names them")
      .option("--html <file>", "where the run's timeline goes", "lab-report.html")
      .option("--json", "print one JSON document at the end")
      .option("--seed <number>", "what chance is drawn from, to replay a run", whole)
      .option("--minutes <number>", "time for scenarios that show more in more time", positive)
      .option(
        "--seconds <number>",
        "length of each window that dns-record-limit and failure-detection measure",
        positive,
      )
      .option("--tasks <numbers>", "sizes to run at, such as 9,12", sizes)
      .option(
        "--image <NAME=FOLDER>",
        "a release in place of the sample's (repeatable)",
        (value: string, all: readonly string[] = []) => [...all, value],
      )
      .addHelpText(
        "after",
        "\nExamples:\n  npm run lab -- list\n  npm run lab -- forms negative-cases\n  npm run lab -- all --json",
      )
      .action(runNamed)
      .addCommand(listCommand())
      .addCommand(labUpCommand())
  );
}

function listCommand(): Command {
  return new Command("list").description("name every scenario and what it proves").action(async () => {
    const { scenarios } = await import("../lab/scenarios");
    const width = Math.max(...scenarios.map(({ name }) => name.length));
    for (const { name, proves } of scenarios) print(`${name.padEnd(width)}  ${proves}`);
  });
}

async function runNamed(names: readonly string[], { image: images = [], ...options }: Options): Promise<void> {
  limitSemiSpace();
  const [{ scenariosNamed }, { runScenarios }] = await Promise.all([
    import("../lab/scenarios"),
    import("../lab/scenarios/run"),
  ]);
  const interrupted = interruption(endingAll);
  const print = (text: Printable) => write(text);
  try {
    const scenarios = scenariosNamed(names);
    const proved = await runScenarios(scenarios, { ...options, images, print, signal: interrupted.signal });
    if (!proved) process.exitCode = 1;
  } catch (error) {
    if (interrupted.signal.aborted) {
      printError("Interrupted: everything that was started has ended.");
      // What was waited for at the time has nothing left to wait for.
      process.exit(130);
    }
    printError(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}

function whole(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0) throw new InvalidArgumentError("Give a whole number.");
  return number;
}

function positive(text: string): number {
  const number = Number(text);
  if (!Number.isFinite(number) || number <= 0) throw new InvalidArgumentError("Give a number above 0.");
  return number;
}

function sizes(text: string): readonly number[] {
  const numbers = text.split(",").map(Number);
  if (numbers.some((number) => !Number.isInteger(number) || number < 1))
    throw new InvalidArgumentError("Give numbers of tasks such as 9,12,30.");
  return numbers;
}
