import type { Command } from "commander";
import { commandWords, installed } from "../installed";
import { packageCommands } from "./commands";

/**
 * Commander's message about wrong arguments on one line, with the nearest name, or else with the allowed ones or where they
 * are listed. Source: https://github.com/tj/commander.js#override-exit-and-output-handling
 *
 * @param message what commander prints, which ends with a line break. @param command the command that was called.
 */
export function usageError(message: string, command: Command): string {
  const [, what, suggestion] = /^(.*?)\.?(?:\n\((.*)\))?\n$/s.exec(message)!;
  return `${what}. ${suggestion ?? nextStep(what!, command)}\n`;
}

function nextStep(what: string, command: Command): string {
  if (what.includes("unknown command"))
    return `The commands are ${command.commands.map((each) => each.name()).join(", ")}.`;
  return `See ${helpOf(command)}`;
}

/** How its user asks for the help of a command. */
function helpOf(command: Command): string {
  const names: string[] = [];
  for (let each = command; each.parent; each = each.parent) names.unshift(each.name());
  const [first, ...rest] = names;
  const words = first === undefined ? ["npx", "elixir-cluster"] : wordsOf(first);
  return [...words, ...rest, "--help"].join(" ");
}

const wordsOf = (name: string) => commandWords(name, installed || packageCommands.includes(name));
