import { advice } from "./advice";
import type { Edit, Step } from "./edit";
import type { MixProject } from "./mix-project";
import { adoptionSteps } from "./steps";

/** One file's text before and after; `before` is `undefined` for a new file. */
export interface Change {
  /** Relative to the project, with `/`. */
  readonly file: string;
  readonly before: string | undefined;
  readonly after: string;
}

/** A step with what it found. */
export interface Finding {
  readonly step: Pick<Step, "what" | "file">;
  readonly edit: Edit;
}

/** What adopting a project means. Nothing has been written yet. */
export interface AdoptionPlan {
  readonly findings: readonly Finding[];
  readonly changes: readonly Change[];
  readonly advice: readonly string[];
}

/** Reads the project; same project, same plan. */
export function planAdoption(project: MixProject): AdoptionPlan {
  const drafts = new Map<string, string>();
  const read = (file: string) => drafts.get(file) ?? project.tree.read(file)?.replaceAll("\r\n", "\n");

  const findings = adoptionSteps(project).map((step) => {
    const edit = step.edit(read(step.file));
    if (edit.kind === "edited") drafts.set(step.file, edit.text);
    return { step, edit };
  });
  const changes = [...drafts].map(([file, text]) => {
    const before = project.tree.read(file);
    return { file, before, after: before?.includes("\r\n") ? text.replaceAll("\n", "\r\n") : text };
  });
  return { findings, changes, advice: advice(project) };
}

/** Nothing is missing: adopting again would change nothing, and nothing is left to do by hand. */
export function isComplete({ findings }: AdoptionPlan): boolean {
  return findings.every(({ edit }) => edit.kind === "present");
}
