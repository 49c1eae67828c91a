import type { Resource } from "../../src/review/read/resources";
import { Reference, type Value, type Values } from "../../src/review/read/value";

/** A resource of a plan, or a data source (`data.aws_subnet.a`), that the configuration sets whole. */
export function resource(address: string, values: Values, more: Partial<Resource> = {}): Resource {
  const mode = address.startsWith("data.") ? "data" : "managed";
  const type = address.split(".").at(-2)!;
  const configured = Object.fromEntries(Object.keys(values).map((name) => [name, {}]));
  return { address, type, mode, values, actions: ["create"], configured, ...more };
}

/** What refers to an attribute of another resource. */
export const ref = (address: string, attribute = "id"): Value => new Reference(address, attribute);
