import { Modules } from "./modules";
import {
  type Action,
  type Expression,
  parsePlan,
  type PlanJson,
  type ResourceChange,
  type StateResource,
} from "./plan-format";
import { stateResources } from "./prior-state";
import { References, type Instance, type Scope } from "./references";
import type { Resource, Resources } from "./resources";
import { byDynamicBlock, isUnknown, Unknown, type Value, type Values } from "./value";
import { UserError } from "../../user-error";
import { isObject } from "./traversal";

/** A plan's resources as they will be after apply. */
interface PlannedResources {
  readonly all: readonly Resource[];
  readonly destroyed: Resources["destroyed"];
  /** How many indexes were read off `each.key` and the like. */
  readonly indexed: number;
}

/** Reads a plan from parsed JSON. Throws `UserError` for a plan of a format that this review doesn't know. */
export function readPlan(json: object): PlanJson {
  const { format_version, errored } = json as Record<string, unknown>;
  const major = String(format_version).split(".")[0];
  if (major !== "1" && major !== "0")
    throw new UserError(
      `This plan has ${format_version === undefined ? "no format version" : `format version ${JSON.stringify(format_version)}`}. ` +
        "The review reads 0.1 to 1.x, as terraform show -json of Terraform 0.12 to 1.x and of OpenTofu prints it.",
    );
  if (errored)
    throw new UserError(
      "Terraform marked this plan as errored: it is not complete. Fix what terraform plan reports first.",
    );
  const parsed = parsePlan(json);
  if ("plan" in parsed) return parsed.plan;
  const { path, expected } = parsed.wrong;
  throw new UserError(
    `This plan's ${path} isn't what Terraform writes there: ${expected}. The file is damaged, or something else wrote it.`,
  );
}

/** Reads all resources of a plan that are there after apply; what is destroyed is left out. */
export function plannedResources(plan: PlanJson): PlannedResources {
  const changes = (plan.resource_changes ?? []).filter(({ deposed }) => deposed === undefined);
  const data = stateResources(plan);
  const changed = new Set(changes.map(({ address }) => address));
  const read = data.filter(({ resource }) => resource.mode === "data" && !changed.has(resource.address));
  const modules = new Modules(plan.configuration?.root_module);
  const references = new References(modules, instances(changes, read), plan.variables ?? {});

  const planned = changes.flatMap((change) => plannedResource(change, modules, references) ?? []);
  const already = read.map(({ resource }): Resource => ({
    address: resource.address,
    type: resource.type,
    mode: "data",
    values: (resource.values ?? {}) as Values,
    actions: ["no-op"],
    sensitive: resource.sensitive_values,
  }));
  const destroyed = changes
    .filter(({ change }) => isDestroyed(change.actions) && isObject(change.before))
    .map(({ address, type, change }) => ({ address, type, before: change.before as Values }));
  return { all: [...planned, ...already], destroyed, indexed: references.indexed };
}

function isDestroyed(actions: readonly Action[]): boolean {
  return actions.length === 1 && actions[0] === "delete";
}

/** By a removed block with destroy = false. With destroy = false of a lifecycle, a new one is created: `["forget", "create"]`. */
function isForgotten(actions: readonly Action[]): boolean {
  return actions.length === 1 && actions[0] === "forget";
}

function plannedResource(change: ResourceChange, modules: Modules, references: References): Resource | undefined {
  const { actions, before, after, after_unknown, after_sensitive } = change.change;
  if (isDestroyed(actions)) return undefined;
  // It stays in AWS as it is, so a rule goes on opening a port.
  if (isForgotten(actions))
    return isObject(before)
      ? { address: change.address, type: change.type, mode: change.mode, values: before as Values, actions }
      : undefined;
  const module = modules.at(change.module_address ?? "");
  const configured = modules.resource(module, change.mode, change.type, change.name);
  const scope: Scope = {
    module,
    ...(change.index !== undefined && { key: change.index }),
    ...(configured?.for_each_expression && { forEach: configured.for_each_expression }),
  };
  const merge = new Merge(references, scope);
  return {
    address: change.address,
    type: change.type,
    mode: change.mode,
    values: merge.object(after, after_unknown, configured?.expressions) as Values,
    ...(typeof before === "object" && before !== null && { before: before as Values }),
    actions,
    ...(configured?.expressions && { configured: configured.expressions }),
    nearby: () => references.nearby(scope),
    sensitive: after_sensitive,
  };
}

function instances(changes: readonly ResourceChange[], read: readonly { resource: StateResource; module: string }[]) {
  const found = new Map<string, Instance[]>();
  const add = (base: string, instance: Instance) => {
    const same = found.get(base);
    if (same) same.push(instance);
    else found.set(base, [instance]);
  };
  const base = (module: string, { mode, type, name }: Pick<ResourceChange, "mode" | "type" | "name">) =>
    `${module && `${module}.`}${mode === "data" ? "data." : ""}${type}.${name}`;
  for (const change of changes) {
    if (isDestroyed(change.change.actions)) continue;
    const key = change.index !== undefined && { key: change.index };
    add(base(change.module_address ?? "", change), { address: change.address, ...key, known: change.change.after });
  }
  for (const { resource, module } of read) {
    const key = resource.index !== undefined && { key: resource.index };
    add(base(module, resource), { address: resource.address, ...key, known: resource.values });
  }
  return found;
}

const isExpression = (value: unknown): value is Expression =>
  isObject(value) && (isListOfText(value.references) || "constant_value" in value);
