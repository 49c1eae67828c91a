import { writeFileSync } from "node:fs";
import path from "node:path";
import { execa, ExecaError } from "execa";
import { leash, leashed, leashedVariables, withoutLeash } from "../../../processes/leash";
import { socketFolder } from "./socket-folder";
import { configurationForRun } from "./terraform-configuration";
import type { KeptProvider } from "./kept-provider";
import { timed } from "../../timings";
import { useTestedProvider } from "./tested-provider";
import { UserError } from "../../../user-error";

/** Options of {@link Terraform}. */
export interface TerraformOptions {
  /** Variables of the processes it starts, in addition to this process's own. */
  readonly environment: Readonly<Record<string, string>>;
  /** Folder for the sockets of Terraform and its providers; the caller's to remove. @default the one for the run's plans */
  readonly temporary?: string;
  /** A provider for commands that need one. @default each command starts its own */
  readonly provider?: KeptProvider;
  /** Ends the command in progress: with SIGINT, on which Terraform writes its state and gives its lock back. */
  readonly signal?: AbortSignal;
}

/** How many resources a plan would add, change and destroy, as Terraform counts them. */
export interface PlanSummary {
  readonly add: number;
  readonly change: number;
  readonly destroy: number;
}

/** Terraform in one working folder, without a terminal. Source: https://developer.hashicorp.com/terraform/cli/commands */
export class Terraform {
  private readonly environment: Record<string, string>;

  /** @param folder the working folder. @param scratch a folder for this run's CLI configuration and plans; the caller's to remove. */
  constructor(
    readonly folder: string,
    private readonly scratch: string,
    private readonly options: TerraformOptions,
  ) {
    this.environment = {
      ...options.environment,
      CHECKPOINT_DISABLE: "1",
      TF_IN_AUTOMATION: "1",
      TF_INPUT: "0",
      ...socketFolder(options.temporary ?? scratch),
    };
    const configuration = configurationForRun();
    if (configuration !== undefined) {
      const file = path.join(scratch, "terraform.rc");
      writeFileSync(file, configuration);
      this.environment.TF_CLI_CONFIG_FILE = file;
    }
  }

  /**
   * Installs the providers: of AWS's the version that local AWS is tested with, where the folder allows all.
   *
   * @param args further arguments, such as `-backend=false`. @throws UserError
   */
  async init(...args: string[]): Promise<void> {
    useTestedProvider(this.folder);
    await this.run("init", "-no-color", ...args);
  }

  /** @throws UserError with what is invalid. */
  async validate(): Promise<void> {
    await this.run("validate", "-no-color");
  }

  /** The value of an expression of variables and locals; `undefined` unless it is a string that is known before the plan. */
  async evaluate(expression: string): Promise<string | undefined> {
    if (/^"[^"$%\\]*"$/.test(expression)) return expression.slice(1, -1);
    // Its standard input isn't free: it is the leash.
    const script = 'printf "%s\\n" "$1" | terraform console';
    const said = await this.execute("console", "sh", ["-c", script, "sh", expression]).catch(() => "");
    return /^"(.*)"\s*$/.exec(said)?.[1];
  }

  /** Plans, and keeps the plan under `name` for {@link apply} and {@link show}. @throws UserError */
  async plan(name: string, ...args: string[]): Promise<PlanSummary> {
    const output = await this.run("plan", "-no-color", "-json", `-out=${this.planFile(name)}`, ...args);
    const summary = output
      .split("\n")
      .filter((line) => line.includes('"change_summary"'))
      .map((line) => (JSON.parse(line) as { changes: { add: number; change: number; remove: number } }).changes)
      .at(-1);
    if (!summary) throw new UserError(`terraform plan gave no summary:\n${output}`);
    return { add: summary.add, change: summary.change, destroy: summary.remove };
  }

  /** Applies the plan kept under `name`. @throws UserError */
  async apply(name: string): Promise<void> {
    await this.run("apply", "-no-color", this.planFile(name));
  }

  /** The plan kept under `name` as `terraform show -json` gives it. */
  async show(name: string): Promise<string> {
    return this.run("show", "-json", this.planFile(name));
  }

  /** The state as `terraform show -json` gives it. */
  async showState(): Promise<string> {
    return this.run("show", "-json");
  }

  /** The outputs' values by name. */
  async outputs(): Promise<Record<string, unknown>> {
    const outputs = JSON.parse(await this.run("output", "-json")) as Record<string, { value: unknown }>;
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
  }

  /** Destroys everything in the state. @throws UserError */
  async destroy(...args: string[]): Promise<void> {
    await this.run("destroy", "-no-color", "-auto-approve", ...args);
  }

  private planFile(name: string): string {
    return path.join(this.scratch, `${name}.tfplan`);
  }

  private run(command: string, ...args: string[]): Promise<string> {
    return this.execute(command, "terraform", [command, ...args]);
  }

  private async execute(command: string, file: string, args: readonly string[]): Promise<string> {
    const provider = command === "init" ? {} : await this.options.provider?.variables(this.folder);
    try {
      // Out of the terminal's group: a Ctrl-C would reach it as well as our signal does, and on a second one Terraform drops its work.
      const started = execa(...leashed(file, args), {
        ...leash,
        cwd: this.folder,
        env: { ...this.environment, ...provider, ...leashedVariables({ ...process.env, ...this.environment }) },
        maxBuffer: 512 * 1024 * 1024,
        ...(this.options.signal ? { cancelSignal: this.options.signal } : {}),
        killSignal: "SIGINT",
        forceKillAfterDelay: 30_000,
      });
      const { stdout } = await timed(`terraform ${command}`, async () => started);
      return stdout;
    } catch (error) {
      if (!(error instanceof ExecaError)) throw error;
      if (error.isCanceled) throw new UserError(`terraform ${command} was interrupted`, { cause: error });
      throw new UserError(`terraform ${command} failed in ${this.folder}:\n${saidBy(error)}`);
    }
  }
}

/** What Terraform said of its failure: its diagnostics, whether it printed JSON lines or text. */
function saidBy(error: ExecaError): string {
  const diagnostics = String(error.stdout)
    .split("\n")
    .filter((line) => line.includes('"@level":"error"'))
    .map((line) => JSON.parse(line) as { "@message": string; diagnostic?: { detail?: string; address?: string } })
    .map((line) => [line["@message"], line.diagnostic?.address, line.diagnostic?.detail].filter(Boolean).join("\n  "));
  if (diagnostics.length > 0) return diagnostics.join("\n");
  const said = String(error.stderr || error.stdout)
    .replace(/^[│╷╵] ?/gm, "")
    .trim();
  // It ended itself, having said why, or else was ended.
  return error.exitCode === undefined || !said ? `${withoutLeash(error.shortMessage)}\n${said}`.trim() : said;
}

/** Whether `terraform` is on the path. */
export async function hasTerraform(): Promise<boolean> {
  const { failed } = await execa("terraform", ["version"], { reject: false });
  return !failed;
}
