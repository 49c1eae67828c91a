import { print as printTo } from "../../foreign-text";
import { nearest } from "../../environment/nearest";
import type { Lab } from "../lab";
import { shellLine } from "../local-aws/aws";
import { type Command, nameOfCommand, parametersOf, type Session, valuesOf } from "./command";
import { databaseCommands } from "./database-commands";
import { faults } from "./faults";
import { FaultsInForce } from "./faults-in-force";
import { inspectCommands } from "./inspect-commands";
import { nodes } from "./nodes";
import { type InteractiveIo, isTerminal, openPrompt } from "./prompt";
import { schedules } from "./schedules";
import { services } from "./services";
import { webCommands } from "./web-commands";
import { aligned, shortId } from "./tasks-here";

export type { InteractiveIo } from "./prompt";

const promptText = "lab> ";

const help: Command = {
  usage: "help",
  does: "this list",
  run({ print }) {
    print(aligned(commands.map(({ usage, does }) => [usage, does])));
    print("A task is named by its id or the beginning of it, its address, or its node's name. Tab completes.");
  },
};

/** Ends the prompt; what comes after is its caller's. */
const quit: Command = { usage: "quit", does: "ends the lab and destroys what was applied", run: () => undefined };

const commands: readonly Command[] = [
  ...inspectCommands,
  ...webCommands,
  ...databaseCommands,
  ...nodes,
  ...faults,
  ...services,
  ...schedules,
  help,
  quit,
];

/**
 * A prompt for a lab that runs, until `quit`, Ctrl-C or the end of the input. From a pipe it reads commands line by line
 * and goes on after one that fails; `#` begins a line that is a comment.
 *
 * @returns how many commands have failed.
 */
export async function runInteractive(lab: Lab, io: InteractiveIo): Promise<number> {
  const print = (text: string) => printTo(text, io.output);
  const { signal } = io;
  const session = { lab, print, faults: new FaultsInForce(lab.runtime), isTerminal: isTerminal(io), signal };
  const prompt = openPrompt(io, promptText, (line) => completions(lab, line));
  const interrupted = new Promise<void>((resolve) => signal?.addEventListener("abort", () => resolve()));
  let failed = 0;
  if (session.isTerminal) {
    print(
      "help lists the commands, quit ends the lab. To use doctor, status, logs or the AWS CLI, paste into another terminal:",
    );
    print(`  ${shellLine(lab.options.aws)}`);
  }
  for (;;) {
    const line = (await prompt.next())?.trim();
    if (line === undefined || signal?.aborted || /^(quit|exit)$/.test(line)) break;
    if (line === "" || line.startsWith("#")) continue;
    io.onCommand?.(line);
    try {
      await Promise.race([run(session, line), interrupted]);
    } catch (error) {
      failed += 1;
      print((error as Error).message);
    }
  }
  prompt.close();
  return failed;
}

async function run(session: Session, line: string): Promise<void> {
  const [, name, rest] = /^(\S+)\s*(.*)$/s.exec(line)!;
  const command = commands.find((each) => nameOfCommand(each) === name);
  if (command) return command.run(session, ...valuesOf(command, rest!));
  const suggestion = nearest(name!, commands.map(nameOfCommand));
  throw new Error(`There is no command "${name}".${suggestion ? ` Did you mean ${suggestion}?` : ""} help lists them.`);
}

/** What the last word of a line may become, and that word. Source: https://nodejs.org/api/readline.html#use-of-the-completer-function */
export function completions(lab: Lab, line: string): [string[], string] {
  const words = line.trimStart().split(/\s+/);
  const last = words.at(-1)!;
  const command = commands.find((each) => nameOfCommand(each) === words[0]);
  const parameter = command && parametersOf(command)[words.length - 2]?.name;
  const candidates = words.length === 1 ? commands.map(nameOfCommand) : namesOf(lab, parameter);
  return [candidates.filter((candidate) => candidate.startsWith(last)).map((candidate) => `${candidate} `), last];
}

function namesOf(lab: Lab, parameter: string | undefined): string[] {
  if (parameter === "service") return lab.services.map(({ name }) => name);
  if (parameter !== "task") return [];
  return lab.tasks.flatMap((task) => [shortId(task), task.networkInterface?.address ?? []].flat());
}