// A block may have an argument that is called "references".
const isListOfText = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((entry) => typeof entry === "string");

/** The lists in an inline rule that name its peers. */
const peerLists = new Set(["security_groups", "cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids"]);
const byOtherBlock = new Unknown("a dynamic block may make it, and plans don't record dynamic blocks");

/** How many values in some blocks aren't known. */
function unknownLeaves(unknown: unknown): number {
  if (typeof unknown !== "object" || unknown === null) return unknown === true ? 1 : 0;
  return Object.values(unknown).reduce<number>((sum, inner) => sum + unknownLeaves(inner), 0);
}

/** How often an expression refers to something; a plan lists `aws_x.y.id` as that and as `aws_x.y`. */
function uses({ references = [] }: Expression): number {
  return references.filter((reference, at) => !references[at - 1]?.startsWith(`${reference}.`)).length;
}

/** Puts what an expression refers to in the place of each value that is known after apply only. */
class Merge {
  /** Whole lists of blocks in which more isn't known than their expression accounts for. */
  private readonly mixed = new WeakSet<object>();

  constructor(
    private readonly references: References,
    private readonly scope: Scope,
  ) {}

  /** @param block whether it is a block inside a resource, rather than the resource itself */
  object(after: unknown, unknown: unknown, expressions: unknown, block = false): Value {
    if (!isObject(unknown) || Object.keys(unknown).length === 0) return (after ?? {}) as Value;
    const known = isObject(after) ? after : {};
    const merged: Record<string, Value> = { ...(known as Record<string, Value>) };
    for (const [name, what] of Object.entries(unknown)) {
      const expression = isExpression(expressions)
        ? expressions
        : isObject(expressions)
          ? expressions[name]
          : undefined;
      if (!block && isExpression(expression) && unknownLeaves(what) > uses(expression)) this.mixed.add(expression);
      const unrecorded = block && expressions === undefined && what === true;
      const value = unrecorded ? byDynamicBlock : this.any(known[name], what, expression, isExpression(expressions));
      const more = block && what === true && peerLists.has(name) && this.mixed.has(expressions as object);
      merged[name] = more ? [value, byOtherBlock] : value;
    }
    return merged;
  }

  private any(after: unknown, unknown: unknown, expression: unknown, loose: boolean): Value {
    if (unknown === true)
      return this.references.value(isExpression(expression) ? expression : undefined, this.scope, loose);
    if (Array.isArray(unknown)) return this.list(after, unknown, expression, loose);
    if (isObject(unknown)) {
      const whole = isExpression(expression);
      return this.object(after, unknown, whole || !Array.isArray(expression) ? expression : expression[0], true);
    }
    return (after ?? null) as Value;
  }

  private list(after: unknown, unknown: readonly unknown[], expression: unknown, loose: boolean): Value {
    const known = Array.isArray(after) ? (after as unknown[]) : [];
    const length = Math.max(known.length, unknown.length);
    const blocks = Array.isArray(expression) ? this.match(known, expression) : undefined;
    return Array.from({ length }, (_, at) => {
      if (blocks && unknown[at] !== true) return this.object(known[at], unknown[at], blocks[at], true);
      const whole = loose || isObject(known[at]) || isObject(unknown[at]);
      return isObject(known[at]) || isObject(unknown[at])
        ? this.object(known[at], unknown[at], expression, true)
        : this.any(known[at], unknown[at], expression, whole);
    });
  }

  /**
   * Which block of the configuration each planned block comes from. A plan sorts blocks that are a set, so they are matched
   * by what is constant in them; those that look alike may change places, since then they are alike.
   */
  private match(planned: readonly unknown[], configured: readonly unknown[]): readonly unknown[] {
    if (planned.length <= 1 && configured.length <= 1) return configured;
    const left = new Set(configured);
    const matched: unknown[] = planned.map(() => undefined);
    const open = new Map(planned.map((block, at) => [at, configured.filter((candidate) => fits(block, candidate))]));
    while (open.size > 0) {
      const [at, all] = [...open].reduce((least, next) => (next[1].length < least[1].length ? next : least));
      open.delete(at);
      const candidates = all.filter((candidate) => left.has(candidate));
      if (candidates.length === 0 || candidates.some((other) => !alike(planned[at], candidates[0], other))) continue;
      matched[at] = candidates[0];
      left.delete(candidates[0]);
      for (const [other, theirs] of open)
        open.set(
          other,
          theirs.filter((candidate) => left.has(candidate)),
        );
    }
    return matched;
  }
}

/** Whether two blocks of the configuration set the plain attributes of a planned one by the same expressions. */
function alike(planned: unknown, one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (!isObject(planned) || !isObject(one) || !isObject(other)) return false;
  return Object.entries(planned).every(
    ([name, value]) => typeof value === "object" || JSON.stringify(one[name]) === JSON.stringify(other[name]),
  );
}

/** Whether a planned block can come from a block of the configuration, by the constants in it. */
function fits(planned: unknown, configured: unknown): boolean {
  if (!isObject(planned) || !isObject(configured)) return false;
  return Object.entries(planned).every(([name, value]) => {
    if (isUnknown(value) || typeof value === "object") return true;
    const expression = configured[name];
    if (isExpression(expression))
      return expression.references !== undefined || String(expression.constant_value) === String(value);
    return value === null || value === "" || value === false || value === 0;
  });
}
