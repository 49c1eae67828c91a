import type { Expression } from "./plan-format";
import type { ModuleInstance, Modules } from "./modules";
import { attributePath, dig, indexOf, traversal, type Key, type Step } from "./traversal";
import type { Nearby } from "./resources";
import { Reference, setByAws, Unknown, type Value } from "./value";

/** One instance of a resource, before its values are resolved. */
export interface Instance {
  readonly address: string;
  readonly key?: Key;
  /** What is known of its values, as plain JSON. */
  readonly known: unknown;
}

/** Where an expression is: in which module instance, in the block of which resource instance. */
export interface Scope {
  readonly module: ModuleInstance;
  /** `each.key` or `count.index`. */
  readonly key?: Key;
  readonly forEach?: Expression;
}

/** What an expression refers to. */
interface Found {
  readonly parts: (Reference | string)[];
  /** Why some of it can't be followed. */
  opaque?: string;
}

/** One expression that is followed, or one of those behind it: a variable's, an output's. */
interface Search {
  readonly scope: Scope;
  /** The attribute that is wanted of what the expression gives. */
  readonly rest: readonly Step[];
  /** For a whole block (a `dynamic` one): what it names without an index may be any instance. */
  readonly loose: boolean;
  /** What is found goes in here. */
  readonly found: Found;
}

/** One reference of an expression. */
interface Named {
  readonly steps: readonly Step[];
  /** Keys that the expression may use as an index. */
  readonly keys: readonly Key[];
  /** Whether another reference of the expression begins with this one. */
  readonly covered: boolean;
}

/**
 * Finds what an unknown value will come from. A plan keeps no expressions, only what each refers to, without an index
 * that isn't a constant (`aws_x.y[each.key].id` becomes `aws_x.y` and `each.key`).
 */
export class References {
  /** How often an index was read off `each` or `count`, for the report's assumptions. */
  indexed = 0;
  private readonly nearbyByModule = new Map<ModuleInstance, Nearby>();

  constructor(
    private readonly modules: Modules,
    /** Instances by address without key: `module.a["x"].aws_security_group.y`. */
    private readonly instances: ReadonlyMap<string, readonly Instance[]>,
    private readonly variables: Readonly<Record<string, { readonly value?: unknown }>>,
  ) {}

  /** What the unknown value of an expression will be made of. `loose` as in {@link Search}. */
  value(expression: Expression | undefined, scope: Scope, loose = false): Value {
    if (!expression?.references?.length) return setByAws;
    const found = this.collect(expression.references, { scope, rest: [], loose, found: { parts: [] } });
    const parts = unique(found.parts);
    if (found.opaque !== undefined) return new Unknown(found.opaque, parts.length > 0 ? parts : undefined);
    if (parts.length === 1 && parts[0] instanceof Reference) return parts[0];
    if (parts.length === 0) return new Unknown("computed at apply");
    return new Unknown(`one or all of ${parts.map(describe).join(", ")}`, parts, !loose);
  }

  /** Everything that a value of a resource in this scope can be made of. */
  nearby({ module }: Scope): Nearby {
    const known = this.nearbyByModule.get(module);
    if (known) return known;
    const prefix = module.address && `${module.address}.`;
    const own = [...this.instances]
      .filter(([base]) => base.startsWith(prefix) && !base.slice(prefix.length).startsWith("module."))
      .flatMap(([, instances]) => instances.map(({ address }) => new Reference(address, "")));
    const given = Object.keys(module.call?.expressions ?? {}).map((argument) => {
      const { parts } = this.variable(argument, { scope: { module }, rest: [], loose: false, found: { parts: [] } });
      return { argument, parts: unique(parts) };
    });
    const nearby = { own, given };
    this.nearbyByModule.set(module, nearby);
    return nearby;
  }

