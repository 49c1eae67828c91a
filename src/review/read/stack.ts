import type { Input } from "./input";
import { plannedResources } from "./plan";
import type { ActionInvocation, PlanJson, ResourceChange } from "./plan-format";
import { leftOutOfPlan } from "./prior-state";
import { placeOfProvider, type Place } from "./provider";
import { Resources, type Resource } from "./resources";
import { completion, synthesizedResources, type SynthesizedJson } from "./synthesized";
import type { Values } from "./value";

/** What is reviewed: all that a plan and the configuration behind it tell, or a configuration alone. */
export interface Stack {
  readonly kind: "plan" | "synthesized";
  readonly terraformVersion?: string;
  /** As they will be after apply. */
  readonly resources: Resources;
  /** As they are before apply; absent where no state is known. */
  readonly before?: Resources;
  /** What happens to each managed resource; absent where no state is known. */
  readonly changes?: readonly ResourceChange[];
  /** Actions that apply runs next to its changes. */
  readonly invocations: readonly ActionInvocation[];
  /** Values of the root module's variables, as the plan records them. */
  readonly variables: ReadonlyMap<string, unknown>;
  /** Where the AWS provider creates resources, as far as its configuration says. */
  readonly place: Place;
  /** Arguments of the S3 backend; absent for another backend, and where the configuration isn't at hand. */
  readonly s3Backend?: Readonly<Record<string, unknown>>;
  /** How many indexes were read off `each.key` and the like. */
  readonly indexed: number;
  /** How many resources of the state the plan leaves out, as with `-target`: they stay as they are. */
  readonly leftOut: number;
}

/** Merges a plan with the configuration behind it, or reads the configuration where there is no plan. */
export function readStack({ plan, synthesized }: Pick<Input, "plan" | "synthesized">): Stack {
  const s3Backend = s3BackendOf(synthesized);
  const common = { place: placeOfProvider({ plan, synthesized }), ...(s3Backend && { s3Backend }) };
  if (plan) return { ...planned(plan, synthesized), ...common };
  const resources = new Resources(synthesizedResources(synthesized!));
  return { kind: "synthesized", resources, invocations: [], variables: new Map(), indexed: 0, leftOut: 0, ...common };
}

function planned(part: PlanJson, synthesized: SynthesizedJson | undefined): Omit<Stack, "place"> {
  const leftOut = leftOutOfPlan(part);
  const plan = { ...part, resource_changes: [...(part.resource_changes ?? []), ...leftOut] };
  const { all, destroyed, indexed } = plannedResources(plan);
  const resources = new Resources(synthesized ? all.map(completion(synthesized)) : all, destroyed);
  const changes = plan.resource_changes.filter(({ mode }) => mode === "managed");
  return {
    kind: "plan",
    ...(plan.terraform_version !== undefined && { terraformVersion: plan.terraform_version }),
    resources,
    before: new Resources([...changes.flatMap(unchanged), ...resources.all().filter(({ mode }) => mode === "data")]),
    changes,
    invocations: plan.action_invocations ?? [],
    variables: new Map(Object.entries(plan.variables ?? {}).map(([name, { value }]) => [name, value])),
    indexed,
    leftOut: leftOut.length,
  };
}

/** A resource as the state has it. */
function unchanged({ address, type, mode, deposed, change: { before } }: ResourceChange): Resource[] {
  if (deposed !== undefined || !before) return [];
  return [{ address, type, mode, values: before as Values, actions: ["no-op"] }];
}

function s3BackendOf(synthesized: SynthesizedJson | undefined): Stack["s3Backend"] {
  const { backend } = (synthesized?.terraform ?? {}) as { backend?: Readonly<Record<string, unknown>> };
  const s3 = backend?.s3;
  return typeof s3 === "object" && s3 !== null ? (s3 as Stack["s3Backend"]) : undefined;
}
