import type { PlanJson, ResourceChange, StateModule, StateResource } from "./plan-format";

/** A resource of the state before apply, and the address of the module instance that it is in. */
export interface PriorResource {
  readonly resource: StateResource;
  readonly module: string;
}

/** All resources and data sources of the state before apply, without the deposed ones. */
export function stateResources(plan: PlanJson): readonly PriorResource[] {
  return resourcesOf(plan.prior_state?.values?.root_module).filter(
    ({ resource }) => resource.deposed_key === undefined,
  );
}

function resourcesOf(module: StateModule | undefined): PriorResource[] {
  if (!module) return [];
  const own = (module.resources ?? []).map((resource) => ({ resource, module: module.address ?? "" }));
  return [...own, ...(module.child_modules ?? []).flatMap(resourcesOf)];
}

/**
 * Resources of the state that the plan has no change for, as changes that do nothing. A whole plan names each resource, if
 * only as `no-op`. With `-target`, `-exclude` or `-refresh-only` it doesn't, and what it leaves out stays in AWS as it is: the
 * rules of a targeted service go on opening its ports.
 * Source: https://developer.hashicorp.com/terraform/cli/commands/plan#resource-targeting
 */
export function leftOutOfPlan(plan: PlanJson): readonly ResourceChange[] {
  const named = new Set((plan.resource_changes ?? []).flatMap((change) => [change.address, change.previous_address]));
  return stateResources(plan)
    .filter(({ resource }) => resource.mode === "managed" && !named.has(resource.address))
    .map(({ resource, module }) => unchanged(resource, module));
}

function unchanged(resource: StateResource, module: string): ResourceChange {
  const { address, mode, type, name, index, values, sensitive_values } = resource;
  return {
    address,
    mode,
    type,
    name,
    index,
    module_address: module === "" ? undefined : module,
    change: { actions: ["no-op"], before: values, after: values, after_sensitive: sensitive_values },
  };
}
