import type { Edit } from "./edits";
import { planText } from "./fixtures";

interface PlannedChange {
  address: string;
  mode: string;
  type: string;
  name: string;
  change: {
    actions: string[];
    before?: Record<string, unknown>;
    after?: Record<string, unknown>;
    after_unknown?: Record<string, unknown>;
  };
}
interface Planned {
  resource_changes: PlannedChange[];
}

/** The plan of the fixture `changed`, which starts from an applied layout, after a change. */
export function changedPlan(edit: (plan: Planned, at: (address: string) => PlannedChange["change"]) => void): Planned {
  const plan = JSON.parse(planText("changed")) as Planned;
  edit(plan, (address) => plan.resource_changes.find((change) => change.address === address)!.change);
  return plan;
}

/** That plan in place of a layout. */
export const planned =
  (edit: Parameters<typeof changedPlan>[0]): Edit =>
  (layout) => {
    delete (layout as Partial<typeof layout>).resource;
    Object.assign(layout, changedPlan(edit));
  };

export const repository = (repository_url: string): PlannedChange => ({
  address: "aws_ecr_repository.shop",
  mode: "managed",
  type: "aws_ecr_repository",
  name: "shop",
  change: { actions: ["delete"], before: { repository_url } },
});
