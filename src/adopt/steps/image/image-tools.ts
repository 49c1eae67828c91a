import { finalStages, readStages, type Instruction } from "../../source/dockerfile-source";
import { type Edit, byHand, edited, present } from "../edit";
import { insertAt } from "../../source/elixir-source";

const tools = ["curl", "jq"];

/** Adds the tools that env.sh uses to get the task's address to the packages of the image. */
export function addTools(text: string): Edit {
  const stages = finalStages(readStages(text));
  const commands = stages
    .reverse()
    .flatMap(({ instructions }) => instructions)
    .flatMap((instruction) => commandsOf(text, instruction));
  const { missing, since } = missingTools(commands);
  if (missing.length === 0) return present;

  // Before the last removal it would be removed again.
  const command = commands.find(({ at, adds, group }) => at >= since && adds.length > 0 && group === undefined);
  if (command) return edited(insertAt(text, command.packagesAt, ` ${missing.join(" ")}`));
  const alpine = stages.some(({ image }) => /alpine/i.test(resolved(text, image)));
  return byHand(
    since > 0
      ? `its last stage removes ${missing.join(" and ")} again`
      : "its last stage installs no packages with apt-get or apk",
    "Add this to the last stage, before USER",
    alpine
      ? `RUN apk add --no-cache ${missing.join(" ")}`
      : `RUN apt-get update \\\n  && apt-get install -y --no-install-recommends ${missing.join(" ")} \\\n  && rm -rf /var/lib/apt/lists/*`,
  );
}

/** One command of a build, as far as it changes which programs there are. */
interface ShellCommand {
  /** Where it begins in the file. */
  readonly at: number;
  readonly adds: readonly string[];
  /** apk's name for packages that go together. */
  readonly group: string | undefined;
  readonly removes: readonly string[];
  /** Where packages of its own can be inserted. */
  readonly packagesAt: number;
}

function missingTools(commands: readonly ShellCommand[]): { missing: string[]; since: number } {
  const groups = new Map<string, readonly string[]>();
  const there = new Set<string>();
  let since = 0;
  for (const { at, adds, group, removes } of commands) {
    if (group !== undefined) groups.set(group, adds);
    for (const tool of adds) there.add(tool);
    for (const name of removes.flatMap((one) => groups.get(one) ?? [one])) {
      if (there.delete(name) && tools.includes(name)) since = at;
    }
  }
  return { missing: tools.filter((tool) => !there.has(tool)), since };
}

function commandsOf(text: string, { keyword, start, end }: Instruction): ShellCommand[] {
  // Comment lines between the lines of an instruction, and line ends, become blanks: positions stay.
  const source = text
    .slice(start, end)
    .replace(/^[^\S\n]*#.*$/gm, (comment) => " ".repeat(comment.length))
    .replace(/\\\n/g, "  ");
  if (keyword === "COPY" || keyword === "ADD") return [copied(source, start)];
  if (keyword !== "RUN") return [];
  let at = start;
  return source.split(/(&&|\|\||[;|\n])/).map((part) => {
    const command = shellCommand(part, at);
    at += part.length;
    return command;
  });
}

/** `COPY --from=tools /usr/bin/jq /usr/bin/` brings a tool as well. */
function copied(source: string, at: number): ShellCommand {
  const names = source.split(/[\s"[\],]+/).map((word) => word.replace(/.*\//, ""));
  return { ...nothing, at, adds: tools.filter((tool) => names.includes(tool)), group: "" };
}

const nothing = { adds: [], group: undefined, removes: [], packagesAt: 0 };

/** Options that take the next word as their value. */
const valued = /^(-t|-o|-c|-X|-p|--target-release|--option|--virtual|--repository|--root)$/;
const packageCommand = /^(?:\s|sudo\b|RUN\b|--\w+=\S+|[["',]|\/usr\/bin\/)*\b(apt-get|apt|apk)\b/i;

function shellCommand(part: string, at: number): ShellCommand {
  const manager = packageCommand.exec(part);
  if (!manager) {
    // What is called must be there, the base image may have brought it.
    const called = /^\s*(?:RUN\s+(?:--\S+\s+)*)?(\S+)/i.exec(part)?.[1]?.replace(/.*\//, "");
    return { ...nothing, at, adds: tools.filter((tool) => tool === called), group: "" };
  }
  const words = [...part.slice(manager[0].length).matchAll(/[^\s"',[\]]+/g)].map((match) => ({
    word: match[0],
    end: at + manager[0].length + match.index + match[0].length,
  }));
  const plain = words.filter(({ word }, index) => !word.startsWith("-") && !valued.test(words[index - 1]?.word ?? ""));
  const [verb, ...packages] = plain;
  const names = packages.map(({ word }) => word.replace(/[=~<>:].*/, ""));
  if (verb !== undefined && /^(del|remove|purge|autoremove)$/.test(verb.word))
    return { ...nothing, at, removes: names };
  if (verb === undefined || !/^(install|add)$/.test(verb.word)) return { ...nothing, at };

  const virtual = words.findIndex(({ word }) => /^(--virtual|-t)$/.test(word));
  const group = manager[1] === "apk" && virtual >= 0 ? words[virtual + 1]?.word : undefined;
  const first = words.findIndex(({ word }) => word === packages[0]?.word && packages[0].end > verb.end);
  const packagesAt = (first > 0 ? words[first - 1] : words.at(-1))?.end ?? at;
  return { at, adds: names, group, removes: [], packagesAt };
}

/** An image's name with the defaults of its build arguments. */
function resolved(text: string, image: string): string {
  return image.replace(/\$\{?(\w+)\}?/g, (reference, name: string) => {
    const value = new RegExp(`^ARG\\s+${name}="?([^"\\s]*)`, "mi").exec(text)?.[1];
    return value === undefined || value.includes(`$${name}`) ? reference : resolved(text, value);
  });
}
