import { existsSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import path from "node:path";
import { AnnotationMetadataEntryType, type App } from "cdktf";

/** What was found wrong or doubtful in an app, each with its construct's path in front. */
interface Findings {
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Checks all stacks, says everything that is wrong with any of them, and writes the Terraform JSON only when nothing is.
 * cdktf's own validation stops at the first stack, with a stack trace, and leaves the files of an earlier run in place,
 * for `terraform apply` to take for current.
 *
 * @param say where messages go, a line each. @returns names of the stacks that were written; `undefined` when none was
 */
export function synthesize(app: App, say: (line: string) => void): readonly string[] | undefined {
  const { errors, warnings } = findings(app);
  // Under the cdktf CLI the warnings travel in the manifest, and the CLI shows them; without one, nobody would.
  if (!process.env.CDKTF_CONTEXT_JSON || errors.length > 0) warnings.forEach((warning) => say(`warning: ${warning}`));
  if (errors.length > 0) {
    errors.forEach((error) => say(`error: ${error}`));
    removeStale(app.outdir, []);
    return undefined;
  }
  const stacks = app.node.children.map(({ node }) => node.id);
  removeStale(app.outdir, stacks);
  app.synth();
  return stacks;
}

/** The file that a stack is synthesized to. */
export const stackFile = (outdir: string, stack: string): string => path.join(outdir, "stacks", stack, "cdk.tf.json");

function findings(app: App): Findings {
  const constructs = app.node.findAll();
  const annotations = (level: AnnotationMetadataEntryType) =>
    constructs.flatMap(({ node }) =>
      node.metadata.filter(({ type }) => type === (level as string)).map(({ data }) => `${node.path}: ${String(data)}`),
    );
  return {
    errors: [
      ...constructs.flatMap(({ node }) => node.validate().map((message) => `${node.path}: ${message}`)),
      ...annotations(AnnotationMetadataEntryType.ERROR),
    ],
    warnings: annotations(AnnotationMetadataEntryType.WARN),
  };
}

/**
 * Removes synthesized files that don't belong to `stacks`; Terraform's own files beside them stay.
 */
export function removeStale(outdir: string, stacks: readonly string[]): void {
  const folder = path.join(outdir, "stacks");
  if (stacks.length === 0) rmSync(path.join(outdir, "manifest.json"), { force: true });
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder).filter((stack) => !stacks.includes(stack))) {
    rmSync(stackFile(outdir, name), { force: true });
    if (readdirSync(path.join(folder, name)).length === 0) rmdirSync(path.join(folder, name));
  }
}
