import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Command, Option } from "commander";
import { advice, shellWords } from "../advice";

type Variables = Readonly<Record<string, string | undefined>>;

/** An option that npm kept, and the values that npm read for it. */
interface Swallowed {
  readonly option: Option;
  readonly values: readonly string[];
}

/** Our options that are also npm settings, so that the environment may set them. */
const settingsOfNpm = ["--yes", "--json", "--force"];

/**
 * npm keeps what looks like an option and precedes `--`: `npm run secrets prod --check` runs the command without `--check`.
 * The script's environment shows it: npm sets `npm_config_check`.
 * Source: https://docs.npmjs.com/cli/v11/commands/npm-run#description, https://docs.npmjs.com/cli/v11/using-npm/config
 *
 * @param program the command line interface. @param args the arguments of this process. @param variables its environment.
 * @returns what is wrong and the right command line; `undefined` when npm kept no option of the command that runs.
 */
export function swallowedOptions(program: Command, args: readonly string[], variables: Variables): string | undefined {
  const { npm_lifecycle_event: name, npm_lifecycle_script: script = "" } = variables;
  // A test that npm runs starts commands too: then the environment belongs to that script, not to this command.
  if (name === "npx" || !/\bsrc\/cli\.ts\b|\belixir-cluster\b/.test(script)) return undefined;
  const { command, rest } = commandOf(program, args);
  const swallowed = command.options.flatMap((option) => swallowedValues(option, args, variables));
  if (swallowed.length === 0) return undefined;
  const options = swallowed.map(({ option }) => option.long!);
  const names = args.length - rest.length;
  const own = scriptsOwn(script, args);
  const byScript = Math.max(0, own - names);
  const words = [
    ...args.slice(own, names),
    ...asTyped(rest.slice(byScript), declaredAfter(command, byScript), swallowed),
  ];
  return [
    `npm kept ${options.join(", ")} for itself, so this would run without it. Nothing was done. Put -- before the arguments:`,
    `  ${advice.npmRun(name!, words)}`,
    ...(options.some((option) => settingsOfNpm.includes(option))
      ? ["If you didn't type it, your environment sets npm_config_…: run npx elixir-cluster instead of npm run."]
      : []),
  ].join("\n");
}

/** The command that runs, and what follows its name. */
function commandOf(program: Command, args: readonly string[]): { command: Command; rest: readonly string[] } {
  const next = program.commands.find((one) => one.name() === args[0]);
  return next ? commandOf(next, args.slice(1)) : { command: program, rest: args };
}

function swallowedValues(option: Option, args: readonly string[], variables: Variables): Swallowed[] {
  const { long } = option;
  if (!long || args.some((word) => word === long || word.startsWith(`${long}=`))) return [];
  const key = long.slice(2);
  const value = variables[`npm_config_${key.replaceAll("-", "_")}`];
  // npm gives an empty text for false, and two line breaks between the values of an option that is given twice.
  return value && !isInNpmrc(key, value, variables) ? [{ option, values: value.split("\n\n") }] : [];
}

/** Whether one of npm's own files sets this value: npm passes it on in the same way. */
function isInNpmrc(key: string, value: string, variables: Variables): boolean {
  const { npm_config_userconfig, npm_config_globalconfig, npm_config_local_prefix: project } = variables;
  const set = new RegExp(`^\\s*${key}\\s*=\\s*(.*?)\\s*$`, "m");
  return [npm_config_userconfig, npm_config_globalconfig, project && path.join(project, ".npmrc")].some(
    (file) => file && existsSync(file) && set.exec(readFileSync(file, "utf8"))?.[1] === value,
  );
}

/** How many of the arguments are the script's own, before those of the person who ran it. */
function scriptsOwn(script: string, args: readonly string[]): number {
  for (let count = args.length; count > 0; count -= 1) {
    if (script.endsWith(args.slice(0, count).join(" "))) return count;
  }
  return 0;
}

/** How many arguments a command declares after the script's own, and whether what follows them is another command's words. */
function declaredAfter({ registeredArguments }: Command, byScript: number): Declared {
  const fixed = registeredArguments.filter(({ variadic }) => !variadic);
  return { count: fixed.length - byScript, takesRest: fixed.length < registeredArguments.length };
}

interface Declared {
  readonly count: number;
  readonly takesRest: boolean;
}

/** The arguments as typed. npm 11 leaves the value of an option that it kept among the arguments; npm 10 keeps it too. */
function asTyped(words: readonly string[], { count, takesRest }: Declared, swallowed: readonly Swallowed[]): string[] {
  const without = swallowed.flatMap(({ option, values }) =>
    option.isBoolean() ? [] : values.filter((value) => value === "true"),
  ).length;
  const surplus = words.slice(count);
  const areValues = without > 0 && (takesRest ? surplus.length > without : surplus.length === without);
  const left = areValues ? surplus.slice(0, without) : [];
  const options = swallowed.flatMap(({ option, values }) =>
    values.flatMap((value) => {
      if (option.isBoolean()) return value === "true" ? [option.long!] : [option.long!, shellWords([value])];
      if (value !== "true") return [option.long!, shellWords([value])];
      const next = left.shift();
      return next === undefined ? [option.flags.replace(/^-\w, /, "")] : [option.long!, shellWords([next])];
    }),
  );
  const quoted = (some: readonly string[]) => some.map((word) => shellWords([word]));
  if (!takesRest) return [...quoted(areValues ? words.slice(0, count) : words), ...options];
  return [...quoted(words.slice(0, count)), ...options, "--", ...quoted(surplus.slice(areValues ? without : 0))];
}
