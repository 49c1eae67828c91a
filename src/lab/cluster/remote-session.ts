import { spawn } from "node:child_process";
import { once } from "node:events";
import { shellWords } from "../../advice";
import type { Container } from "../data-plane/data-plane";
import { findTool } from "../data-plane/vpc/machine";
import { slowness } from "../waiting/machine";
import { remoteShellIn } from "./release-rpc";

/** Seconds after which a session without an answer is given up, on a quiet machine. */
const patienceSeconds = 30;

/** IEx asks for input at this prompt; its name is the node's that evaluates it. */
const prompt = /iex\(([^)]+)\)\d+>/;

/** What somebody saw in a session. */
export interface RemoteSession {
  /** The command, as ECS Exec runs it. */
  readonly command: string;
  /** Name of the node that IEx's prompt shows; `undefined` when there was no prompt. */
  readonly node: string | undefined;
  /** Whether IEx evaluated an expression. */
  readonly answered: boolean;
  /** All that the terminal showed. */
  readonly screen: string;
}

/** Opens the remote shell in a container on a terminal, as ECS Exec does, evaluates an expression, and ends it by Ctrl-C twice. */
export async function askRemoteShell(container: Container): Promise<RemoteSession> {
  const command = remoteShellIn(container);
  const { file, args, environment } = await container.terminal(command.split(" "));
  const script = ["--quiet", "--return", "--command", shellWords([file, ...args]), "/dev/null"];
  const session = spawn(findTool("script") ?? "script", script, { env: { ...environment, SHELL: "/bin/sh" } });
  const ended = once(session, "close");
  // What ends early reads no more; its screen says why.
  session.stdin.on("error", () => undefined);
  let screen = "";
  for (const stream of [session.stdout, session.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (screen += text));
  }
  const limit = setTimeout(() => session.kill("SIGKILL"), patienceSeconds * 1000 * slowness());
  const shows = async (pattern: RegExp) => {
    while (!pattern.test(screen) && session.exitCode === null && session.signalCode === null)
      await new Promise((resolve) => setTimeout(resolve, 20));
    return pattern.exec(screen);
  };
  const node = (await shows(prompt))?.[1];
  // The terminal echoes what is typed, so the answer has to differ from it.
  session.stdin.write('"the sum is #{40 + 2}"\n');
  const answered = (await shows(/"the sum is 42"/)) !== null;
  session.stdin.write("\u0003");
  await shows(/BREAK:/);
  session.stdin.write("\u0003");
  await ended;
  clearTimeout(limit);
  return { command, node, answered, screen };
}
