import type { Resource } from "./resources";
import { readTemplate, type LookUp } from "./template";
import { dig, type Step, isObject, type Json } from "./traversal";
import { listed, Unknown, type Value, type Values } from "./value";

/** The parts of a Terraform JSON configuration that the review reads, such as CDKTF's `cdk.tf.json`. */
export interface SynthesizedJson {
  readonly "//"?: unknown;
  readonly terraform?: unknown;
  readonly provider?: unknown;
  readonly resource?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly data?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly variable?: Readonly<Record<string, { readonly default?: unknown }>>;
  readonly locals?: Readonly<Record<string, unknown>>;
  readonly module?: unknown;
}

/** Reads all resources of a Terraform JSON configuration; what AWS sets stays a reference. */
export function synthesizedResources(stack: SynthesizedJson): readonly Resource[] {
  const reader = new Reader(stack);
  return [...reader.blocks("managed", stack.resource), ...reader.blocks("data", stack.data)];
}

/**
 * Adds to a planned resource what its configuration alone knows: the construct's path, and container definitions that the
 * plan doesn't know before apply.
 */
export function completion(stack: SynthesizedJson): (planned: Resource) => Resource {
  const reader = new Reader(stack);
  return (planned) => {
    const { address, mode, type, values } = planned;
    const [name, index] = address
      .replace(/^data\./, "")
      .slice(type.length + 1)
      .split(/(?=\[[^\]]*\]$)/);
    const block = (mode === "data" ? stack.data : stack.resource)?.[type]?.[name!];
    if (!isObject(block)) return planned;
    const path = dig(block, ["//", "metadata", "path"]);
    const isWritten = index === undefined && typeof values.container_definitions !== "string";
    const definitions = isWritten ? reader.value(block.container_definitions) : null;
    return {
      ...planned,
      ...(typeof path === "string" && { constructPath: path }),
      ...(definitions !== null && { values: { ...values, container_definitions: definitions } }),
    };
  };
}

class Reader {
  private readonly lookUp: LookUp = (steps) => this.found(steps);
  private depth = 0;

  constructor(private readonly stack: SynthesizedJson) {}

  *blocks(mode: "managed" | "data", blocks: SynthesizedJson["resource"]): Generator<Resource> {
    for (const [type, named] of Object.entries(blocks ?? {}))
      for (const [name, block] of Object.entries(named)) {
        if (!isObject(block)) continue;
        const path = dig(block, ["//", "metadata", "path"]);
        yield {
          address: `${mode === "data" ? "data." : ""}${type}.${name}`,
          type,
          mode,
          values: this.object(block),
          actions: [],
          configured: block,
          ...(typeof path === "string" && { constructPath: path }),
        };
      }
  }

  private object(json: Json): Values {
    const values: Record<string, Value> = {};
    for (const [name, value] of Object.entries(json))
      if (name !== "//" && name !== "dynamic") values[name] = this.value(value);
    for (const [name, made] of this.dynamic(json.dynamic)) values[name] = [...listed(values[name]), made];
    return values;
  }

  /** One unknown for each `dynamic` block: how many blocks it makes, and with what in them, is for Terraform to tell. */
  private *dynamic(blocks: unknown): Generator<[name: string, made: Unknown]> {
    if (!isObject(blocks)) return;
    for (const [name, block] of Object.entries(blocks)) {
      const over = JSON.stringify(isObject(block) ? block.for_each : undefined) ?? "a list";
      yield [name, new Unknown(`a dynamic block makes it for each of ${over}`)];
    }
  }

  value(value: unknown): Value {
    if (typeof value === "string") return readTemplate(value, this.lookUp);
    if (Array.isArray(value)) return value.map((entry) => this.value(entry));
    if (isObject(value)) return this.object(value);
    return (value ?? null) as Value;
  }

  /** What a reference stands for: a variable's default, a local, an attribute that a block itself sets. */
  private found(steps: readonly Step[]): Value | undefined {
    if (this.depth > 20) return new Unknown("its references go round in a circle");
    const [first, second, ...rest] = steps;
    const from =
      first === "var"
        ? dig(this.stack.variable, [second!, "default", ...rest])
        : first === "local"
          ? dig(this.stack.locals, [second!, ...rest])
          : first === "data"
            ? dig(this.stack.data, [second!, ...rest])
            : dig(this.stack.resource, steps);
    if (
      from === undefined ||
      from === null ||
      (typeof from === "object" && first !== "var" && first !== "local" && !Array.isArray(from))
    )
      return undefined;
    this.depth += 1;
    try {
      return this.value(from);
    } finally {
      this.depth -= 1;
    }
  }
}
