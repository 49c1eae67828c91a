import { type Action, meaningOf } from "./change-meanings";
import type { ActionInvocation, ResourceChange } from "./read/plan-format";

/** One resource that the plan changes, or one action that it invokes. */
export interface Change {
  readonly address: string;
  readonly action: Action;
  /** For a replacement, the attributes that force it; for an update, those that change. */
  readonly attributes: readonly string[];
  /** What else asks for a replacement, where no attribute forces it. */
  readonly because?: string;
  /** What it means for a cluster of Elixir nodes, where there is something to say. */
  readonly meaning?: string;
}

/** What a plan changes, counted as Terraform counts: a replacement is one to add and one to destroy. */
export interface Changes {
  readonly toImport: number;
  readonly toAdd: number;
  readonly toChange: number;
  readonly toDestroy: number;
  /** Actions of Terraform 1.14 and later. */
  readonly toInvoke: number;
  readonly resources: readonly Change[];
}

/** Reads what a plan changes, in the order of the plan. */
export function changesOf(all: readonly ResourceChange[], invocations: readonly ActionInvocation[]): Changes {
  const has = (action: string) => all.filter(({ change }) => change.actions.includes(action as never)).length;
  const resources = all.flatMap((change) => {
    const action = actionOf(change);
    if (!action) return [];
    const meaning = meaningOf(change, action);
    const because = action === "replace" ? reasons.get(change.action_reason ?? "") : undefined;
    return [
      {
        address: change.address,
        action,
        attributes: attributes(change, action),
        ...(because !== undefined && { because }),
        ...(meaning !== undefined && { meaning }),
      },
    ];
  });
  const invoked = invocations.map(invocation);
  return {
    toImport: all.filter(({ change }) => change.importing).length,
    toAdd: has("create"),
    toChange: has("update"),
    toDestroy: has("delete"),
    toInvoke: invoked.length,
    resources: [...resources, ...invoked],
  };
}

/** Source: https://developer.hashicorp.com/terraform/language/invoke-actions */
function invocation({ address, lifecycle_action_trigger: trigger }: ActionInvocation): Change {
  const when = trigger?.action_trigger_event?.replace("_", " ");
  const of = trigger?.triggering_resource_address;
  const occasion = of === undefined ? "by -invoke" : `${when ?? "with the change"} of ${of}`;
  return {
    address,
    action: "invoke",
    attributes: [],
    meaning: `apply runs this action, ${occasion}; what it does isn't in the plan and isn't reviewed`,
  };
}

/** Source: https://developer.hashicorp.com/terraform/internals/json-format#change-representation */
const reasons: ReadonlyMap<string, string> = new Map([
  ["replace_because_tainted", "it is tainted"],
  ["replace_by_request", "-replace asks for it"],
  ["replace_by_triggers", "its replace_triggered_by asks for it"],
]);

function actionOf({ change, address, previous_address }: ResourceChange): Action | undefined {
  const { actions, importing } = change;
  if (actions.includes("create") && actions.length > 1) return "replace";
  const [action] = actions;
  if (action === "create" || action === "update" || action === "delete" || action === "forget") return action;
  if (importing) return "import";
  return previous_address !== undefined && previous_address !== address ? "move" : undefined;
}

function attributes({ change }: ResourceChange, action: Action): readonly string[] {
  if (action === "replace") return [...new Set((change.replace_paths ?? []).map((path) => path.join(".")))];
  if (action !== "update") return [];
  const before = (change.before ?? {}) as Record<string, unknown>;
  const after = (change.after ?? {}) as Record<string, unknown>;
  const unknown = (change.after_unknown ?? {}) as Record<string, unknown>;
  const names = new Set([...Object.keys(before), ...Object.keys(after), ...Object.keys(unknown)]);
  return [...names]
    .filter((name) => hasUnknown(unknown[name]) || JSON.stringify(before[name]) !== JSON.stringify(after[name]))
    .sort();
}

function hasUnknown(value: unknown): boolean {
  if (value === true) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(hasUnknown);
}
