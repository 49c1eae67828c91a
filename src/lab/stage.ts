import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseEnvironments } from "../environment";
import { makeScratchFolder } from "../processes/scratch-folder";
import { type LocalAws, startLocalAws } from "./local-aws/aws";
import { type AwsClients, awsClients } from "./local-aws/aws-clients";
import { ClusterWatch } from "./cluster/cluster-watch";
import { createExisting } from "./local-aws/prerequisites";
import { Images } from "./control-plane/images";
import { Lab, type LabOptions, labPatches } from "./lab";
import type { LabEvent } from "./lab-event";
import { sampleRelease } from "./local-aws/sample-release";
import { synthesizeInto } from "./local-aws/synthesized";
import { Terraform } from "./local-aws/terraform";
import type { Recording } from "./timeline/recording";
import { ClusterWaits } from "./waiting/cluster-waits";

/** Options of {@link Stage.open}. */
export interface StageOptions {
  /** `NAME=FOLDER` each: releases in place of the sample's. @default the sample's release for every image */
  readonly images?: readonly string[];
  /** Hears everything that happens in every lab of this stage. */
  readonly onEvent?: (event: LabEvent) => void;
  /** Gets everything of every lab, for a timeline. */
  readonly recording?: Recording;
  readonly signal?: AbortSignal;
}

/** A lab that runs, and who sees whom in it. */
export interface RunningLab {
  readonly lab: Lab;
  readonly cluster: ClusterWatch;
  /** Waits for as long as what is applied may take. */
  readonly waits: ClusterWaits;
  /** When it was started: milliseconds since 1970. */
  readonly startedAt: number;
}

/** Name of the one environment that is applied on a stage. */
const environmentName = "lab";

/**
 * Where a layout is tried: local AWS, an environment synthesized and applied there by Terraform as its user would, and
 * labs that run what is applied. Whatever happens, `close()` leaves nothing.
 */
export class Stage {
  #terraform: Terraform | undefined;
  #plans = 0;

  private constructor(
    readonly aws: LocalAws,
    readonly clients: AwsClients,
    /** Folder of this stage's own, gone with it. */
    readonly scratch: string,
    /** The release that stands for images without a mapping. */
    readonly release: string,
    private readonly options: StageOptions,
  ) {}

  /** @throws Error when Python has no moto, or mix can't build the sample's release. */
  static async open(options: StageOptions = {}): Promise<Stage> {
    const { folder } = await sampleRelease();
    const aws = await startLocalAws({ patches: labPatches });
    const scratch = makeScratchFolder();
    return new Stage(aws, awsClients(aws), scratch, folder, options);
  }

  /**
   * Synthesizes an environment as it would stand in environments.json and applies it: all of it the first time, only what
   * has changed after that.
   *
   * @throws ConfigurationError or Error with what synth, plan or apply refused.
   */
  async apply(environment: object): Promise<void> {
    const file = path.join(this.scratch, "environments.json");
    const text = JSON.stringify({ [environmentName]: environment });
    writeFileSync(file, text);
    const outdir = path.join(this.scratch, "cdktf.out");
    await synthesizeInto(outdir, file);
    if (!this.#terraform) {
      await createExisting(this.aws, parseEnvironments(text, file)[environmentName]!);
      const { signal } = this.options;
      const terraform = new Terraform(path.join(outdir, "stacks", environmentName), this.scratch, {
        environment: this.aws.environment,
        ...(signal ? { signal } : {}),
      });
      await terraform.init();
      this.#terraform = terraform;
    }
    const plan = `plan-${(this.#plans += 1)}`;
    await this.#terraform.plan(plan);
    await this.#terraform.apply(plan);
  }

  /** The plan that was applied last, as `terraform show -json` gives it. */
  async appliedPlan(): Promise<unknown> {
    return JSON.parse(await this.#terraform!.show(`plan-${this.#plans}`));
  }

  /** Why synth refuses an environment; `undefined` when it does not. Nothing is applied. */
  async refusal(environment: object): Promise<string | undefined> {
    const folder = path.join(this.scratch, "refused");
    mkdirSync(folder, { recursive: true });
    const file = path.join(folder, "environments.json");
    writeFileSync(file, JSON.stringify({ [environmentName]: environment }));
    try {
      await synthesizeInto(path.join(folder, "cdktf.out"), file);
      return undefined;
    } catch (error) {
      return (error as Error).message.trim();
    }
  }

  /** From now on, a service's tasks are meant to see no other: the timeline doesn't miss their links. */
  keepApart(service: string): void {
    this.options.recording?.keepApart(service);
  }

  /**
   * Runs what is applied now for as long as `use` takes.
   * @param onEvent hears what happens in this lab, beside whoever hears it all
   */
  async lab<Result>(
    use: (running: RunningLab) => Promise<Result>,
    options: Partial<Omit<LabOptions, "aws" | "onEvent">> = {},
    onEvent?: (event: LabEvent) => void,
  ): Promise<Result> {
    const running = await startWatched(
      {
        aws: this.aws,
        images: new Images(this.options.images ?? [], this.release),
        retrySeconds: 0.2,
        negativeTtl: 1,
        ...options,
        onEvent: (event) => {
          onEvent?.(event);
          this.options.onEvent?.(event);
        },
      },
      this.options,
    );
    try {
      return await untilAborted(use(running), this.options.signal);
    } finally {
      await running.lab.close();
    }
  }

  async close(): Promise<void> {
    this.clients.destroy();
    await this.aws.stop();
    rmSync(this.scratch, { recursive: true, force: true });
  }
}

/** Starts a lab on what is applied, watched and recorded. */
export async function startWatched(
  options: LabOptions,
  { recording, signal }: Pick<StageOptions, "recording" | "signal">,
): Promise<RunningLab> {
  const cluster = new ClusterWatch();
  const startedAt = Date.now();
  const lab = await Lab.start({
    ...options,
    onEvent: (event) => {
      cluster.take(event);
      options.onEvent?.(event);
      recording?.take(event);
    },
  });
  recording?.watchDenied(lab);
  return { lab, cluster, waits: new ClusterWaits(lab, cluster, signal), startedAt };
}

/** What `work` gives, or at once the signal's reason: whatever it waits for need not know of the signal. */
async function untilAborted<Result>(work: Promise<Result>, signal?: AbortSignal): Promise<Result> {
  if (!signal) return work;
  let forget = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    const end = () => reject(signal.reason as Error);
    if (signal.aborted) end();
    signal.addEventListener("abort", end);
    forget = () => signal.removeEventListener("abort", end);
  });
  // After an abort nobody waits for it any more, and the lab that it works on goes.
  work.catch(() => undefined);
  return Promise.race([work, aborted]).finally(forget);
}

/** A stage for as long as `use` takes. */
export async function withStage<Result>(
  options: StageOptions,
  use: (stage: Stage) => Promise<Result>,
): Promise<Result> {
  const stage = await Stage.open(options);
  try {
    return await use(stage);
  } finally {
    await stage.close();
  }
}
