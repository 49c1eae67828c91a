import { createWriteStream, type WriteStream } from "node:fs";

type Stream = "stdout" | "stderr";

/** Characters that are kept of what a container wrote: the newest. */
const longestLog = 64 * 1024;

/** What a container writes: kept, written to a file, and given on line by line. */
export class ContainerOutput {
  private kept = "";
  private readonly partial: Record<Stream, string> = { stdout: "", stderr: "" };
  private readonly file: WriteStream | undefined;

  constructor(
    private readonly onLine: ((line: string, stream: Stream) => void) | undefined,
    file: string | undefined,
  ) {
    this.file = file === undefined ? undefined : createWriteStream(file, { flags: "a" });
    // A full disk must not end the lab.
    this.file?.on("error", () => undefined);
  }

  get log(): string {
    return this.kept;
  }

  write(text: string, stream: Stream): void {
    this.kept = (this.kept + text).slice(-longestLog);
    this.file?.write(text);
    const lines = (this.partial[stream] + text).split("\n");
    this.partial[stream] = lines.pop() ?? "";
    for (const line of lines) this.onLine?.(line, stream);
  }

  /** Gives on the last line where it has no end. @returns done when the file has everything */
  async end(): Promise<void> {
    for (const stream of ["stdout", "stderr"] as const) {
      if (this.partial[stream]) this.onLine?.(this.partial[stream], stream);
      this.partial[stream] = "";
    }
    // Called with an error where the file can't be written.
    await new Promise<void>((resolve) => (this.file ? this.file.end(() => resolve()) : resolve()));
  }
}
