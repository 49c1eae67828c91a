import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { systemClock } from "../src/lab/clock";
import type { LabEvent } from "../src/lab/lab-event";
import { environmentOf } from "../src/lab/scenarios/steps/environment";
import { type Stage, withStage } from "../src/lab/stage";

/** One size: milliseconds from a lab's start on what is applied already. */
export interface LabTimes {
  readonly tasks: number;
  /** Until every task has its network interface. */
  readonly networkMs: number;
  /** From then until the last container was started, and the last application in it runs: the boots. */
  readonly bootMs: number;
  /** From then to the full mesh. */
  readonly joinMs: number;
  /** To the full mesh. */
  readonly meshMs: number;
  /** CPU time of the lab itself up to then: this process, and the sandbox's with all that it ran but the containers. */
  readonly labCpuMs: number;
  /** Resident memory of this process, MiB. */
  readonly labMebibytes: number;
}

/** When the steps of a start were over, from the lab's events. */
class Steps {
  attachedAt = 0;
  bornAt = 0;

  readonly take = (event: LabEvent): void => {
    if (event.kind === "task" && event.status === "PENDING") this.attachedAt = event.at;
    if (event.kind === "output" && event.line.includes(" looks for ")) this.bornAt = event.at;
  };
}

/** Time from apply to full mesh, and what the lab itself takes of it. */
export async function benchLab(sizes: readonly number[] = [2, 5, 10, 30, 60]): Promise<void> {
  console.log("lab, apply to full mesh   network     boots      join     total   lab's CPU  lab's memory");
  await withStage({}, async (stage) => {
    for (const tasks of sizes) {
      const times = await measure(stage, tasks);
      const cells = [times.networkMs, times.bootMs, times.joinMs, times.meshMs].map((ms) => `${inSeconds(ms)} s`);
      const share = Math.round((times.labCpuMs / times.meshMs / availableParallelism()) * 100);
      console.log(
        `  ${String(tasks).padStart(2)} tasks              ${cells.map((cell) => cell.padStart(8)).join("  ")}  ` +
          `${inSeconds(times.labCpuMs)} s ${String(share).padStart(2)} %  ${String(times.labMebibytes).padStart(7)} MiB`,
      );
    }
  });
}

async function measure(stage: Stage, tasks: number): Promise<LabTimes> {
  await stage.apply(environmentOf({ myapp: { tasks } }));
  const steps = new Steps();
  const before = process.cpuUsage();
  return stage.lab(
    async ({ waits, startedAt }) => {
      await waits.meshed(tasks);
      const now = systemClock.now();
      const { user, system } = process.cpuUsage(before);
      const sandbox = cpuOfNodes(childrenOf(process.pid));
      return {
        tasks,
        networkMs: steps.attachedAt - startedAt,
        bootMs: steps.bornAt - steps.attachedAt,
        joinMs: now - steps.bornAt,
        meshMs: now - startedAt,
        labCpuMs: (user + system) / 1000 + sandbox,
        labMebibytes: Math.round(process.memoryUsage().rss / 1024 / 1024),
      };
    },
    {},
    steps.take,
  );
}

/** Milliseconds in a tick of /proc; 100 a second everywhere. Source: proc(5), sysconf(_SC_CLK_TCK) */
const tickMs = 10;

/** Process id, name, parent, and ticks of CPU, its ended children's included. Source: proc_pid_stat(5) */
function processes(): { pid: number; name: string; parent: number; ticks: number }[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const [, name, rest] = /\((.*)\) (.*)/s.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))!;
        const fields = rest!.split(" ").map(Number);
        const ticks = fields.slice(11, 15).reduce((sum, each) => sum + each, 0);
        return [{ pid: Number(pid), name: name!, parent: fields[1]!, ticks }];
      } catch {
        return []; // It ended meanwhile.
      }
    });
}

/** All processes below one. */
function childrenOf(pid: number, all = processes()): ReturnType<typeof processes> {
  return all.filter(({ parent }) => parent === pid).flatMap((child) => [child, ...childrenOf(child.pid, all)]);
}

/** Of Node alone: what it has run and waited for counts with it, a container that still runs doesn't. */
const cpuOfNodes = (children: ReturnType<typeof processes>): number =>
  children.filter(({ name }) => name === "node").reduce((sum, { ticks }) => sum + ticks * tickMs, 0);

const inSeconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(2);
