import { Argument, Command } from "commander";
import { print } from "../foreign-text";

/** A command by the words that name it, and what may follow. */
interface Completed {
  /** Words such as `["lab", "up"]`; none for the program itself. */
  readonly path: readonly string[];
  /** The commands below it, or the values that its argument may have. */
  readonly commands: readonly Described[];
  readonly options: readonly Option[];
}

interface Described {
  readonly word: string;
  readonly description: string;
}

interface Option extends Described {
  /** The values that it may have; none where any is allowed. */
  readonly choices: readonly string[];
}

const shells = { bash, zsh, fish } as const;

/** `completion <shell>`: a script that completes commands and options, and file names elsewhere. */
export function completionCommand(): Command {
  const command = new Command("completion")
    .description("print a script that completes commands and options in a shell")
    .addArgument(new Argument("<shell>", "the shell").choices(Object.keys(shells)))
    .addHelpText(
      "after",
      "\nExamples:\n  npx elixir-cluster completion bash > ~/.local/share/bash-completion/completions/elixir-cluster" +
        '\n  npx elixir-cluster completion zsh > "${fpath[1]}/_elixir-cluster"' +
        "\n  npx elixir-cluster completion fish > ~/.config/fish/completions/elixir-cluster.fish",
    );
  return command.action((shell: keyof typeof shells) => print(completionScript(shell, command.parent ?? command)));
}

/** The script for a shell, of a program with all its commands. */
export function completionScript(shell: keyof typeof shells, program: Command): string {
  return shells[shell]([...completed(program, [])]);
}

function* completed(command: Command, path: readonly string[]): Generator<Completed> {
  const help = command.createHelp();
  const options = help.visibleOptions(command).map(({ long, short, description, argChoices }) => ({
    word: long ?? short ?? "",
    description,
    choices: argChoices ?? [],
  }));
  const commands = help.visibleCommands(command).map((one) => ({ word: one.name(), description: one.description() }));
  const values = command.registeredArguments.flatMap(({ argChoices = [], description }) =>
    argChoices.map((word) => ({ word, description })),
  );
  yield { path, commands: [...commands, ...values], options };
  for (const one of command.commands) yield* completed(one, [...path, one.name()]);
}

/** The options that have a few values, with the words of their command. */
const optionValues = (all: readonly Completed[]) =>
  all.flatMap(({ path, options }) =>
    options
      .filter(({ choices }) => choices.length > 0)
      .map(({ word, choices }) => ({ path: path.join(" "), word, choices })),
  );

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** The loop that finds the command among the words before the cursor, for bash and zsh. */
const findCommand = (all: readonly Completed[], word: string) =>
  [
    `    case "\${path:+$path }${word}" in`,
    `      ${all
      .slice(1)
      .map(({ path }) => quoted(path.join(" ")))
      .join(" | ")}) path="\${path:+$path }${word}" ;;`,
    "    esac",
  ].join("\n");

/** Source: https://www.gnu.org/software/bash/manual/html_node/Programmable-Completion.html */
function bash(all: readonly Completed[]): string {
  const cases = all.map(({ path, commands, options }) => {
    const words = [...commands, ...options].map(({ word }) => word).join(" ");
    return `    ${quoted(path.join(" "))}) words=${quoted(words)} ;;`;
  });
  const values = optionValues(all).map(
    ({ path, word, choices }) => `    ${quoted(`${path} ${word}`)}) words=${quoted(choices.join(" "))} ;;`,
  );
  return [
    "_elixir_cluster() {",
    '  local path="" words="" i',
    "  for ((i = 1; i < COMP_CWORD; i++)); do",
    findCommand(all, "${COMP_WORDS[i]}"),
    "  done",
    '  case "$path" in',
    ...cases,
    "  esac",
    '  case "$path ${COMP_WORDS[COMP_CWORD - 1]}" in',
    ...values,
    "  esac",
    '  mapfile -t COMPREPLY < <(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}")',
    "}",
    "complete -o default -F _elixir_cluster elixir-cluster",
  ].join("\n");
}

/** Source: https://zsh.sourceforge.io/Doc/Release/Completion-System.html */
function zsh(all: readonly Completed[]): string {
  const entry = ({ word, description }: Described) => quoted(`${word}:${description}`);
  const cases = all.map(
    ({ path, commands, options }) =>
      `    ${quoted(path.join(" "))}) found=(${[...commands, ...options].map(entry).join(" ")}) ;;`,
  );
  const values = optionValues(all).map(
    ({ path, word, choices }) => `    ${quoted(`${path} ${word}`)}) found=(${choices.join(" ")}) ;;`,
  );
  return [
    "#compdef elixir-cluster",
    "_elixir_cluster() {",
    // In zsh, the variable `path` is bound to PATH.
    '  local command="" i',
    "  local -a found",
    "  for ((i = 2; i < CURRENT; i++)); do",
    findCommand(all, "${words[i]}").replaceAll("path", "command"),
    "  done",
    '  case "$command" in',
    ...cases,
    "  esac",
    '  case "$command ${words[CURRENT - 1]}" in',
    ...values,
    "  esac",
    "  _describe 'elixir-cluster' found || _files",
    "}",
    "compdef _elixir_cluster elixir-cluster",
  ].join("\n");
}

/** Source: https://fishshell.com/docs/current/completions.html */
function fish(all: readonly Completed[]): string {
  return all
    .flatMap(({ path, commands, options }) => {
      const seen = path.map((word) => `__fish_seen_subcommand_from ${word}`);
      const below = commands.map(({ word }) => word).join(" ");
      const none = below ? [`not __fish_seen_subcommand_from ${below}`] : [];
      const condition = quoted([...seen, ...none].join("; and "));
      return [
        ...commands.map(({ word, description }) => `-f -n ${condition} -a ${word} -d ${quoted(description)}`),
        ...options.map(({ word, description, choices }) => {
          const values = choices.length > 0 ? ` -x -a ${quoted(choices.join(" "))}` : "";
          return `-n ${condition} -l ${word.slice(2)}${values} -d ${quoted(description)}`;
        }),
      ];
    })
    .map((line) => `complete -c elixir-cluster ${line}`)
    .join("\n");
}
