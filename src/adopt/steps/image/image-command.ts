import path from "node:path";
import { copiedPaths, finalStages, readStages, type Instruction, type Stage } from "../../source/dockerfile-source";
import { type Edit, byHand, present } from "../edit";
import type { ProjectTree } from "../../source/project-tree";

const lost = "SIGTERM reaches a shell that doesn't forward it";

/**
 * ECS kills a task after stopTimeout whose release never hears of SIGTERM. The shell form starts `/bin/sh -c`, and a shell
 * passes no signal on: only `exec` puts the release in its place.
 *
 * @param overlays where the project keeps the files that `mix release` adds to the release.
 */
export function requireExec(text: string, tree: ProjectTree, overlays: string): Edit {
  const stages = finalStages(readStages(text));
  const { entrypoint, command } = started(stages);
  const shell = [entrypoint, command].find((one) => one && !isExecForm(one) && !/^\s*\w+\s+exec\s/i.test(one.text));
  if (shell) {
    return byHand(
      `${shell.keyword} is in shell form, so ${lost}`,
      "Put this in its place",
      `${shell.keyword} ${execForm(withoutKeyword(shell))}`,
    );
  }
  const argv = [entrypoint, command].flatMap((one) => (one ? words(one) : []));
  return passesSignals(argv, (script) => scriptText(script, stages, tree, overlays), command?.keyword ?? "ENTRYPOINT");
}

/** The scripts of the project that ENTRYPOINT and CMD name, one after another. */
export function startScripts(text: string, tree: ProjectTree, overlays: string): string {
  const stages = finalStages(readStages(text));
  const { entrypoint, command } = started(stages);
  const named = [entrypoint, command].flatMap((one) => (one ? withoutKeyword(one).split(/[\s"',[\]]+/) : []));
  return named.flatMap((word) => (word === "" ? [] : (scriptText(word, stages, tree, overlays) ?? []))).join("\n");
}

/** The last of each that counts. An ENTRYPOINT takes the base's CMD away. */
function started(stages: readonly Stage[]): { entrypoint: Instruction | undefined; command: Instruction | undefined } {
  const last = (stage: Stage, keyword: string) => stage.instructions.filter((one) => one.keyword === keyword).at(-1);
  let command: Instruction | undefined;
  for (const stage of stages) {
    command ??= last(stage, "CMD");
    const entrypoint = last(stage, "ENTRYPOINT");
    if (entrypoint) return { entrypoint, command };
  }
  return { entrypoint: undefined, command };
}

function isExecForm({ text }: Instruction): boolean {
  return /^\s*\w+\s+\[/.test(text);
}

function words(instruction: Instruction): string[] {
  try {
    const value: unknown = JSON.parse(withoutKeyword(instruction));
    return Array.isArray(value) ? value.map(String) : [];
  } catch {
    return [];
  }
}

/** In one line. */
function withoutKeyword({ text }: Instruction): string {
  return text
    .trim()
    .replace(/\\\n/g, " ")
    .replace(/^\w+\s+/, "");
}

/** A line of a shell as exec form: its words, or a shell that is replaced by its last command. */
function execForm(line: string): string {
  return json(/[&|;<>$`"'*(]/.test(line) ? ["sh", "-c", withExec(line)] : line.split(/\s+/));
}

function json(argv: readonly string[]): string {
  return JSON.stringify(argv).replaceAll('","', '", "');
}

function withExec(line: string): string {
  const last = [...line.matchAll(/(?:&&|\|\||;)\s*/g)].at(-1);
  const at = last ? last.index + last[0].length : 0;
  return `${line.slice(0, at)}exec ${line.slice(at)}`;
}

/** Programs that become the command which follows them, each with the number of words that are its own. */
const wrappers: Readonly<Record<string, number>> = {
  env: 1,
  nice: 1,
  gosu: 2,
  "su-exec": 2,
  "docker-entrypoint.sh": 1,
};

function passesSignals(argv: string[], read: (script: string) => string | undefined, keyword: string): Edit {
  const [program = "", ...rest] = argv;
  const name = path.posix.basename(program);
  const afterFlags = rest.slice(
    Math.max(
      0,
      rest.findIndex((word) => !/^-|^\w+=/.test(word)),
    ),
  );
  if (/^(tini(-static)?|dumb-init|catatonit)$/.test(name)) {
    // These can signal the whole process group, with any processes in it.
    const toAll = name === "dumb-init" ? !rest.some((word) => /^(-c|--single-child)$/.test(word)) : rest.includes("-g");
    return toAll ? present : passesSignals(afterFlags, read, keyword);
  }
  if (name in wrappers && read(program) === undefined) {
    return passesSignals(
      rest.slice((wrappers[name] ?? 1) - 1).filter((word) => !/^\w+=/.test(word)),
      read,
      keyword,
    );
  }
  const isShell = /^(sh|bash|dash|ash|zsh)$/.test(name);
  const inline = rest.findIndex((word) => /^-\w*c$/.test(word));
  if (isShell && inline >= 0) return inlineScript(rest[inline + 1] ?? "", name, keyword);
  return script(isShell ? (afterFlags[0] ?? "") : program, isShell ? afterFlags.slice(1) : rest, isShell);

  function script(file: string, args: string[], isRead: boolean): Edit {
    const source = read(file);
    if (source === undefined) {
      if (!isRead) return present;
      return byHand(
        `${name} runs ${file}, which isn't in the project`,
        "Start the last command of that script with exec",
      );
    }
    if (!isRead && !/^#!.*sh\b/.test(source)) return present;
    if (!replacesItself(source)) {
      return byHand(`${file}, which ${keyword} runs, has no exec: ${lost}`, "Start its last command with exec");
    }
    return /\bexec\b.*\$[@*]/.test(source) && args.length > 0 ? passesSignals(args, read, keyword) : present;
  }
}

function inlineScript(line: string, shell: string, keyword: string): Edit {
  if (replacesItself(line)) return present;
  const better = `${keyword} ${json([shell, "-c", withExec(line)])}`;
  return byHand(`${keyword} runs ${shell} -c without exec: ${lost}`, "Start its last command with exec", better);
}

/** With `exec` before a command, not before a mere redirection; or with a trap of its own, which somebody thought about. */
function replacesItself(script: string): boolean {
  const code = script.replace(/^\s*#.*$/gm, "");
  return /(^|[;&|({]|\b(then|else|do)\b)\s*(\w+=\S*\s+)*exec\s+[^\s\d<>&]/m.test(code) || /^\s*trap\s/m.test(code);
}

/** The text of a script of the image, where the project has it: copied by the Dockerfile, or an overlay of the release. */
function scriptText(script: string, stages: readonly Stage[], tree: ProjectTree, overlays: string): string | undefined {
  const copied = copiedPaths(stages.flatMap(({ instructions }) => instructions));
  const parts = script.split("/").filter((part) => part !== "" && part !== ".");
  const ends = parts.map((_, index) => parts.slice(index).join("/"));
  const candidates = [
    ...copied.filter((source) => path.posix.basename(source) === path.posix.basename(script)),
    ...ends.map((end) => `${overlays}/${end}`),
    ...ends,
  ];
  const inside = candidates.filter((candidate) => !path.posix.normalize(candidate).startsWith(".."));
  return inside.map((candidate) => tree.readIfFile(candidate)).find((text) => text !== undefined);
}
