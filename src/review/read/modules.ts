import type { ConfiguredModule, ConfiguredResource, ModuleCall } from "./plan-format";
import { bracketed, traversal, type Key } from "./traversal";

/** One instance of a module: the root, or what a `module` block made for one key. */
export interface ModuleInstance {
  /** `""` for the root, else `module.a["x"].module.b`. */
  readonly address: string;
  readonly configured: ConfiguredModule | undefined;
  readonly parent?: ModuleInstance;
  readonly call?: ModuleCall;
  readonly key?: Key;
}

/** Finds module instances, and the configuration of a resource in them, by address. */
export class Modules {
  private readonly instances = new Map<string, ModuleInstance>();
  private readonly configured = new Map<ConfiguredModule, Map<string, ConfiguredResource>>();

  constructor(root: ConfiguredModule | undefined) {
    this.instances.set("", { address: "", configured: root });
  }

  /** The module instance at an address such as `module.a["x"].module.b`. */
  at(address: string): ModuleInstance {
    const known = this.instances.get(address);
    if (known) return known;
    const steps = traversal(address);
    let parent = this.instances.get("")!;
    for (let at = 0; at < steps.length;) {
      const name = String(steps[at + 1]);
      const next = steps[at + 2];
      const key = typeof next === "object" ? next.index : undefined;
      parent = this.child(parent, name, key);
      at += key === undefined ? 2 : 3;
    }
    this.instances.set(address, parent);
    return parent;
  }

  /** What a `module` block inside `parent` made for `key`. */
  child(parent: ModuleInstance, name: string, key: Key | undefined): ModuleInstance {
    const address = `${parent.address && `${parent.address}.`}module.${name}${bracketed(key)}`;
    const known = this.instances.get(address);
    if (known) return known;
    const call = parent.configured?.module_calls?.[name];
    const made: ModuleInstance = {
      address,
      configured: call?.module,
      parent,
      ...(call && { call }),
      ...(key !== undefined && { key }),
    };
    this.instances.set(address, made);
    return made;
  }

  /** The block that a resource instance comes from. */
  resource(module: ModuleInstance, mode: string, type: string, name: string): ConfiguredResource | undefined {
    if (!module.configured) return undefined;
    let named = this.configured.get(module.configured);
    if (!named) {
      named = new Map(
        (module.configured.resources ?? []).map((block) => [`${block.mode}.${block.type}.${block.name}`, block]),
      );
      this.configured.set(module.configured, named);
    }
    return named.get(`${mode}.${type}.${name}`);
  }
}
