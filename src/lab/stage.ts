import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseEnvironments } from "../environment";
import { makeScratchFolder } from "../processes/scratch-folder";
import { type LocalAws, startLocalAws } from "./local-aws/aws";
import { type AwsClients, awsClients } from "./local-aws/aws-clients";
import { ClusterWatch } from "./cluster/cluster-watch";
import type { InvariantName } from "./history/history";
import { type CheckedLab, LabHistory } from "./history/lab-history";
import { createPrerequisites } from "./local-aws/prerequisites/prerequisites";
import { FaultChanges } from "./data-plane/faults/fault-changes";
import { Images } from "./control-plane/images";
import { Lab, labPatches } from "./lab";
import type { LabOptions } from "./lab-options";
import type { LabEvent } from "./lab-event";
import { type SampleRelease, sampleRelease } from "./local-aws/sample/sample-release";
import { KeptProvider } from "./local-aws/terraform/kept-provider";
import { socketFolder } from "./local-aws/terraform/socket-folder";
import { synthesizeInto } from "./local-aws/terraform/synthesized";
import { Terraform } from "./local-aws/terraform/terraform";
import { timed } from "./timings";
import type { Recording } from "./timeline/recording";
import { ClusterWaits } from "./waiting/cluster-waits";

/** Options of {@link Stage.open}. */
export interface StageOptions {
  /** AWS region of local AWS. @default "eu-west-1" */
  readonly region?: string;
  /** `NAME=FOLDER` each: releases in place of the sample's. @default the sample's release for every image */
  readonly images?: readonly string[];
  /** Gets everything that happens in every lab of this stage. */
  readonly onEvent?: (event: LabEvent) => void;
  /** Gets everything of every lab, for a timeline. */
  readonly recording?: Recording;
  /** Ends the Terraform command in progress, and {@link Stage.lab}. */
  readonly signal?: AbortSignal;
}

/** How {@link Stage.start} starts a lab. */
interface StartOptions extends Partial<Omit<LabOptions, "aws" | "onEvent">> {
  /** Invariants of docs/model.md that this lab must break, since it is a negative test. @default none */
  readonly breaks?: readonly InvariantName[];
  /** Invariants that this lab may break, since the scenario does what the history can't show. @default none */
  readonly mayBreak?: readonly InvariantName[];
}

/** A lab that runs, and which nodes see each other in it. */
export interface RunningLab {
  readonly lab: Lab;
  readonly cluster: ClusterWatch;
  /** Waits for as long as what is applied may take. */
  readonly waits: ClusterWaits;
  /** When it was started: milliseconds since 1970. */
  readonly startedAt: number;
}

/** Name of the one environment that {@link Stage.apply} applies. */
export const environmentName = "lab";

/**
 * Local AWS, Terraform that is applied to it as its user would, and labs that run what is applied: the demo, the scenarios
 * and `lab up` start them here and nowhere else. Whatever happens, `close()` leaves nothing.
 */
export class Stage {
  /** Newest first. */
  readonly #terraforms: Terraform[] = [];
  readonly #labs: Lab[] = [];
  readonly #histories = new Map<Lab, LabHistory>();
  /** Services that are meant to see no other node. */
  readonly #apart = new Set<string>();
  #release: Promise<SampleRelease> | undefined;
  #synthesized: Terraform | undefined;
  #plans = 0;
  readonly #provider: KeptProvider;

  private constructor(
    readonly aws: LocalAws,
    readonly clients: AwsClients,
    /** Folder of this stage's own, gone with it. */
    readonly scratch: string,
    private readonly options: StageOptions,
  ) {
    this.#provider = new KeptProvider({ ...aws.environment, ...socketFolder(scratch) });
  }

  /** @throws Error when Python has no moto. */
  static async open(options: StageOptions = {}): Promise<Stage> {
    const aws = await timed("local AWS starts", () => startLocalAws({ region: options.region, patches: labPatches }));
    return new Stage(aws, awsClients(aws), makeScratchFolder(), options);
  }

