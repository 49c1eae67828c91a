import { advice, settledByInit } from "./steps/advice";
import { byHand, type Edit, type Step } from "./steps/edit";
import type { MixProject } from "./source/mix-project";
import { decode, encodeEdited } from "./source/source-bytes";
import { adoptionSteps } from "./steps/steps";
import { type Change, unifiedDiff } from "./unified-diff";
import { UserError } from "../user-error";

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
  /** The part of `advice` that the environments file settles, where `init` writes it. */
  readonly settledByInit: readonly string[];
}

/** Reads the project; same project, same plan. */
export function planAdoption(project: MixProject): AdoptionPlan {
  const { tree } = project;
  const drafts = new Map<string, Change>();
  const findings = adoptionSteps(project).map((step) => {
    const { before, after } = drafts.get(step.file) ?? { before: tree.bytes(step.file), after: tree.bytes(step.file) };
    const edit = step.edit(after && decode(after));
    if (edit.kind !== "edited") return { step, edit };

    const edited = after ? encodeEdited(after, edit.text) : Buffer.from(edit.text);
    try {
      tree.target(step.file);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const change = unifiedDiff([{ file: step.file, before: after, after: edited }]).toString();
      const todo = "Make this change there, or put a file of the project in its place";
      return { step, edit: byHand(error.message, todo, change) };
    }
    drafts.set(step.file, { file: step.file, before, after: edited });
    return { step, edit };
  });
  return { findings, changes: [...drafts.values()], advice: advice(project), settledByInit: settledByInit(project) };
}

/** Nothing is missing: adopting again would change nothing, and nothing is left to do by hand. */
export function isComplete({ findings }: AdoptionPlan): boolean {
  return findings.every(({ edit }) => edit.kind === "present");
}
