import { writeFileSync } from "node:fs";
import path from "node:path";
import { callEachOther } from "../lab/cluster/erpc";
import { Images } from "../lab/control-plane/images";
import type { Lab } from "../lab/lab";
import { awaitMesh, type Mesh, whatIsMissing } from "../lab/cluster/mesh";
import { renderMesh } from "../lab/cluster/mesh-table";
import { sandboxSupport } from "../lab/data-plane/requirements";
import { sampleRelease } from "../lab/local-aws/sample-release";
import { type RunningLab, startWatched } from "../lab/stage";
import { renderHtml, renderTerminal, reviewPlan } from "../review";
import { counterProofs } from "./counter-proofs";
import type { DemoOptions, Progress, Step } from "./progress";

/** From the applied layout to what is proved of it. */
export function labSteps(options: DemoOptions): Step[] {
  const { html, signal } = options;
  const support = sandboxSupport();
  const skip = "missing" in support ? support.missing : false;
  return [
    {
      title: "Review the plan that was applied",
      task: async (progress, task) => {
        const review = reviewPlan(JSON.parse(progress.planJson!), { name: progress.name! });
        writeFileSync(html, String(await renderHtml([review])));
        const errors = review.findings.filter(({ severity }) => severity === "error").length;
        progress.review = String(renderTerminal([review])).trim();
        const text = `${errors} errors in the review of the plan; its page with a drawing is ${html}`;
        progress.results.push({ ok: errors === 0, text });
        task.title = `Review the plan that was applied: ${errors} errors`;
      },
    },
    {
      title: "Build the sample's release",
      skip,
      task: async (progress, task) => {
        progress.release = await sampleRelease();
        if (progress.release.standIn) task.title = "Build the sample's release, with the stand-in for libcluster";
      },
    },
    {
      title: "Start the tasks: the cluster forms",
      skip,
      task: async (progress, task) => {
        progress.running = await startLab(progress, options);
        const { lab, startedAt } = progress.running;
        const mesh = await awaitMesh(lab, { signal, onProgress: progressOn(task, lab) });
        task.output = renderMesh(mesh);
        const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
        const calls = await callEachOther(lab.tasks);
        const answered = calls.filter((call) => call.answered).length;
        const links = mesh.members.length * (mesh.members.length - 1);
        progress.results.push({
          ok: answered === links,
          text: `${mesh.members.length} nodes in full mesh ${seconds} s after the lab's start; ${answered} of ${links} remote calls answered`,
        });
      },
      rendererOptions: { persistentOutput: true, outputBar: Infinity },
    },
    {
      title: "Counter-proofs: what must not cluster doesn't",
      skip,
      // What they found is a result; only the mark before this step has to show it too.
      exitOnError: false,
      task: async (progress, task) => {
        const wrong: string[] = [];
        for await (const result of counterProofs(progress, options)) {
          progress.results.push(result);
          task.output = result.text;
          if (!result.ok) wrong.push(result.text.split(":")[0]!);
        }
        if (wrong.length > 0) throw new Error(`Not proved: ${wrong.join(", ")}`);
      },
      rendererOptions: { persistentOutput: true, outputBar: Infinity },
    },
  ];
}

/** Shows how far a cluster is: as a live table on a terminal, and in a log a line when that has changed. */
function progressOn(task: { output: string }, lab: Lab): (mesh: Mesh) => void {
  const expected = lab.services.reduce((sum, { desiredCount }) => sum + desiredCount, 0);
  return (seen) => {
    const text = process.stdout.isTTY ? renderMesh(seen) : whatIsMissing(seen, expected);
    if (text !== "" && text !== task.output) task.output = text;
  };
}

/** Terraform puts right what the counter-proofs changed, and the cluster forms again. */
export function healSteps(options: DemoOptions): Step[] {
  return [
    {
      title: "terraform plan and apply: what the counter-proofs took away comes back",
      task: async ({ terraform }, task) => {
        const { add, change } = await terraform!.plan("heal");
        await terraform!.apply("heal");
        task.title = `terraform plan and apply: ${add} added, ${change} changed after the counter-proofs`;
      },
    },
    {
      title: "Start the tasks again",
      task: async (progress) => {
        await progress.running!.lab.close();
        progress.running = await startLab(progress, options);
        await awaitMesh(progress.running.lab, { signal: options.signal });
      },
    },
  ];
}

/** The lab on what is applied now. */
export async function startLab(
  { aws, release, scratch, recording }: Progress,
  { signal }: DemoOptions,
): Promise<RunningLab> {
  const logFolder = path.join(scratch, "logs");
  const images = new Images([], release!.folder);
  return startWatched({ aws: aws!, images, negativeTtl: 1, logFolder }, { recording, signal });
}
