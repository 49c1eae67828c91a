import { existsSync, lstatSync, readdirSync, renameSync, rmdirSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { advice } from "../advice";

/** The file that a stack is synthesized to. */
export const stackFile = (outdir: string, stack: string): string => path.join(outdir, "stacks", stack, "cdk.tf.json");

/** A name that Terraform doesn't load. */
const outdatedFile = (outdir: string, stack: string) => `${stackFile(outdir, stack)}.outdated`;

/**
 * Takes away what `terraform apply` would take for current after a synthesis that failed. The configuration of a folder in
 * which Terraform has run is renamed, so that it can come back; any other is removed.
 */
export function withdrawAll(outdir: string): void {
  rmSync(path.join(outdir, "manifest.json"), { force: true });
  for (const stack of foldersOf(outdir)) {
    if (!mayHoldResources(outdir, stack)) remove(outdir, stack);
    else if (existsSync(stackFile(outdir, stack))) renameSync(stackFile(outdir, stack), outdatedFile(outdir, stack));
  }
}

/**
 * Removes the configuration of stacks that the app no longer has. Where their state may hold resources it stays, since
 * Terraform needs it to destroy them.
 *
 * @param stacks names of the stacks that the app has.
 * @returns a message for each stack that stays.
 */
export function withdrawFormer(outdir: string, stacks: readonly string[]): string[] {
  for (const stack of stacks) rmSync(outdatedFile(outdir, stack), { force: true });
  return foldersOf(outdir)
    .filter((stack) => !stacks.includes(stack))
    .flatMap((stack) => {
      if (!mayHoldResources(outdir, stack)) {
        remove(outdir, stack);
        return [];
      }
      if (existsSync(outdatedFile(outdir, stack))) renameSync(outdatedFile(outdir, stack), stackFile(outdir, stack));
      if (!existsSync(stackFile(outdir, stack))) return [];
      const folder = path.join(outdir, "stacks", stack);
      return [
        `${stack} isn't in the environments file any more, and its state may still contain resources. Destroy them first: ` +
          `${advice.destroyFolder(folder)}. Then remove its folder: ${advice.removeFolder(folder)}`,
      ];
    });
}

/** Names of the stacks with a folder of their own: a link may lead anywhere, and what is there isn't ours. */
function foldersOf(outdir: string): string[] {
  const folder = path.join(outdir, "stacks");
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

/** Whether Terraform was initialized there, or there is a local state: `configureBackend` puts it next to cdktf.json. */
function mayHoldResources(outdir: string, stack: string): boolean {
  const folder = path.join(outdir, "stacks", stack);
  const localState = path.resolve(folder, "../../..", `terraform.${stack}.tfstate`);
  return (
    existsSync(path.join(folder, ".terraform")) || (statSync(localState, { throwIfNoEntry: false })?.size ?? 0) > 0
  );
}

/** Removes a stack's configuration, and its folder when nothing else is in it. */
function remove(outdir: string, stack: string): void {
  rmSync(stackFile(outdir, stack), { force: true });
  rmSync(outdatedFile(outdir, stack), { force: true });
  const folder = path.join(outdir, "stacks", stack);
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}
