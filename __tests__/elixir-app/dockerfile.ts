import dockerignore from "@balena/dockerignore";
import { DockerfileParser } from "dockerfile-ast";
import type { Copy, Env, Instruction, JSONInstruction } from "dockerfile-ast";
import { execa } from "execa";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";

/** One stage of a Dockerfile. */
export interface Stage {
  readonly image: string;
  readonly name: string | undefined;
  readonly instructions: readonly Instruction[];
}

/** The stages of a Dockerfile, with the ARGs before the first FROM filled in. */
export function stages(file: string): Stage[] {
  const dockerfile = DockerfileParser.parse(readFileSync(file, "utf8"));
  const args = Object.fromEntries(
    dockerfile.getInitialARGs().map((arg) => [arg.getProperty()?.getName() ?? "", arg.getProperty()?.getValue() ?? ""]),
  );
  const result: { image: string; name: string | undefined; instructions: Instruction[] }[] = [];
  for (const instruction of dockerfile.getInstructions()) {
    if (instruction.getKeyword() === "FROM") {
      const [image = "", , name] = instruction.getArguments().map((argument) => argument.getValue());
      const filled = image.replace(/\$\{(\w+)\}/g, (_all, arg: string) => args[arg] ?? "");
      result.push({ image: filled, name, instructions: [] });
    } else {
      result.at(-1)?.instructions.push(instruction);
    }
  }
  return result;
}

/** The arguments of all instructions of a kind. */
export const argumentsOf = (stage: Stage, keyword: string): string[][] =>
  stage.instructions
    .filter((instruction) => instruction.getKeyword() === keyword)
    .map((instruction) => instruction.getArguments().map((argument) => argument.getValue()));

/** The words of ENTRYPOINT or CMD in exec form; an error for the shell form, which keeps SIGTERM to its shell. */
export function execForm(stage: Stage, keyword: "ENTRYPOINT" | "CMD"): string[] {
  const instruction = stage.instructions.find((candidate) => candidate.getKeyword() === keyword) as JSONInstruction;
  if (!instruction.getOpeningBracket()) throw new Error(`${keyword} is in shell form`);
  return instruction.getJSONStrings().map((word) => JSON.parse(word.getValue()) as string);
}

/** Every file of a folder that .dockerignore lets into the build context. */
export function context(folder: string): string[] {
  const ignore = dockerignore().add(readFileSync(join(folder, ".dockerignore"), "utf8"));
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => statSync(join(folder, path)).isFile())
    .filter((path) => !ignore.ignores(path));
}

/** A build without an engine: each stage is a folder, RUN runs on this machine. */
export class Replay {
  /** The RUN instructions that need an image's root, and so weren't replayed. */
  readonly skipped: string[] = [];

  constructor(
    private readonly folder: string,
    private readonly root: string,
    /** Variables of the machine, which override the ENV of each stage. */
    private readonly env: Record<string, string>,
    private readonly replayable: (command: string) => boolean,
  ) {}

  /** Where a path of a stage is on this machine. */
  path(stage: string, path: string): string {
    return join(this.root, stage, path);
  }

  async run(stage: Stage, name: string): Promise<void> {
    const env: Record<string, string> = {};
    let workdir = "/";
    for (const instruction of stage.instructions) {
      const words = instruction.getArguments().map((argument) => argument.getValue());
      switch (instruction.getKeyword()) {
        case "WORKDIR":
          workdir = words[0] ?? "/";
          mkdirSync(this.path(name, workdir), { recursive: true });
          break;
        case "ENV":
          for (const variable of (instruction as Env).getProperties()) env[variable.getName()] = variable.getValue() ?? "";
          break;
        case "COPY":
          this.copy(instruction as Copy, name, workdir, words);
          break;
        case "RUN":
          await this.command(instruction.getRawArgumentsContent() ?? "", this.path(name, workdir), env);
      }
    }
  }

  private async command(command: string, cwd: string, env: Record<string, string>): Promise<void> {
    if (this.replayable(command)) await execa("sh", ["-c", command], { cwd, env: { ...env, ...this.env }, extendEnv: false });
    else this.skipped.push(command.split("\n")[0]?.replace(/\s*\\$/, "") ?? "");
  }

  private copy(copy: Copy, stage: string, workdir: string, words: string[]): void {
    const from = copy.getFlags().find((flag) => flag.getName() === "from")?.getValue();
    const paths = words.filter((word) => !word.startsWith("--"));
    const target = join(this.path(stage, workdir), paths.pop() ?? "");
    if (from) {
      for (const path of paths) cpSync(this.path(from, path), target, { recursive: true, verbatimSymlinks: true });
      return;
    }
    const files = context(this.folder);
    for (const path of paths) {
      const pattern = new RegExp(`^${path.replaceAll(".", "\\.").replaceAll("*", "[^/]*")}(/|$)`);
      const found = files.filter((file) => pattern.test(file));
      if (found.length === 0 && !path.includes("*")) throw new Error(`COPY ${path}: nothing of that name in the context`);
      for (const file of found) {
        const isFolder = existsSync(join(this.folder, path)) && statSync(join(this.folder, path)).isDirectory();
        const inside = isFolder ? relative(path, file) : basename(file);
        mkdirSync(dirname(join(target, inside)), { recursive: true });
        cpSync(join(this.folder, file), join(target, inside));
      }
    }
  }
}
