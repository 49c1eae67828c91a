import path from "node:path";
import { execa } from "execa";
import { leash, leashed } from "../../../processes/leash";
import { projectRoot } from "../../../project-root";

/**
 * Synthesizes an environments file as its user would: the same `main.ts`, as a process of its own.
 *
 * @param environmentsFile the file. @param outdir folder that gets `stacks/<environment>/cdk.tf.json`.
 * @returns the warnings that it printed. @throws Error with what is wrong with the file.
 */
export async function synthesizeInto(outdir: string, environmentsFile: string): Promise<string> {
  const { failed, stderr } = await execa(...leashed(process.execPath, [path.join("bin", "run.mjs"), "main.ts"]), {
    ...leash,
    cwd: projectRoot,
    env: { ENVIRONMENTS_FILE: path.resolve(environmentsFile), CDKTF_OUTDIR: outdir },
    reject: false,
  });
  if (failed) throw new Error(stderr);
  return stderr;
}
