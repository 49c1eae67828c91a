/** One instruction of a Dockerfile, its continuation lines included. */
export interface Instruction {
  /** In capitals: `RUN`. */
  readonly keyword: string;
  /** Positions in the file; `end` is that of its last line break. */
  readonly start: number;
  readonly end: number;
  /** Its text in the file, without comment lines. */
  readonly text: string;
}

/** The part of a Dockerfile from one `FROM` to the next. */
export interface Stage {
  readonly image: string;
  readonly name: string | undefined;
  readonly instructions: readonly Instruction[];
}

/** @see https://docs.docker.com/reference/dockerfile/#format */
export function readStages(text: string): Stage[] {
  const stages: { image: string; name: string | undefined; instructions: Instruction[] }[] = [];
  for (const instruction of readInstructions(text)) {
    if (instruction.keyword === "FROM") {
      const from = /^\s*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/i.exec(instruction.text);
      stages.push({ image: from?.[1] ?? "", name: from?.[2], instructions: [instruction] });
    } else stages.at(-1)?.instructions.push(instruction);
  }
  return stages;
}

/** The stage that becomes the image, then the stage it builds on, and so on. */
export function finalStages(stages: readonly Stage[]): Stage[] {
  const chain: Stage[] = [];
  let next = stages.at(-1);
  while (next) {
    chain.push(next);
    const { image } = next;
    next = stages.find(
      ({ name }) => name?.toLowerCase() === image.toLowerCase() && !chain.some((s) => s.name === name),
    );
  }
  return chain;
}

/** The instructions that make the image, those of the stage that it builds on last. */
export function imageInstructions(text: string): Instruction[] {
  return finalStages(readStages(text)).flatMap(({ instructions }) => instructions);
}

/** The paths that these instructions copy from the project, without `./` before and `/` behind them. */
export function copiedPaths(instructions: readonly Instruction[]): string[] {
  return instructions
    .filter(({ keyword, text }) => ["COPY", "ADD"].includes(keyword) && !text.includes("--from="))
    .flatMap(({ text }) =>
      text
        .split(/[\s"[\],]+/)
        .filter(Boolean)
        .slice(1, -1),
    )
    .map((source) => source.replace(/^\.?\/(?=.)|\/$/g, ""));
}

function readInstructions(text: string): Instruction[] {
  const instructions: Instruction[] = [];
  let start = 0;
  let lines: string[] = [];
  let at = 0;
  for (const line of text.split("\n")) {
    const blank = /^\s*(#.*)?$/.test(line);
    if (lines.length === 0) start = at;
    at += line.length + 1;
    if (blank) continue;
    lines.push(line);
    if (/\\\s*$/.test(line)) continue;
    const keyword = /^\s*([a-z]+)/i.exec(lines[0] ?? "")?.[1]?.toUpperCase() ?? "";
    instructions.push({ keyword, start, end: at - 1, text: lines.join("\n") });
    lines = [];
  }
  return instructions;
}
