import { writeFileSync } from "node:fs";
import path from "node:path";
import { callEachOther } from "../lab/erpc";
import { Images } from "../lab/images";
import { Lab } from "../lab/lab";
import { awaitMesh } from "../lab/mesh";
import { renderMesh } from "../lab/mesh-table";
import { sandboxSupport } from "../lab/requirements";
import { sampleRelease } from "../lab/sample-release";
import { renderHtml, renderTerminal, reviewPlan } from "../review";
import { counterProofs } from "./counter-proofs";
import type { DemoOptions, Progress, Step } from "./progress";

/** From the applied layout to what is proved of it. */
export function labSteps({ html, signal }: DemoOptions): Step[] {
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
        progress.lab = await startLab(progress);
        const started = Date.now();
        const mesh = await awaitMesh(progress.lab, {
          timeoutSeconds: 60,
          onProgress: (seen) => {
            signal.throwIfAborted();
            // A live table needs a terminal; a log would get a copy of it for every look.
            if (process.stdout.isTTY) task.output = renderMesh(seen);
          },
        });
        task.output = renderMesh(mesh);
        const seconds = ((Date.now() - started) / 1000).toFixed(1);
        const calls = await callEachOther(progress.lab.tasks);
        const answered = calls.filter((call) => call.answered).length;
        const links = mesh.members.length * (mesh.members.length - 1);
        progress.results.push({
          ok: answered === links,
          text: `${mesh.members.length} nodes in full mesh ${seconds} s after the first task was placed; ${answered} of ${links} remote calls answered`,
        });
      },
      rendererOptions: { persistentOutput: true, outputBar: Infinity },
    },
    {
      title: "Counter-proofs: what must not cluster doesn't",
      skip,
      task: async (progress, task) => {
        for await (const result of counterProofs(progress, signal)) {
          progress.results.push(result);
          task.output = result.text;
        }
      },
      rendererOptions: { persistentOutput: true, outputBar: Infinity },
    },
  ];
}

/** Terraform puts right what the counter-proofs changed, and the cluster forms again. */
export function healSteps(): Step[] {
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
        await progress.lab!.close();
        progress.lab = await startLab(progress);
        await awaitMesh(progress.lab, { timeoutSeconds: 60 });
      },
    },
  ];
}

/** The lab on what is applied now. */
export async function startLab({ aws, release, scratch, recording }: Progress): Promise<Lab> {
  const lab = await Lab.start({
    aws: aws!,
    images: new Images([], release!.folder),
    negativeTtl: 1,
    logFolder: path.join(scratch, "logs"),
    onEvent: recording.take,
  });
  recording.watchDenied(lab);
  return lab;
}
