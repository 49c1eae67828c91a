import { AnnotationMetadataEntryType, type App } from "cdktf";
import { withdrawAll, withdrawFormer } from "../former-stacks";

/** The errors and warnings of an app, each with its construct's path in front. */
export interface Findings {
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Checks all stacks, reports all errors together, and writes the Terraform JSON only when there are none.
 * cdktf's own validation stops at the first stack, with a stack trace, and leaves the files of an earlier run in place,
 * for `terraform apply` to take for current.
 *
 * @param say where messages go, a line each. @returns names of the stacks that were written; `undefined` when none was
 */
export function synthesize(app: App, say: (line: string) => void): readonly string[] | undefined {
  const { errors, warnings } = findings(app);
  // The cdktf CLI shows the warnings from the manifest; without the CLI, they must be printed here.
  if (!process.env.CDKTF_CONTEXT_JSON || errors.length > 0) warnings.forEach((warning) => say(`warning: ${warning}`));
  if (errors.length > 0) {
    errors.forEach((error) => say(`error: ${error}`));
    withdrawAll(app.outdir);
    return undefined;
  }
  const stacks = app.node.children.map(({ node }) => node.id);
  withdrawFormer(app.outdir, stacks).forEach((warning) => say(`warning: ${warning}`));
  // All validations have run above.
  Object.assign(app, { skipValidation: true });
  app.synth();
  return stacks;
}

/** Errors and warnings of all constructs of an app. */
export function findings(app: App): Findings {
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
