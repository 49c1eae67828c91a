import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { execa, ExecaError } from "execa";
import { leash, leashed, withoutLeash } from "../../processes/leash";
import { makeScratchFolder } from "../../processes/scratch-folder";
import { projectRoot } from "../../project-root";

/** A release of the sample application, fit to stand for its image. */
export interface SampleRelease {
  /** The unpacked release: what a container has at `/app`. */
  readonly folder: string;
  /** Whether it holds the stand-in of libcluster rather than the real one. */
  readonly standIn: boolean;
}

const app = path.join(projectRoot, "elixir-app");

/**
 * Builds the release of `elixir-app`, once for each state of its sources: what is built is never written again, so a lab
 * that runs keeps its release whatever else is started beside it. With `LIBCLUSTER_PATH` it has that libcluster, else the
 * one of hex.pm where its dependencies have been fetched, else the stand-in.
 *
 * @throws Error with what mix said.
 */
export async function sampleRelease(): Promise<SampleRelease> {
  const fetched = existsSync(path.join(app, "deps", "libcluster"));
  const standIn = !process.env.LIBCLUSTER_PATH && !fetched;
  const libcluster = process.env.LIBCLUSTER_PATH ?? (fetched ? "" : path.join(app, "offline", "libcluster"));
  const sources = ["lib", "config", "rel", "mix.exs", "mix.lock", "offline"].map((name) => path.join(app, name));
  if (libcluster) sources.push(path.join(libcluster, "lib"), path.join(libcluster, "mix.exs"));
  const folder = path.join(projectRoot, ".cache", "release", digestOf(sources, libcluster));
  if (!existsSync(folder)) await build(folder, libcluster);
  return { folder, standIn };
}

/** Builds aside and moves into place: of two that build at once, the second one's is thrown away. */
async function build(folder: string, libcluster: string): Promise<void> {
  const draft = makeScratchFolder(path.join(path.dirname(folder), "draft"));
  try {
    await execa(...leashed("mix", ["release", "--overwrite", "--quiet", "--path", path.join(draft, "release")]), {
      ...leash,
      cwd: app,
      env: { MIX_ENV: "prod", MIX_BUILD_PATH: path.join(draft, "build"), LIBCLUSTER_PATH: libcluster },
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
