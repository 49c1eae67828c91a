import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Listr, PRESET_TIMER } from "listr2";
import { Recording } from "../lab/timeline/recording";
import { timelineHtml } from "../lab/timeline/timeline-html";
import { makeScratchFolder } from "../processes/scratch-folder";
import { projectRoot } from "../project-root";
import { layoutSteps } from "./layout-steps";
import { healSteps, labSteps } from "./lab-steps";
import type { DemoOptions, Progress } from "./progress";
import { resultsPage } from "./results";

const demoFile = path.join(projectRoot, "src", "demo", "environments.json");

/**
 * The main job on local AWS: synthesize, plan, apply, and a second plan that must be empty; then the tasks start, the
 * cluster forms, counter-proofs fail as they must, and the plan is reviewed; then everything is destroyed, and one page
 * says what came out. Whatever happens on the way, no process and no file of it stays but the review's page and the
 * timeline of what ran, also of a run that failed.
 *
 * @returns whether everything went as it must.
 * @throws Error with what went wrong, where, and what the tool that failed said.
 */
export async function runDemo(options: DemoOptions): Promise<boolean> {
  const progress: Progress = {
    environmentsFile: options.environmentsFile ?? demoFile,
    scratch: makeScratchFolder(),
    results: [],
    recording: new Recording(),
  };
  try {
    await list(options, layoutSteps(options)).run(progress);
    await list(options, labSteps(options)).run(progress);
    if (options.keep && progress.running) {
      await list(options, healSteps(options)).run(progress);
      await options.keep(progress.running.lab, progress.recording);
    }
    await list(options, [
      {
        title: "terraform destroy",
        task: async ({ terraform, running }) => {
          await terraform!.destroy();
          await running?.lab.close();
        },
      },
    ]).run(progress);
    options.print(resultsPage(progress));
    if (progress.running)
      options.print(`\nPages: ${options.html} (the review), ${options.timeline} (the timeline of what ran)\n`);
    return progress.results.every(({ ok }) => ok);
  } finally {
    await progress.running?.lab.close();
    if (progress.running) writeFileSync(options.timeline, timelineHtml("npm run demo", progress.recording.recorded()));
    await progress.aws?.stop();
    rmSync(progress.scratch, { recursive: true, force: true });
  }
}

/** Steps one after another, with durations; no further one once the demo was interrupted. */
function list({ signal }: DemoOptions, steps: ReturnType<typeof layoutSteps>): Listr<Progress> {
  return new Listr<Progress>(
    steps.map((step) => ({
      ...step,
      task: (progress, task) => {
        signal.throwIfAborted();
        progress.recording.note(String(step.title));
        return step.task(progress, task);
      },
    })),
    {
      // The command line ends the demo on signals, in order.
      registerSignalListeners: false,
      rendererOptions: { timer: PRESET_TIMER, collapseErrors: false, collapseSubtasks: false },
      fallbackRendererOptions: { timer: PRESET_TIMER },
    },
  );
}
