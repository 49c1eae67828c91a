import { readFileSync } from "node:fs";
import path from "node:path";
import { DockerfileParser } from "dockerfile-ast";
import { projectRoot } from "../../src/project-root";

const file = path.join(projectRoot, "docker", "lab", "Dockerfile");

/** An instruction of the lab's Dockerfile: its keyword, and the rest with continued lines joined. */
export interface Instruction {
  readonly keyword: string;
  readonly text: string;
}

export const instructions: readonly Instruction[] = DockerfileParser.parse(readFileSync(file, "utf8"))
  .getInstructions()
  .map((instruction) => ({
    keyword: instruction.getKeyword(),
    text: instruction
      .getTextContent()
      .replace(/\\\n/g, " ")
      .replace(/\s+/g, " ")
      .slice(instruction.getKeyword().length + 1),
  }));

export const textsOf = (keyword: string): string[] =>
  instructions.filter((instruction) => instruction.keyword === keyword).map(({ text }) => text);
