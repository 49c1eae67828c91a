import { systemClock } from "../src/lab/clock";
import type { LabEvent } from "../src/lab/lab-event";
import { environmentOf } from "../src/lab/scenarios/environment";
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
  /** CPU seconds of the lab itself (this process) up to then. */
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
      const share = Math.round((times.labCpuMs / times.meshMs) * 100);
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
    async ({ cluster, startedAt }) => {
      if (!(await cluster.mesh(tasks, 170))) throw new Error(`No full mesh of ${tasks} tasks within 170 s.`);
      const now = systemClock.now();
      const { user, system } = process.cpuUsage(before);
      return {
        tasks,
        networkMs: steps.attachedAt - startedAt,
        bootMs: steps.bornAt - steps.attachedAt,
        joinMs: now - steps.bornAt,
        meshMs: now - startedAt,
        labCpuMs: (user + system) / 1000,
        labMebibytes: Math.round(process.memoryUsage().rss / 1024 / 1024),
      };
    },
    {},
    steps.take,
  );
}

const inSeconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(2);
