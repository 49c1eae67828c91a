import type { Lab } from "../lab";
import type { FaultsInForce } from "./faults-in-force";

/** What commands work on. */
export interface Session {
  readonly lab: Lab;
  readonly faults: FaultsInForce;
  /** Prints a text, which may have several lines. */
  readonly print: (text: string) => void;
  /** Whether a person sits in front of it, on a terminal of this process. */
  readonly isTerminal: boolean;
  /** Ends what a command waits for. */
  readonly signal?: AbortSignal | undefined;
}

/** One command of the prompt. */
export interface Command {
  /** Its name and what follows: `kill <task> [seconds]`. A last name with `…` takes the rest of the line. */
  readonly usage: string;
  /** In one line. */
  readonly does: string;
  /** @param values one for each name of the usage, as far as given. @throws Error with what is wrong, for the person at the prompt. */
  run(session: Session, ...values: string[]): Promise<void> | void;
}

/** One value that a command takes. */
interface Parameter {
  readonly name: string;
  readonly optional: boolean;
  readonly takesRest: boolean;
}

export const nameOfCommand = ({ usage }: Command): string => usage.split(" ")[0]!;

export const parametersOf = ({ usage }: Command): Parameter[] =>
  [...usage.matchAll(/\[?<([^>…]+)(…?)>\]?/g)].map(([text, name, rest]) => ({
    name: name!,
    optional: text.startsWith("["),
    takesRest: rest !== "",
  }));

/** A line's values for a command. @throws Error that says how it is used, when they are too few or too many. */
export function valuesOf(command: Command, text: string): string[] {
  const parameters = parametersOf(command);
  const values: string[] = [];
  let rest = text.trim();
  for (const { takesRest } of parameters) {
    if (rest === "") break;
    const [, first, others] = takesRest ? ["", rest, ""] : /^(\S+)\s*(.*)$/s.exec(rest)!;
    values.push(first!);
    rest = others!;
  }
  const needed = parameters.filter(({ optional }) => !optional).length;
  if (values.length < needed || rest !== "") throw new Error(`Usage: ${command.usage}`);
  return values;
}

/** @param what it counts, for the message. @throws Error unless it is a whole number from 0 on */
export function wholeNumber(text: string, what: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new Error(`"${text}" isn't a number of ${what}: give a whole number from 0 on.`);
}
