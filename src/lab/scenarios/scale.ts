import type { RunningLab } from "../stage";
import { environmentOf } from "./steps/environment";
import { type Finding, resultOf, type Scenario, seconds } from "./scenario";

/** One size that was reached, or not. */
interface Reached {
  readonly tasks: number;
  /** From the order to the full mesh, and from the last node's start to it; absent when there was none. */
  readonly meshMs?: number;
  readonly joinMs?: number;
  /** Resident memory of a node with shared pages split, and of the lab's own process. */
  readonly mebibytesPerNode: number;
  readonly labMebibytes: number;
}

/** From two tasks on, as far as this machine goes. */
export const scale: Scenario = {
  name: "scale",
  seconds: 100,
  proves: "the cluster stays one mesh from 2 tasks to 60; prints the cost on this machine",
  async run(stage, options) {
    const sizes = options.tasks ?? [2, 5, 10, 30, 60];
    await stage.apply(environmentOf({ myapp: { tasks: sizes[0]! } }));
    const reached = await stage.lab(async (running) => {
      const all: Reached[] = [];
      for (const [index, tasks] of sizes.entries()) {
        options.say?.(`${tasks} tasks`);
        const from = index === 0 ? running.startedAt : Date.now();
        if (index > 0) await running.lab.updateService("myapp", { desiredCount: tasks });
        all.push(await reach(running, tasks, from));
        // Beyond the first size that fails there is nothing to learn.
        if (all.at(-1)!.meshMs === undefined) break;
      }
      return all;
    });
    const last = reached.at(-1)!;
    return resultOf(
      reached.map(finding),
      `full mesh of ${last.tasks} ${last.meshMs === undefined ? "NOT reached" : `after ${seconds(last.meshMs)}`}, ` +
        `${last.mebibytesPerNode} MiB a node, the lab itself ${last.labMebibytes} MiB`,
      { sizes: reached },
    );
  },
};

async function reach({ lab, waits }: RunningLab, tasks: number, from: number): Promise<Reached> {
  await waits.living(tasks);
  const born = Date.now();
  const { value: meshed } = await waits.mesh(tasks);
  const now = Date.now();
  const memory = await lab.runtime.statistics();
  const mebibytes = (bytes: number) => Math.round(bytes / 1024 / 1024);
  return {
    tasks,
    ...(meshed ? { meshMs: now - from, joinMs: now - born } : {}),
    mebibytesPerNode: mebibytes(memory.reduce((sum, { pssBytes }) => sum + pssBytes, 0) / Math.max(1, memory.length)),
    labMebibytes: mebibytes(process.memoryUsage().rss),
  };
}

function finding({ tasks, meshMs, joinMs, mebibytesPerNode }: Reached): Finding {
  if (meshMs === undefined) return { ok: false, line: `${tasks} tasks: no full mesh on this machine` };
  return {
    ok: true,
    line: `${tasks} tasks: full mesh after ${seconds(meshMs)}, ${seconds(joinMs!)} after the last one's start; ${mebibytesPerNode} MiB a node`,
  };
}
