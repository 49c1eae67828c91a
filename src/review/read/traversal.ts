export type Key = string | number;

/** `aws_security_group.s["a"].id` as steps: names, and `{ index }` for brackets. */
export type Step = string | { readonly index: Key };

/** Reads a reference as Terraform writes it. Source: https://developer.hashicorp.com/terraform/language/expressions/references */
export function traversal(reference: string): readonly Step[] {
  let steps = known.get(reference);
  if (!steps) known.set(reference, (steps = parse(reference)));
  return steps;
}

/** A large plan names the same few groups in thousands of rules. */
const known = new Map<string, readonly Step[]>();

function parse(reference: string): readonly Step[] {
  const steps: Step[] = [];
  for (const [, name, quoted, digits] of reference.matchAll(/([\w-]+)|\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]/g)) {
    if (name !== undefined) steps.push(name);
    else if (quoted !== undefined) steps.push({ index: unquote(quoted) });
    else steps.push({ index: Number(digits) });
  }
  return steps;
}

function unquote(quoted: string): string {
  try {
    return JSON.parse(`"${quoted}"`) as string;
  } catch {
    return quoted;
  }
}

export function indexOf(step: Step | undefined): Key | undefined {
  return typeof step === "object" ? step.index : undefined;
}

/** An instance key as an address has it: `["a"]`, `[0]`, or nothing. */
export function bracketed(key: Key | undefined): string {
  return key === undefined ? "" : typeof key === "number" ? `[${key}]` : `[${JSON.stringify(key)}]`;
}

/** The attribute path that the remaining steps spell: `network_interface.0.id`. */
export function attributePath(steps: readonly Step[]): string {
  return steps.map((step) => (typeof step === "string" ? step : String(step.index))).join(".");
}

/** The value at a path in plain JSON; `undefined` where there is nothing. */
export function dig(value: unknown, steps: readonly Step[]): unknown {
  let at = value;
  for (const step of steps) {
    if (typeof at !== "object" || at === null) return undefined;
    at = (at as Record<string, unknown>)[typeof step === "string" ? step : String(step.index)];
  }
  return at;
}

/** An object of plain JSON. */
export type Json = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
