/** A JSON object, of which nothing more is known: the file may be wrong anywhere. */
export type Json = Record<string, unknown>;

export const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The entries of `value` that are objects themselves; none when it is no object. */
export const entries = (value: unknown): [string, Json][] =>
  isObject(value) ? Object.entries(value).filter((entry): entry is [string, Json] => isObject(entry[1])) : [];

/** What stands at `keys` inside `value`; `undefined` when there is no such place. */
export const within = (value: unknown, ...keys: string[]): unknown =>
  keys.reduce((node, key) => (isObject(node) && Object.hasOwn(node, key) ? node[key] : undefined), value);
