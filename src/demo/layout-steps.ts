import path from "node:path";
import { type Environment, parseEnvironments } from "../environment";
import { startLocalAws } from "../lab/local-aws/aws";
import { createExisting } from "../lab/local-aws/prerequisites";
import { labPatches } from "../lab/lab";
import { synthesizeInto } from "../lab/local-aws/synthesized";
import { Terraform } from "../lab/local-aws/terraform";
import { readTextFile } from "../regular-file";
import { made } from "./apply-summary";
import type { DemoOptions, Step } from "./progress";

/** From nothing to an applied layout whose second plan is empty. */
export function layoutSteps({ signal }: DemoOptions): Step[] {
  return [
    {
      title: "Start local AWS",
      task: async (progress) => {
        const { environmentsFile } = progress;
        const environments = parseEnvironments(readTextFile(environmentsFile) ?? "", environmentsFile);
        const [[name, environment]] = Object.entries(environments) as [[string, Environment]];
        Object.assign(progress, { name, environment });
        progress.aws = await startLocalAws({ region: environment.region, patches: labPatches });
      },
    },
    {
      title: "Make what exists already: VPC, ECS cluster, secrets, state bucket",
      task: async ({ aws, environment }) => void (await createExisting(aws!, environment!)),
    },
    {
      title: "Synthesize main.ts",
      task: async (progress) => {
        const outdir = path.join(progress.scratch, "cdktf.out");
        await synthesizeInto(outdir, progress.environmentsFile);
        const folder = path.join(outdir, "stacks", progress.name!);
        progress.terraform = new Terraform(folder, progress.scratch, {
          environment: progress.aws!.environment,
          signal,
        });
      },
    },
    { title: "terraform init, state in S3", task: ({ terraform }) => terraform!.init() },
    {
      title: "terraform plan",
      task: async (progress, task) => {
        const { add } = await progress.terraform!.plan("first");
        task.title = `terraform plan: ${add} to add`;
        progress.planJson = await progress.terraform!.show("first");
      },
    },
    { title: "terraform apply", task: ({ terraform }) => terraform!.apply("first") },
    {
      title: "terraform plan again",
      task: async (progress, task) => {
        const { add, change, destroy } = await progress.terraform!.plan("second");
        if (add + change + destroy > 0) {
          throw new Error(`The second plan is not empty: ${add} to add, ${change} to change, ${destroy} to destroy.`);
        }
        task.title = "terraform plan again: empty, as it must be";
        progress.results.push({ ok: true, text: "applied, and the second plan is empty" });
        progress.made = made(JSON.parse(await progress.terraform!.showState()), await progress.terraform!.outputs());
      },
    },
  ];
}
