import { z } from "zod";

// A message of this schema says what is *allowed*; `problems.ts` puts the path and what was found there in front.

/** `type` with what it allows, as editors show it for a wrong value: errorMessage is VS Code's keyword. */
export const allowing = <Type extends z.ZodType>(type: Type, allowed: string) =>
  type.meta({ errorMessage: `Allowed: ${allowed}.` });

/** Text of a certain form. The example is shown by editors and in docs/configuration.md. */
export const text = (pattern: RegExp, allowed: string, example: string) =>
  allowing(z.string({ error: allowed }).regex(pattern, { error: allowed }), allowed).meta({ examples: [example] });

/** A whole number in a range, both ends allowed. */
export const wholeNumber = (from: number, to: number, unit = "") => {
  const allowed = `a whole number from ${from} to ${to}${unit && ` (${unit})`}`;
  return allowing(z.int({ error: allowed }).min(from, { error: allowed }).max(to, { error: allowed }), allowed);
};

/** The range of a whole number, for a description. */
export const range = ({ minValue, maxValue }: z.ZodNumber): string => `${minValue} to ${maxValue}`;

/** A whole number of seconds. */
export const seconds = (from: number, to: number) => wholeNumber(from, to, "seconds");

/** One of several types. */
export const either = <const Types extends readonly [z.ZodType, z.ZodType, ...z.ZodType[]]>(
  types: Types,
  allowed: string,
) => allowing(z.union(types, { error: allowed }), allowed);

/** An option with a default. Its description gets the default, and the range of a number. */
export const option = <Type extends z.ZodType>(
  type: Type,
  value: z.core.util.NoUndefined<z.output<Type>>,
  is: string,
) => {
  const bounded = type instanceof z.ZodNumber && type.maxValue! < Number.MAX_SAFE_INTEGER;
  const limits = bounded ? `${/[;:.]/.test(is) ? ";" : ","} ${range(type)}` : "";
  const none = typeof value === "object" && Object.keys(value as object).length === 0;
  return type
    .default(value)
    .describe(`${is}${limits}; ${none ? "default: none" : `default ${JSON.stringify(value)}`}.`);
};

/** One of a few numbers. */
export const oneNumberOf = (numbers: readonly number[], unit: string) => {
  const allowed = `one of ${numbers.join(", ")} (${unit})`;
  return allowing(z.literal(numbers as number[], { error: allowed }), allowed);
};

/** One of a few words. */
export const oneOf = <const Words extends readonly [string, ...string[]]>(...words: Words) => {
  const allowed = words.map((word) => `"${word}"`).join(" or ");
  return allowing(z.enum(words, { error: allowed }), allowed);
};

/** On or off. */
export const flag = allowing(z.boolean({ error: "true or false" }), "true or false");

/** A list, empty or not. */
export const list = <Item extends z.ZodType>(item: Item, what: string) =>
  allowing(z.array(item, { error: `a list of ${what}` }), `a list of ${what}`);

/** A list of at least one item, and of at most so many. */
export const filledList = <Item extends z.ZodType>(item: Item, what: string, max = Infinity) => {
  const filled = list(item, what).min(1, { error: `a list of ${what}, at least one` });
  return max === Infinity ? filled : filled.max(max, { error: `a list of ${what}, at most ${max}` });
};

/** The message for a key that isn't known is the list of those that are; `problems.ts` looks there for the nearest. */
const strict = <Shape extends z.core.$ZodShape>(shape: Shape, allowed: string) =>
  z.strictObject(shape, {
    error: ({ code }) => (code === "unrecognized_keys" && Object.keys(shape).join(", ")) || allowed,
  });

/** An object with these keys and no others. */
export const object = <Shape extends z.core.$ZodShape>(shape: Shape) => {
  const keys = Object.keys(shape).join(", ");
  const allowed = keys === "" ? "an empty object, {}" : `an object with the keys ${keys}`;
  return allowing(strict(shape, allowed), allowed);
};

type Choice<Shape extends z.core.$ZodShape> = {
  [Key in keyof Shape]: { readonly [K in Key]: z.output<Shape[Key]> };
}[keyof Shape];

/**
 * JSON Schema of an object with exactly one key. Not `maxProperties` alone: an editor that knows `errorMessage` shows it for
 * `not`, and for `maxProperties` a sentence of its own, "Object has more properties than limit of 1".
 * Source: https://github.com/microsoft/vscode-json-languageservice/blob/main/src/parser/jsonParser.ts
 */
const oneKey = {
  not: {
    anyOf: [
      { type: "object", maxProperties: 0 },
      { type: "object", minProperties: 2 },
    ],
  },
};

/** A tagged choice: an object with exactly one of these keys. */
export const choice = <Shape extends z.core.$ZodShape>(shape: Shape) => {
  const allowed = `an object with exactly one of the keys ${Object.keys(shape).join(", ")}`;
  return strict(shape, allowed)
    .partial()
    .refine((value) => Object.values(value).filter((entry) => entry !== undefined).length === 1, { error: allowed })
    .meta({ ...oneKey, errorMessage: `Allowed: ${allowed}.` }) as unknown as z.ZodType<Choice<Shape>>;
};

/** A map from names to values; `name` says what a name may look like. */
export const mapOf = <Value extends z.ZodType>(name: z.ZodType<string>, value: Value) =>
  z.record(name as z.ZodString, value, { error: "an object" });