  private collect(references: readonly string[], search: Search): Found {
    const steps = references.map(traversal);
    const keys = this.indexKeys(steps, search.scope);
    const covers = (at: number) => references.some((other, index) => index < at && isPrefix(references[at]!, other));
    // A resource without an attribute was indexed, maybe by each.value; otherwise each.value is a value itself.
    if (!steps.some((reference, at) => isBare(reference) && !covers(at))) this.eachValues(steps, search);
    steps.forEach((reference, at) => {
      const covered = covers(at);
      // An expression names what it indexes once more without the index; next to each.key that may be a second index.
      if (!covered || search.loose || (keys.length > 0 && reference.length <= 2))
        this.follow({ steps: reference, keys, covered }, search);
    });
    return search.found;
  }

  /** Where `each.value` is a value itself: what `for_each` refers to, of which a plan doesn't record what is whose. */
  private eachValues(references: readonly (readonly Step[])[], { scope, loose, found }: Search): void {
    const { forEach, module } = scope;
    if (!references.some(([first, second]) => first === "each" && second === "value") || !forEach?.references) return;
    const around = this.collect(forEach.references, { scope: { module }, rest: [], loose, found: { parts: [] } });
    const resources = around.parts.filter((part) => part instanceof Reference);
    if (resources.length === 0) return;
    found.parts.push(...resources);
    found.opaque ??= "it goes through each.value, and a plan doesn't record which part of for_each that is";
  }

  private follow(named: Named, search: Search): void {
    const [first, second, ...behind] = named.steps;
    if (first === "each" || first === "count" || first === "path" || first === "terraform" || first === "self") return;
    if (first === "var") this.variable(String(second), { ...search, rest: [...behind, ...search.rest] });
    else if (first === "module") {
      if (!named.covered) this.output(named, search);
    } else if (first === "local")
      search.found.opaque ??= `it goes through local.${String(second)}, and a plan doesn't record locals`;
    else this.resource(named, search);
  }

  private resource({ steps, keys, covered }: Named, { scope, rest, loose, found }: Search): void {
    const head = steps[0] === "data" ? 3 : 2;
    const base = `${scope.module.address && `${scope.module.address}.`}${steps.slice(0, head).join(".")}`;
    const instances = this.instances.get(base) ?? [];
    const index = indexOf(steps[head]);
    const path = [...steps.slice(index === undefined ? head : head + 1), ...rest];
    if (covered && (index !== undefined || instances.length <= 1)) return;
    const chosen = this.choose(instances, index, keys);
    if (covered && !loose && !chosen.inferred) return;
    if (chosen.inferred) this.indexed += 1;
    for (const instance of chosen.of) this.add(instance, path, found);
    if (chosen.any || (loose && covered)) found.opaque ??= `it may be any of ${base}, and a plan doesn't record which`;
  }

  private choose(instances: readonly Instance[], index: Key | undefined, keys: readonly Key[]) {
    if (index !== undefined) return { of: instances.filter(({ key }) => key === index) };
    const keyed = instances.filter(({ key }) => key !== undefined);
    if (keyed.length === 0) return { of: instances };
    const named = keyed.filter(({ key }) => keys.includes(key!));
    if (named.length === 1) return { of: named, inferred: true };
    return { of: instances, any: keys.length > 0 };
  }

  /** Adds what a path of an instance gives: text where that is known already, else a reference. */
  private add(instance: Instance, path: readonly Step[], found: Found): void {
    const known = path.length > 0 ? dig(instance.known, path) : undefined;
    if (known === undefined) found.parts.push(new Reference(instance.address, attributePath(path)));
    else addText(known, found);
  }

  private variable(name: string, search: Search): Found {
    const { scope, rest, found } = search;
    const { parent, call, key } = scope.module;
    if (!parent) return addText(dig(this.variables[name]?.value, rest), found);
    const expression = call?.expressions?.[name];
    if (!expression) return found;
    if (expression.references === undefined) return addText(dig(expression.constant_value, rest), found);
    return this.collect(expression.references, { ...search, scope: moduleScope(parent, call, key) });
  }

