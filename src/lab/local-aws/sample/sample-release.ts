import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { execa, ExecaError } from "execa";
import { leash, leashed, withoutLeash } from "../../../processes/leash";
import { makeScratchFolder } from "../../../processes/scratch-folder";
import { timed } from "../../timings";
import { projectRoot } from "../../../project-root";
import {
  copySampleProject,
  describeStandIns,
  hasFetchedDependencies,
  sampleApp,
  sampleDependencies,
  type SampleDependencies,
} from "./sample-project";

/** A release of the sample application, which the lab runs in place of its image. */
export interface SampleRelease {
  /** The unpacked release: what a container has at `/app`. */
  readonly folder: string;
  /** Names of the dependencies that are stand-ins, not the real ones; empty when none is. */
  readonly standIns: string;
}

/**
 * Builds the release of `elixir-app` once for each state of its sources. A built release never changes, so a lab that runs
 * keeps its release whatever else starts on this machine. Its dependencies are those that `mix deps.get` has fetched from
 * hex.pm; else the ones of `LIBCLUSTER_PATH` and `DNS_CLUSTER_PATH`, or the stand-ins.
 *
 * @throws Error with the output of mix.
 */
export async function sampleRelease(): Promise<SampleRelease> {
  const fetched = hasFetchedDependencies((name) => existsSync(path.join(sampleApp, "deps", name)));
  const dependencies = fetched ? undefined : sampleDependencies();
  const folders = Object.values(dependencies ?? {});
  const sources = ["lib", "config", "rel", "mix.exs", "mix.lock"].map((name) => path.join(sampleApp, name));
  sources.push(...folders.flatMap((each) => [path.join(each, "lib"), path.join(each, "mix.exs")]));
  const folder = path.join(projectRoot, ".cache", "release", digestOf(sources, ...folders));
  if (!existsSync(folder)) await timed("mix release of the sample", () => build(folder, dependencies));
  return { folder, standIns: dependencies ? describeStandIns(dependencies) : "" };
}

/** Builds in another folder and moves the release into place: of two that build at once, the second one's is discarded. */
async function build(folder: string, dependencies: SampleDependencies | undefined): Promise<void> {
  const draft = makeScratchFolder(path.join(path.dirname(folder), "draft"));
  const copy = path.join(draft, "project");
  try {
    if (dependencies) copySampleProject(copy, dependencies);
    await execa(...leashed("mix", ["release", "--overwrite", "--quiet", "--path", path.join(draft, "release")]), {
      ...leash,
      cwd: dependencies ? copy : sampleApp,
      env: { MIX_ENV: "prod", MIX_BUILD_PATH: path.join(draft, "build") },
    });
    if (!existsSync(folder)) renameSync(path.join(draft, "release"), folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOTEMPTY") return;
    if (!(error instanceof ExecaError)) throw error;
    throw new Error(
      `The sample release can't be built: mix release said\n${String(error.stderr || error.stdout || withoutLeash(error.shortMessage))}`,
    );
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Of the files' names and contents, in a fixed order. */
function digestOf(sources: readonly string[], ...more: readonly string[]): string {
  const hash = createHash("sha256").update(more.join("\n"));
  const add = (file: string): void => {
    const status = statSync(file, { throwIfNoEntry: false });
    if (status?.isDirectory()) for (const name of readdirSync(file).sort()) add(path.join(file, name));
    else if (status) hash.update(`\n${file}\n`).update(readFileSync(file));
  };
  for (const source of sources) add(source);
  return hash.digest("hex").slice(0, 16);
}
