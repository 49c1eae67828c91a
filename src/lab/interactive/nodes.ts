import { spawn } from "node:child_process";
import { once } from "node:events";
import { inspected, releaseScript, rpc } from "../release-rpc";
import { pageOf } from "../task-page";
import { findTool } from "../vpc/machine";
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
    does: "an IEx inside a task, as ECS Exec gives it; Ctrl-C twice ends it",
    async run({ lab, isTerminal }, task) {
      if (!isTerminal) throw new Error("remote needs a terminal. In a script, rpc evaluates one expression.");
      const { container } = findTask(lab, task!);
      const { file, args, environment } = await container.terminal([releaseScript(container), "remote"]);
      // Its Ctrl-C is IEx's own: this process gets it as well, being in the same foreground group, and goes on.
      const ignore = () => undefined;
      process.on("SIGINT", ignore);
      try {
        await once(spawn(file, args, { env: environment, stdio: "inherit" }), "exit");
      } finally {
        process.off("SIGINT", ignore);
      }
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

/** Whoever has no desktop has the address. */
function openInBrowser(url: string): void {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  const opener = DISPLAY || WAYLAND_DISPLAY ? findTool("xdg-open") : undefined;
  if (!opener) return;
  const browser = spawn(opener, [url], { stdio: "ignore", detached: true });
  browser.on("error", () => undefined);
  browser.unref();
}
