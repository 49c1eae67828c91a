import { z } from "zod";
import { isObject } from "../values";

type Keys<T> = T extends unknown ? keyof T : never;
type ValueOf<T, Key> = T extends unknown ? (Key extends keyof T ? T[Key] : never) : never;
type Objects<T> = Extract<T, object>;

/** `T` with `undefined` wherever a value may be wrong or missing; a choice has the keys of all its alternatives. */
export type ValidParts<T> =
  | Exclude<T, object>
  | (Objects<T> extends never
      ? never
      : Objects<T> extends readonly (infer Item)[]
        ? readonly (ValidParts<Item> | undefined)[]
        : { readonly [Key in Keys<Objects<T>>]?: ValidParts<ValueOf<Objects<T>, Key>> | undefined });

/**
 * What `schema` accepts of `value`, with defaults filled in and `undefined` in place of what is wrong: checks between
 * fields can then run on a file that has other mistakes, and all errors are reported together.
 */
export function validParts<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): ValidParts<z.output<Schema>> | undefined {
  return partsOf(schema, value) as ValidParts<z.output<Schema>> | undefined;
}

function partsOf(schema: z.core.$ZodType, value: unknown): unknown {
  const parsed = z.safeParse(schema, value);
  if (parsed.success) return parsed.data;
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === "optional" || def.type === "default" || def.type === "prefault")
    return partsOf(def.innerType, value);
  if (def.type === "union")
    return def.options.map((option) => partsOf(option, value)).find((part) => part !== undefined);
  if (def.type === "array" && Array.isArray(value)) return value.map((item) => partsOf(def.element, item));
  if (!isObject(value)) return undefined;
  if (def.type === "record") return mapped(value, (entry) => partsOf(def.valueType, entry));
  return def.type === "object" ? mapped(def.shape, (part, key) => partsOf(part, value[key])) : undefined;
}

const mapped = <Value>(object: Readonly<Record<string, Value>>, change: (value: Value, key: string) => unknown) =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]));