  /** The release that stands for images without a mapping, built once. @throws Error when mix can't build it */
  release(): Promise<SampleRelease> {
    return (this.#release ??= sampleRelease());
  }

  /** Terraform in a folder, with this local AWS; {@link destroy} destroys what it has applied. */
  terraform(folder: string): Terraform {
    const terraform = new Terraform(folder, mkdtempSync(path.join(this.scratch, "terraform-")), {
      environment: this.aws.environment,
      temporary: this.scratch,
      provider: this.#provider,
      signal: this.options.signal,
    });
    this.#terraforms.unshift(terraform);
    return terraform;
  }

  /** Synthesizes a file with one environment, of this name. @returns Terraform in what was synthesized, the same each time */
  async synthesize(environmentsFile: string, name: string): Promise<Terraform> {
    const outdir = path.join(this.scratch, "cdktf.out");
    await timed("synthesize", () => synthesizeInto(outdir, environmentsFile));
    return (this.#synthesized ??= this.terraform(path.join(outdir, "stacks", name)));
  }

  /**
   * Synthesizes an environment as environments.json has it and applies it: all of it the first time, later only what has
   * changed. The first time, creates its prerequisites too. Doesn't wait for the end of deployments unless a service says
   * so: what uses a stage watches them.
   *
   * @throws ConfigurationError or Error with what synth, plan or apply refused.
   */
  async apply(environment: object): Promise<void> {
    const file = path.join(this.scratch, "environments.json");
    const text = JSON.stringify({ [environmentName]: withoutWaiting(environment) });
    writeFileSync(file, text);
    const isFirst = !this.#synthesized;
    const terraform = await this.synthesize(file, environmentName);
    if (isFirst) {
      await createPrerequisites(this.aws, parseEnvironments(text, file)[environmentName]!);
      await terraform.init();
    }
    const plan = `plan-${(this.#plans += 1)}`;
    await terraform.plan(plan);
    await terraform.apply(plan);
  }

  /** The plan that {@link apply} applied last, as `terraform show -json` gives it. */
  async appliedPlan(): Promise<unknown> {
    return JSON.parse(await this.#synthesized!.show(`plan-${this.#plans}`));
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

  /** From now on, a service's tasks must see no other: the model forbids their links, and the timeline doesn't miss them. */
  keepApart(service: string): void {
    this.#apart.add(service);
    this.options.recording?.keepApart(service);
  }

  /**
   * Starts a lab on what is applied now, watched and recorded. {@link close} closes it, unless it is closed by then.
   * @param onEvent gets what happens in this lab
   */
  async start(
    { breaks, mayBreak, ...options }: StartOptions = {},
    onEvent?: (event: LabEvent) => void,
  ): Promise<RunningLab> {
    const { recording, signal, images = [] } = this.options;
    const cluster = new ClusterWatch();
    const history = new LabHistory(breaks, mayBreak);
    const changes = new FaultChanges();
    const startedAt = Date.now();
    const lab = await timed("a lab starts", async () =>
      Lab.start({
        negativeTtl: 1,
        ...options,
        images: options.images ?? new Images(images, (await this.release()).folder),
        aws: this.aws,
        onEvent: (event) => {
          cluster.take(event);
          history.take(event);
          for (const listener of [onEvent, this.options.onEvent]) listener?.(event);
          recording?.take(event);
          if (event.kind === "faults") recording?.changed(changes.since(event.faults), event.at);
        },
      }),
    );
    this.#labs.push(lab);
    this.#histories.set(lab, history);
    history.read(lab, [...this.#apart]);
    recording?.watchDenied(lab);
    return { lab, cluster, waits: new ClusterWaits(lab, cluster, signal), startedAt };
  }

  /** Runs what is applied now for as long as `use` takes; as {@link start}, but tries failed tasks again soon. */
  async lab<Result>(
    use: (running: RunningLab) => Promise<Result>,
    options: Parameters<Stage["start"]>[0] = {},
    onEvent?: (event: LabEvent) => void,
  ): Promise<Result> {
    const running = await this.start({ retrySeconds: 0.2, ...options }, onEvent);
    try {
      return await untilAborted(use(running), this.options.signal);
    } finally {
      this.#endHistory(running.lab);
      await timed("a lab ends", () => running.lab.close());
    }
  }

  /** What the model says of each lab that {@link lab} has run. */
  checkHistories(): CheckedLab[] {
    return [...this.#histories.values()].flatMap((history) => history.check() ?? []);
  }

  #endHistory(lab: Lab): void {
    const history = this.#histories.get(lab);
    history?.read(lab, [...this.#apart]);
    history?.end();
    for (const { invariant, text, clock } of history?.check()?.broken ?? [])
      this.options.recording?.violated(`${invariant}: ${text}`, clock);
  }

  /** Destroys what was applied, in reverse order. Refreshes first: a negative case may have put a rule back under another id. */
  async destroy(): Promise<void> {
    for (const terraform of this.#terraforms) await terraform.destroy();
  }

  async close(): Promise<void> {
    try {
      for (const lab of this.#labs) await lab.close();
    } finally {
      this.clients.destroy();
      await this.#provider.close();
      await this.aws.stop();
      rmSync(this.scratch, { recursive: true, force: true });
    }
  }
}

/** An environment whose services end `apply` before their deployments, except for those that have the option. */
function withoutWaiting(environment: { readonly services?: Readonly<Record<string, object>> }): object {
  const services = Object.entries(environment.services ?? {}).map(([name, service]) => {
    return [name, { waitForSteadyState: false, ...service }];
  });
  return { ...environment, services: Object.fromEntries(services) as object };
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
  // After an abort nothing waits for it any more, and the lab that it works on goes.
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
