import { existsSync } from "node:fs";
import path from "node:path";
import { execa, ExecaError } from "execa";
import { projectRoot } from "../project-root";

/** A release of the sample application, fit to stand for its image. */
export interface SampleRelease {
  /** The unpacked release: what a container has at `/app`. */
  readonly folder: string;
  /** Whether it holds the stand-in of libcluster rather than the real one. */
  readonly standIn: boolean;
}

/**
 * Builds the release of `elixir-app`, anew where its sources have changed; mix knows which. With `LIBCLUSTER_PATH` it
 * has that libcluster, else the one of hex.pm where its dependencies have been fetched, else the stand-in.
 *
 * @throws Error with what mix said.
 */
export async function sampleRelease(): Promise<SampleRelease> {
  const app = path.join(projectRoot, "elixir-app");
  const fetched = existsSync(path.join(app, "deps", "libcluster"));
  const standIn = !process.env.LIBCLUSTER_PATH && !fetched;
  const libcluster = process.env.LIBCLUSTER_PATH ?? (fetched ? "" : path.join(app, "offline", "libcluster"));
  const folder = path.join(projectRoot, ".cache", "release", standIn ? "stand-in" : "libcluster");
  try {
    await execa("mix", ["release", "--overwrite", "--quiet", "--path", folder], {
      cwd: app,
      env: { MIX_ENV: "prod", LIBCLUSTER_PATH: libcluster },
      stdin: "ignore",
    });
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error;
    throw new Error(
      `The sample release can't be built: mix release said\n${String(error.stderr || error.stdout || error.shortMessage)}`,
    );
  }
  return { folder, standIn };
}
