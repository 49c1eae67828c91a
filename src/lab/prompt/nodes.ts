import { spawn } from "node:child_process";
import { once } from "node:events";
import { inspected, remoteShellIn, rpc } from "../cluster/release-rpc";
import { pageOf } from "../cluster/task-page";
import { findTool } from "../data-plane/vpc/machine";
import type { Command } from "./command";
import { findTask } from "./tasks-here";

/** Commands that talk to one node. */
export const nodes: readonly Command[] = [
  {
    usage: "rpc <task> <expression…>",
    does: "evaluates an Elixir expression in a task's node and prints its value",
    async run({ lab, print }, task, expression) {
      const { stdout, stderr, code } = await rpc(findTask(lab, task!).container, inspected(expression!));
      const said = `${stdout}${stderr}`.trimEnd();
      if (code !== 0) throw new Error(said || `It ended with exit code ${code}.`);
      print(said);
    },
  },
  {
    usage: "remote <task>",
    does: "opens IEx in a task, as ECS Exec does; Ctrl-C twice ends it",
    async run({ lab, isTerminal }, task) {
      if (!isTerminal) throw new Error("remote needs a terminal. In a script, rpc evaluates one expression.");
      const { container } = findTask(lab, task!);
      const { file, args, environment } = await container.terminal(remoteShellIn(container).split(" "));
      // The processes between this one and IEx must not end by a Ctrl-C either; the Erlang VM still gets it.
      const untouched = ["-c", 'trap "" INT && exec "$@"', "remote", file, ...args];
      await withoutInterrupts(() =>
        once(spawn(findTool("sh") ?? "sh", untouched, { env: environment, stdio: "inherit" }), "exit"),
      );
    },
  },
  {
    usage: "open <task>",
    does: "the app's page of a task, in the browser",
    async run({ lab, print, isTerminal }, task) {
      const url = await pageOf(findTask(lab, task!));
      print(url);
      if (isTerminal) openInBrowser(url);
    },
  },
];

/** Ctrl-C is IEx's own meanwhile: this process gets it as well, being in the same foreground group, and goes on. */
async function withoutInterrupts(work: () => Promise<unknown>): Promise<void> {
  const listeners = process.rawListeners("SIGINT") as NodeJS.SignalsListener[];
  const ignore = () => undefined;
  process.removeAllListeners("SIGINT").on("SIGINT", ignore);
  try {
    await work();
  } finally {
    for (const listener of listeners) process.on("SIGINT", listener);
    process.off("SIGINT", ignore);
  }
}

/** Does nothing without a desktop: the address is printed. */
function openInBrowser(url: string): void {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  const opener = DISPLAY || WAYLAND_DISPLAY ? findTool("xdg-open") : undefined;
  if (!opener) return;
  const browser = spawn(opener, [url], { stdio: "ignore", detached: true });
  browser.on("error", () => undefined);
  browser.unref();
}
