import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Command } from "commander";
import { benches } from "../../bench/benches";
import { commands } from "../../src/cli/commands";
import { projectRoot } from "../../src/project-root";
import { awsFault } from "./aws-cli";

const { scripts } = JSON.parse(readFileSync(path.join(projectRoot, "package.json"), "utf8")) as {
  readonly scripts: Readonly<Record<string, string>>;
};

/**
 * What is wrong with a simple command in our advice: an unknown script, subcommand or option, or an argument
 * that is missing or too many. `undefined` when nothing is.
 */
export async function commandFault(words: readonly string[]): Promise<string | undefined> {
  const [program, ...args] = words;
  // A release that a page has built, as a user of mix knows it.
  const check = /\/bin\/\w+$/.test(program!) ? () => undefined : checks[program!];
  return check ? check(args, words) : `${program} is neither checked nor in the list of tools that aren't ours`;
}

type Check = (args: readonly string[], words: readonly string[]) => string | undefined | Promise<string | undefined>;

/** Tools that users know from elsewhere, in commands that are about something of theirs: this project decides nothing of them. */
const notOurs = [
  ...["cat", "cd", "curl", "docker", "echo", "env", "exit", "export", "git", "iex", "jq", "python3", "read", "printf"],
  ...[
    "sleep",
    "sudo",
    "tar",
    "test",
    "unzip",
    "[",
    "gitlab",
    ".cache/venv/bin/pip",
    "dig",
    "ssh",
    "mkdir",
    "rm",
    "tr",
    "cp",
    "sed",
    "checkov",
    "trivy",
  ],
];

const checks: Readonly<Record<string, Check>> = {
  npm: npmFault,
  npx: npxFault,
  terraform: terraformFault,
  mix: ([task = ""]) => (mixTasks.includes(task) ? undefined : `mix has no task ${task}`),
  aws: (_args, words) => awsFault(words),
  ...Object.fromEntries(notOurs.map((tool) => [tool, () => undefined])),
};

const mixTasks = ["compile", "deps.get", "phx.gen.release", "phx.gen.secret", "release", "test"];

function npmFault(args: readonly string[]): string | undefined | Promise<string | undefined> {
  const [command, ...rest] = args.filter((arg) => arg !== "-s");
  if (command === "pkg") return rest[0] === "set" ? undefined : `npm pkg ${rest[0]} is in no page`;
  if (["ci", "install", "pack", "publish", "test"].includes(command!)) return undefined;
  const [script = "", ...own] = rest;
  if (command !== "run" || !(script in scripts)) return `package.json has no script "${script}"`;
  const separator = own.indexOf("--");
  const swallowed = own.slice(0, separator === -1 ? undefined : separator).find((arg) => arg.startsWith("-"));
  if (swallowed !== undefined) return `npm takes ${swallowed} for an option of its own: it has to come after --`;
  const name = /src\/cli\.ts (\w+)/.exec(scripts[script]!)?.[1];
  const passed = own.filter((_, at) => at !== separator);
  if (name !== undefined) return cliFault(name, passed);
  if (script === "mutants") return undefined; // __tests__/bin/mutants.test.ts
  if (script === "bench" && passed.every((bench) => Object.hasOwn(benches, bench))) return undefined;
  return passed.length === 0 ? undefined : `npm run ${script} takes no arguments`;
}

function npxFault(args: readonly string[]): string | undefined | Promise<string | undefined> {
  const [tool, command = "", ...own] =
    args[0] === "--package" ? args.slice(2) : args.filter((arg) => arg !== "--no-install");
  if (tool === "elixir-cluster") return ["--help", "--version"].includes(command) ? undefined : cliFault(command, own);
  if (tool === "jest")
    return existsSync(path.join(projectRoot, own.at(-1) ?? command))
      ? undefined
      : "jest gets a file that doesn't exist";
  if (tool !== "cdktf") return `npx ${tool} isn't a tool of this project`;
  const stacks = own.filter((arg) => !arg.startsWith("-"));
  if (command === "synth") return undefined;
  if (!["diff", "deploy", "destroy"].includes(command)) return `cdktf has no command ${command}`;
  return stacks.length === 0 ? `cdktf ${command} lacks the environment` : undefined;
}

/** Parses as the command itself does, and does nothing. */
async function cliFault(name: string, args: readonly string[]): Promise<string | undefined> {
  if (!Object.hasOwn(commands, name)) return `elixir-cluster has no command ${name}`;
  let said = "";
  const quiet = (command: Command): Command => {
    command.commands.forEach((each) => quiet(each as Command));
    return command
      .action(() => undefined)
      .exitOverride()
      .configureOutput({ writeErr: (text) => (said += text), writeOut: () => undefined });
  };
  try {
    await quiet(commands[name]!()).parseAsync(args, { from: "user" });
    return undefined;
  } catch (error) {
    return (error as { readonly exitCode?: number }).exitCode === 0 ? undefined : said || String(error);
  }
}

/** Options of each subcommand that pages use, and how many arguments it takes. Source: https://developer.hashicorp.com/terraform/cli/commands */
const subcommands: Readonly<Record<string, readonly [options: readonly string[], ...counts: number[]]>> = {
  apply: [["lock-timeout", "target", "var"], 0, 1],
  destroy: [[], 0],
  "force-unlock": [[], 1],
  init: [["backend", "migrate-state", "reconfigure", "upgrade"], 0],
  login: [[], 0, 1],
  output: [[], 0, 1],
  plan: [["lock", "lock-timeout", "out", "var"], 0],
  providers: [["platform"], 1],
  show: [["json"], 0, 1],
  state: [["force"], 2],
  workspace: [[], 1, 2],
};

/** Options whose value is a word of its own, as these pages write them. */
const withValue = ["-out", "-platform", "-var"];

function terraformFault(args: readonly string[]): string | undefined {
  const [subcommand = "", ...own] = args.filter((arg) => !arg.startsWith("-chdir="));
  const known = subcommands[subcommand];
  if (!known) return `terraform has no command ${subcommand}, or it is missing in the table`;
  const [options, ...counts] = known;
  const given = own.filter((arg) => arg.startsWith("-"));
  const unknown = given.find((option) => !options.includes(option.slice(1).split("=")[0]!));
  if (unknown !== undefined) return `terraform ${subcommand} has no option ${unknown}`;
  const operands = own.filter((arg, at) => !arg.startsWith("-") && !withValue.includes(own[at - 1] ?? ""));
  if (!counts.includes(operands.length)) return `terraform ${subcommand} takes ${counts.join(" or ")} arguments`;
  // Its one argument is the file of a plan: Terraform knows no environments.
  if (subcommand === "apply" && operands.some((file) => !/\.bin$|^plan/.test(file)))
    return `terraform apply takes the file of a plan, not "${operands[0]}"`;
  return undefined;
}
