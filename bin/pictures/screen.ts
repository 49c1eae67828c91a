/** A text on a row, in the seconds for which it is there. */
export interface Shown {
  readonly row: number;
  readonly text: string;
  readonly from: number;
  /** @default to the end */
  to?: number;
}

const colours = /\u001b\[[0-9;]*m/g;

/**
 * The rows of a terminal, from the lines that the demo prints without one: a step's end replaces its beginning, and each
 * line of progress replaces the ones before.
 */
export class Screen {
  readonly rows: Shown[] = [];
  /** Seconds until the last line. */
  ended = 0;
  #next = 0;
  /** The row of the step that runs. */
  #step: Shown | undefined;
  #progress: Shown[] = [];
  #progressAt = -1;

  /** @param line what was printed. @param at seconds since the start */
  write(line: string, at: number): void {
    this.ended = at;
    const mark = line.replace(colours, "").charAt(0);
    if (mark === "›") return this.#writeProgress(line, at);
    if (mark === "❯") {
      this.#step = this.#add(line, at);
      return;
    }
    if (mark === "✔" && this.#step) {
      this.#step.to = at;
      this.rows.push({ row: this.#step.row, text: line, from: at });
      this.#step = undefined;
      return;
    }
    this.#add(line, at);
  }

  /** Lines of one moment are one block, which replaces the block before it. */
  #writeProgress(line: string, at: number): void {
    const below = this.#step?.row ?? this.#next - 1;
    if (at - this.#progressAt > 0.05 || this.#progress[0]?.row !== below + 1) {
      if (this.#progress[0]?.row === below + 1) {
        for (const old of this.#progress) old.to = at;
        this.#next = below + 1;
      }
      this.#progress = [];
    }
    this.#progressAt = at;
    this.#progress.push(this.#add(`  ${line}`, at));
  }

  #add(text: string, from: number): Shown {
    const shown = { row: this.#next, text, from };
    this.rows.push(shown);
    this.#next += 1;
    return shown;
  }
}
