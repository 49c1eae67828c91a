import type { Action } from "./plan-format";
import { isReference, type Reference, type Value, type Values } from "./value";

/** One instance of a resource or data source, as it will be after apply. */
export interface Resource {
  /** Terraform's address: `module.a["x"].aws_ecs_service.this[0]`. */
  readonly address: string;
  readonly type: string;
  readonly mode: "managed" | "data";
  /** Attributes after apply; unknown ones are `Reference` or `Unknown`. */
  readonly values: Values;
  /** Attributes before apply, as in the state; absent for a new one and in synthesized JSON. */
  readonly before?: Values;
  readonly actions: readonly Action[];
  /** What the configuration itself sets, by attribute; `undefined` where that is unknown. */
  readonly configured?: Readonly<Record<string, unknown>>;
  /** What an unknown value of it may come from where the plan keeps no expression; absent in synthesized JSON. */
  readonly nearby?: () => Nearby;
  /** Path of the construct that made it (`prod/myapp/service`), where CDKTF's metadata is at hand. */
  readonly constructPath?: string;
  /** Which attributes Terraform marks as sensitive. */
  readonly sensitive?: unknown;
}

/** What a module instance holds and is given: what a value in it may come from where a plan keeps no expression for it. */
export interface Nearby {
  /** The module instance's own resources and data sources. */
  readonly own: readonly Reference[];
  /** What each argument of the `module` block refers to; nothing for the root. */
  readonly given: readonly { readonly argument: string; readonly parts: readonly (Reference | string)[] }[];
}

/** Security groups by any of the types that stand for one. */
const groupTypes = new Set(["aws_security_group", "aws_default_security_group", "data.aws_security_group"]);

/** All resource instances, found by address, by type, and by what refers to them. */
export class Resources {
  private readonly byAddress = new Map<string, Resource>();
  private readonly byType = new Map<string, Resource[]>();
  private readonly byKnownId = new Map<string, Resource>();

  constructor(
    all: Iterable<Resource>,
    /** What the plan destroys, as it was. */
    readonly destroyed: readonly Pick<Resource, "address" | "type" | "before">[] = [],
  ) {
    for (const resource of all) {
      this.byAddress.set(resource.address, resource);
      const kind = kindOf(resource);
      const sameKind = this.byType.get(kind);
      if (sameKind) sameKind.push(resource);
      else this.byType.set(kind, [resource]);
      for (const id of [resource.values.id, resource.values.arn])
        if (typeof id === "string" && !this.byKnownId.has(`${kind} ${id}`))
          this.byKnownId.set(`${kind} ${id}`, resource);
    }
  }

  at(address: string): Resource | undefined {
    return this.byAddress.get(address);
  }

  /** All of a type, such as `aws_subnet` or `data.aws_subnet`. */
  of(...types: readonly string[]): readonly Resource[] {
    return types.flatMap((type) => this.byType.get(type) ?? []);
  }

  all(): readonly Resource[] {
    return [...this.byAddress.values()];
  }

  /** The resource of one of `types` that a value names: by reference, id, ARN or name. */
  named(value: Value | undefined, ...types: readonly string[]): Resource | undefined {
    if (isReference(value)) {
      const resource = this.byAddress.get(value.address);
      return resource && types.includes(kindOf(resource)) ? resource : undefined;
    }
    if (typeof value !== "string") return undefined;
    for (const type of types) {
      const known = this.byKnownId.get(`${type} ${value}`);
      if (known) return known;
    }
    return undefined;
  }

  /**
   * What tells one security group from another: its address where it is in the plan, else its id.
   * `undefined` for what names no group.
   */
  groupKey(value: Reference | string): string | undefined {
    if (typeof value === "string") {
      if (value.includes("${")) return undefined;
      const known = this.named(value, ...groupTypes);
      return known && known.mode === "managed" ? known.address : value.replace(/^\d{12}\//, "");
    }
    const target = this.byAddress.get(value.address);
    if (target && groupTypes.has(kindOf(target))) {
      const id = target.values.id;
      return target.mode === "data" && typeof id === "string" ? this.groupKey(id) : target.address;
    }
    return value.attribute ? `${value.address}.${value.attribute}` : undefined;
  }
}

export function kindOf(resource: Pick<Resource, "mode" | "type">): string {
  return resource.mode === "data" ? `data.${resource.type}` : resource.type;
}
