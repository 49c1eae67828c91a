import { nodeName } from "../../cluster/erpc";
import { askRemoteShell, type RemoteSession } from "../../cluster/remote-session";
import type { RunningLab } from "../../stage";
import type { Finding } from "../scenario";

/** A session of `console` in a task. */
export interface Console extends RemoteSession {
  /** Name of the task's node. */
  readonly expected: string;
}

/** Runs the command of `console` in a task of the cluster. */
export async function openConsole({ lab }: Pick<RunningLab, "lab">): Promise<Console> {
  const [task] = lab.tasks;
  return { ...(await askRemoteShell(task!.container)), expected: nodeName(task!) };
}

export function consoleFinding({ command, node, answered, expected, screen }: Console): Finding {
  const shown = answered ? "evaluates an expression" : `doesn't evaluate an expression: ${screen.trim()}`;
  return {
    ok: node === expected && answered,
    line: `the command of console, ${command}: IEx in ${node ?? "no node"}, ${shown}`,
  };
}