  private output({ steps, keys }: Named, search: Search): void {
    const { scope, rest, found } = search;
    const name = String(steps[1]);
    const index = indexOf(steps[2]) ?? this.moduleKey(scope.module, name, keys);
    const child = this.modules.child(scope.module, name, index);
    const path = [...steps.slice(indexOf(steps[2]) === undefined ? 2 : 3), ...rest];
    const outputs = child.configured?.outputs ?? {};
    const [output, ...below] = path;
    // Behind an index that isn't a constant the output's name is lost too: it may be any of them.
    const named = typeof output === "string" ? [output] : Object.keys(outputs);
    if (named.length > 1) found.opaque ??= `it may be any output of ${child.address}, and a plan doesn't record which`;
    for (const each of named) {
      const references = outputs[each]?.expression?.references;
      if (references) this.collect(references, { ...search, scope: { module: child }, rest: below });
    }
  }

  private moduleKey(parent: ModuleInstance, name: string, keys: readonly Key[]): Key | undefined {
    const call = parent.configured?.module_calls?.[name];
    if (!call?.for_each_expression && !call?.count_expression) return undefined;
    this.indexed += 1;
    return keys[0];
  }

  /** Keys that an expression may use as an index: `each.key`, `count.index`, and known text of `each.value` and variables. */
  private indexKeys(references: readonly (readonly Step[])[], scope: Scope): Key[] {
    const keys = new Set<Key>();
    for (const [first, second, ...rest] of references) {
      if ((first === "each" && second === "key") || (first === "count" && second === "index")) {
        if (scope.key !== undefined) keys.add(scope.key);
      } else if (first === "each" && second === "value") {
        const value = dig(this.eachValue(scope), rest);
        if (typeof value === "string") keys.add(value);
      } else if (first === "var") {
        const { parts } = this.variable(String(second), { scope, rest, loose: false, found: { parts: [] } });
        if (parts.length === 1 && typeof parts[0] === "string") keys.add(parts[0]);
      }
    }
    return [...keys];
  }

  /** `each.value`, where `for_each` is one variable whose value holds this key. */
  private eachValue({ forEach, module, key }: Scope): unknown {
    if (forEach === undefined || key === undefined) return undefined;
    const [reference, ...others] = new Set(forEach.references ?? []);
    const from =
      reference === undefined
        ? forEach.constant_value
        : others.length === 0
          ? this.known(traversal(reference), module)
          : undefined;
    if (Array.isArray(from)) return from.includes(key) ? key : undefined;
    return typeof from === "object" && from !== null ? (from as Record<string, unknown>)[String(key)] : undefined;
  }

  private known([first, name, ...rest]: readonly Step[], module: ModuleInstance): unknown {
    if (first !== "var") return undefined;
    if (!module.parent) return dig(this.variables[String(name)]?.value, rest);
    const expression = module.call?.expressions?.[String(name)];
    if (!expression?.references) return dig(expression?.constant_value, rest);
    return expression.references.length === 1
      ? this.known([...traversal(expression.references[0]!), ...rest], module.parent)
      : undefined;
  }
}

function moduleScope(
  module: ModuleInstance,
  call: { for_each_expression?: Expression } | undefined,
  key: Key | undefined,
): Scope {
  return {
    module,
    ...(key !== undefined && { key }),
    ...(call?.for_each_expression && { forEach: call.for_each_expression }),
  };
}

function addText(value: unknown, found: Found): Found {
  if (typeof value === "string" && value !== "") found.parts.push(value);
  else if (Array.isArray(value)) for (const entry of value) addText(entry, found);
  return found;
}

/** `aws_x.y`, `data.aws_x.y`, `module.y` */
function isBare([first, ...rest]: readonly Step[]): boolean {
  if (["var", "local", "each", "count", "path", "terraform", "self"].includes(String(first))) return false;
  return rest.length === (first === "data" ? 2 : 1);
}

function isPrefix(reference: string, of: string): boolean {
  return of.startsWith(reference) && (of[reference.length] === "." || of[reference.length] === "[" || of === reference);
}

function unique(parts: readonly (Reference | string)[]): (Reference | string)[] {
  return [...new Map(parts.map((part) => [describe(part), part])).values()];
}

/** How a part is called in a sentence. */
function describe(part: Reference | string): string {
  return typeof part === "string" ? JSON.stringify(part) : `${part.address}${part.attribute && `.${part.attribute}`}`;
}
