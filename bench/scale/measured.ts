import { readFileSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "../../src/project-root";

/** What something cost with so many nodes. */
export interface Cost {
  readonly nodes: number;
  readonly milliseconds: number;
  /** Of all nodes together. */
  readonly cpuSeconds: number;
  readonly kibibytes: number;
  readonly packets: number;
}

/** How long until a newcomer and all others were connected. */
export interface Newcomer {
  readonly answers: "random" | "cached";
  readonly links: "mesh" | "apart";
  readonly nodes: number;
  readonly milliseconds: number;
}

export type CostKind = "form" | "join" | "leave" | "idle" | "register";

type Line =
  | ({ readonly kind: CostKind } & Cost)
  | ({ readonly kind: "newcomer" } & Newcomer)
  | { readonly kind: "memory"; readonly nodes: number; readonly mebibytes: number };

/** What mesh.exs and newcomer.exs have printed, line by line. */
export class Measured {
  constructor(private readonly lines: readonly Line[]) {}

  /** The file that is committed. */
  static read(file = path.join(projectRoot, "bench", "scale", "measured.jsonl")): Measured {
    const lines = readFileSync(file, "utf8").split("\n");
    return new Measured(lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line) as Line));
  }

  costs(kind: CostKind): Cost[] {
    return this.lines.filter((line): line is { readonly kind: CostKind } & Cost => line.kind === kind);
  }

  get newcomers(): Newcomer[] {
    return this.lines.filter((line): line is { readonly kind: "newcomer" } & Newcomer => line.kind === "newcomer");
  }

  /** MiB a node, by the number of nodes. */
  get memory(): ReadonlyMap<number, number> {
    return new Map(this.lines.flatMap((line) => (line.kind === "memory" ? [[line.nodes, line.mebibytes]] : [])));
  }

  /** Numbers of nodes that were measured, smallest first. */
  get sizes(): number[] {
    return [...new Set(this.costs("idle").map(({ nodes }) => nodes))].sort((one, other) => one - other);
  }
}

/** The middle one; of an even number the mean of the two in the middle. @throws RangeError when there is none */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** @param share 0 to 1 @throws RangeError when there is no value */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new RangeError("There is no value.");
  const sorted = [...values].sort((one, other) => one - other);
  const at = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return below + (above - below) * (at - Math.floor(at));
}
