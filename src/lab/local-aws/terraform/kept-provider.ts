import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { execa } from "execa";
import { leash, leashed, leashedVariables } from "../../../processes/leash";
import { timed } from "../../timings";
import { overrideFile } from "./tested-provider";

/**
 * AWS's provider as one process for many commands of Terraform. Terraform starts a provider for each command otherwise, and
 * two thirds of a command on local AWS are that start.
 *
 * A provider that is attached has one configuration for all who use it, so this serves one command at a time, in folders of
 * synthesized JSON with one AWS provider.
 * Source: https://developer.hashicorp.com/terraform/plugin/debugging#starting-a-provider-in-debug-mode
 */
export class KeptProvider {
  readonly #ended = new AbortController();
  #started: Promise<string | undefined> | undefined;
  #process: Promise<unknown> | undefined;

  /** @param environment the variables of Terraform's commands */
  constructor(private readonly environment: Readonly<Record<string, string>>) {}

  /** Variables that attach a command in a folder that was initialized; none where the command must start its own provider. */
  async variables(folder: string): Promise<Record<string, string>> {
    if (!hasOneProvider(folder)) return {};
    const binary = installedProvider(
      path.join(this.environment.TF_DATA_DIR ?? path.join(folder, ".terraform"), "providers"),
    );
    if (binary === undefined) return {};
    const attachment = await (this.#started ??= timed("the AWS provider starts", () => this.start(binary)));
    return attachment === undefined ? {} : { TF_REATTACH_PROVIDERS: attachment };
  }

  /** Ends the process. */
  async close(): Promise<void> {
    this.#ended.abort();
    await this.#process;
  }

  /** What it prints once it listens; `undefined` where it ended before. */
  private async start(binary: string): Promise<string | undefined> {
    const subprocess = execa(...leashed(binary, ["-debug"]), {
      ...leash,
      // Local AWS has no TLS, and a provider that is configured a second time refuses this variable.
      env: { ...this.environment, ...leashedVariables(process.env), AWS_CA_BUNDLE: undefined },
      reject: false,
      buffer: false,
      cancelSignal: this.#ended.signal,
      // Only on this one it removes its socket.
      killSignal: "SIGINT",
      forceKillAfterDelay: 2_000,
    });
    this.#process = subprocess;
    return new Promise((resolve) => {
      void subprocess.then(() => resolve(undefined));
      void (async () => {
        for await (const line of subprocess) {
          const attachment = /^\s*TF_REATTACH_PROVIDERS='(.+)'$/.exec(line)?.[1];
          if (attachment !== undefined) resolve(attachment);
        }
      })().catch(() => resolve(undefined));
    });
  }
}

/** Whether a folder's whole configuration is synthesized JSON with one AWS provider. */
function hasOneProvider(folder: string): boolean {
  const files = readdirSync(folder).filter((name) => /\.tf(\.json)?$/.test(name) && name !== overrideFile);
  if (files.length !== 1 || files[0] !== "cdk.tf.json") return false;
  const { provider, module } = JSON.parse(readFileSync(path.join(folder, files[0]), "utf8")) as {
    provider?: Record<string, unknown[]>;
    module?: object;
  };
  return module === undefined && Object.keys(provider ?? {}).join() === "aws" && provider!.aws!.length === 1;
}

/** The executable of AWS's provider below `.terraform/providers`, in the folders of host, namespace, name, version, platform. */
function installedProvider(providers: string): string | undefined {
  let folders = [providers];
  for (const wanted of [/./, /^hashicorp$/, /^aws$/, /./, /./])
    folders = folders.flatMap((folder) =>
      inside(folder)
        .filter((name) => wanted.test(name))
        .map((name) => path.join(folder, name)),
    );
  return folders
    .flatMap((folder) => inside(folder).map((name) => path.join(folder, name)))
    .find((file) => path.basename(file).startsWith("terraform-provider-aws"));
}

const inside = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);
