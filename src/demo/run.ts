import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Listr, PRESET_TIMER } from "listr2";
import { type Environment, parseEnvironments } from "../environment";
import { type LocalAws, startLocalAws } from "../lab/aws";
import { createExisting, type Existing } from "../lab/existing";
import { labPatches } from "../lab/lab";
import { synthesizeInto } from "../lab/synthesized";
import { type PlanSummary, Terraform } from "../lab/terraform";
import { projectRoot } from "../project-root";
import { made } from "./made";

/** Options of {@link runDemo}. */
export interface DemoOptions {
  /** Environments file with one environment. @default the demo's own, of two services and five tasks */
  readonly environmentsFile?: string;
  /** Ends the demo early; everything it started is ended too. */
  readonly signal: AbortSignal;
  /** Where text goes. */
  readonly print: (text: string) => void;
}

/** What the steps hand on to each other. */
interface Progress {
  scratch: string;
  name: string;
  environment: Environment;
  aws: LocalAws;
  existing: Existing;
  terraform: Terraform;
  first: PlanSummary;
  second: PlanSummary;
}

const demoFile = path.join(projectRoot, "src", "demo", "environments.json");

/**
 * The main job on local AWS: synthesize, plan, apply, and a second plan that must be empty; then what was made, and its
 * end. Whatever happens on the way, no process and no file of it stays.
 *
 * @throws Error with what went wrong, where, and what the tool that failed said.
 */
export async function runDemo(options: DemoOptions): Promise<void> {
  const progress = { scratch: mkdtempSync(path.join(tmpdir(), "elixir-cluster-")) } as Progress;
  try {
    await steps(options).run(progress);
  } finally {
    await progress.aws?.stop();
    rmSync(progress.scratch, { recursive: true, force: true });
  }
}

function steps({ environmentsFile = demoFile, signal, print }: DemoOptions) {
  const stopWhenAsked = () => signal.throwIfAborted();
  return new Listr<Progress>(
    [
      {
        title: "Start local AWS",
        task: async (progress) => {
          const environments = parseEnvironments(readFileSync(environmentsFile, "utf8"), environmentsFile);
          [[progress.name, progress.environment]] = Object.entries(environments) as [[string, Environment]];
          progress.aws = await startLocalAws({ region: progress.environment.region, patches: labPatches });
        },
      },
      {
        title: "Make what exists already: VPC, ECS cluster, secrets, state bucket",
        task: async (progress) => {
          stopWhenAsked();
          progress.existing = await createExisting(progress.aws, progress.environment);
        },
      },
      {
        title: "Synthesize main.ts",
        task: async (progress) => {
          stopWhenAsked();
          const outdir = path.join(progress.scratch, "cdktf.out");
          await synthesizeInto(outdir, environmentsFile);
          const folder = path.join(outdir, "stacks", progress.name);
          const { environment } = progress.aws;
          progress.terraform = new Terraform(folder, progress.scratch, { environment, signal });
        },
      },
      { title: "terraform init, state in S3", task: ({ terraform }) => terraform.init() },
      {
        title: "terraform plan",
        task: async (progress, task) => {
          progress.first = await progress.terraform.plan("first");
          task.title = `terraform plan: ${progress.first.add} to add`;
        },
      },
      { title: "terraform apply", task: ({ terraform }) => terraform.apply("first") },
      {
        title: "terraform plan again",
        task: async (progress, task) => {
          const { add, change, destroy } = (progress.second = await progress.terraform.plan("second"));
          if (add + change + destroy > 0) {
            throw new Error(`The second plan is not empty: ${add} to add, ${change} to change, ${destroy} to destroy.`);
          }
          task.title = "terraform plan again: empty, as it must be";
        },
      },
      {
        title: "What was made",
        task: async ({ terraform }, task) => {
          task.output = made(JSON.parse(await terraform.showState()), await terraform.outputs());
        },
        rendererOptions: { persistentOutput: true, outputBar: Infinity },
      },
      { title: "terraform destroy", task: ({ terraform }) => terraform.destroy() },
    ],
    {
      registerSignalListeners: false,
      rendererOptions: { timer: PRESET_TIMER, collapseErrors: false },
      fallbackRendererOptions: { timer: PRESET_TIMER },
    },
  );
}
