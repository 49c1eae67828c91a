import path from "node:path";
import { projectRoot } from "../project-root";

/** By its path, because `PATH` may contain the command only. */
const shell = "/bin/sh";

const script = path.join(projectRoot, "src", "processes", "leash.sh");

/**
 * The command line that runs a command on a leash: the command and its whole process group end when this process ends, by
 * any signal, and when the command itself has ended. Start it with {@link leash} among the options.
 *
 * A parent-death signal isn't used: only Linux has it, and children of the child don't inherit it. Source: PR_SET_PDEATHSIG
 * in https://man7.org/linux/man-pages/man2/prctl.2.html
 */
export const leashed = (file: string, args: readonly string[]) => [shell, [script, file, ...args]] as const;

/**
 * Options to start a {@link leashed} command: its standard input is the leash, and it has its own group. So Ctrl-C in the
 * terminal doesn't reach it; the process that started it decides.
 */
export const leash = { stdin: "pipe", detached: true } as const;

/** A message that quotes a {@link leashed} command line, with only the command. */
export const withoutLeash = (text: string): string => text.replaceAll(`${shell} ${script} `, "");

/**
 * Variables to add to the environment of a {@link leashed} command. A shell drops variables whose name isn't an identifier,
 * such as `TF_TOKEN_my-host`, so the script sets them again.
 */
export function leashedVariables(environment: NodeJS.ProcessEnv): Record<string, string> {
  const dropped = Object.entries(environment).filter(
    ([name, value]) => value !== undefined && !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name),
  );
  return Object.fromEntries([
    ["LEASHED", String(dropped.length)],
    ...dropped.map(([name, value], index) => [`LEASHED_${index + 1}`, `${name}=${value}`]),
  ]) as Record<string, string>;
}
