import { spawn } from "node:child_process";

/**
 * Runs a tool of the machine and gives its standard output.
 * @throws Error with the command and what it printed when it fails.
 */
export function command(file: string, args: readonly string[], input?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: ["pipe", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
    child.on("error", (error) => reject(new Error(`${file} can't be run: ${error.message}`)));
    child.on("close", (code) => {
      if (code === 0) resolve(stdout);
      else reject(new Error(`${[file, ...args].join(" ")} failed (${code}): ${stderr.trim() || stdout.trim()}`));
    });
    // A tool that ends before it has read everything says why in its exit code.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}
