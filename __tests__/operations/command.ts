import type { Command } from "commander";

/** What a command printed and how it ended. */
export interface Outcome {
  readonly out: string;
  readonly err: string;
  readonly code: number;
}

/** Runs a command in this process, as `src/cli.ts` would. */
export async function runCommand(command: Command, ...args: string[]): Promise<Outcome> {
  const out: string[] = [];
  const err: string[] = [];
  const into = (lines: string[]) => (text: string | Uint8Array) => lines.push(String(text).replace(/\n$/, "")) > 0;
  const spies = [
    jest.spyOn(process.stdout, "write").mockImplementation(into(out)),
    jest.spyOn(process.stderr, "write").mockImplementation(into(err)),
  ];
  process.exitCode = 0;
  try {
    await command
      .exitOverride()
      .configureOutput({ writeOut: (text) => out.push(text), writeErr: (text) => err.push(text) })
      .parseAsync(args, { from: "user" })
      .catch((error: { exitCode?: number }) => {
        if (error.exitCode === undefined) throw error;
        process.exitCode = error.exitCode;
      });
    return { out: out.join("\n"), err: err.join("\n"), code: Number(process.exitCode) };
  } finally {
    process.exitCode = 0;
    spies.forEach((spy) => spy.mockRestore());
  }
}
