import { attributePath, traversal, type Step } from "./traversal";
import { Reference, Unknown, type Value } from "./value";

/** Finds what a reference such as `var.image` or `aws_x.y.id` stands for; `undefined` for what isn't there. */
export type LookUp = (steps: readonly Step[]) => Value | undefined;

const wholeReference = /^\$\{\s*([A-Za-z_][\w-]*(?:\.[\w-]+|\[(?:\d+|"[^"]*")\])+)\s*\}$/;
const anyReference =
  /(?<![\w."-])(?:(?:data|var|local|module)\.)?[A-Za-z_][\w-]*\.[\w-]+(?:\.[\w-]+|\[(?:\d+|"[^"]*"|\*)\])*/g;

/**
 * Reads a string of Terraform JSON. A lone reference becomes what it stands for, references inside text are filled in where
 * they are known, `$${` becomes `${`; any other expression is unknown, with what it refers to as candidates.
 * Source: https://developer.hashicorp.com/terraform/language/syntax/json
 */
export function readTemplate(source: string, lookUp: LookUp): Value {
  if (!source.includes("${") && !source.includes("%{")) return source;
  const whole = wholeReference.exec(source)?.[1];
  if (whole !== undefined) return refer(whole, lookUp);
  if (isOneExpression(source)) return candidatesOf(source, lookUp);
  return fill(source, lookUp);
}

function refer(reference: string, lookUp: LookUp): Value {
  const steps = traversal(reference);
  const known = lookUp(steps);
  if (known !== undefined) return known;
  if (steps[0] === "var") return new Unknown(`variable ${String(steps[1])} has no value here`);
  if (steps[0] === "local" || steps[0] === "module" || steps[0] === "each" || steps[0] === "count")
    return new Unknown(`${reference} can't be followed in synthesized JSON`);
  const head = steps[0] === "data" ? 3 : 2;
  const index = steps[head];
  const key = typeof index === "object" ? `[${JSON.stringify(index.index)}]` : "";
  return new Reference(`${steps.slice(0, head).join(".")}${key}`, attributePath(steps.slice(key ? head + 1 : head)));
}

/** `${…}` from the first to the last character. */
function isOneExpression(source: string): boolean {
  if (!source.startsWith("${") || source.startsWith("$${")) return false;
  return closing(source, 2) === source.length - 1;
}

function closing(source: string, from: number): number {
  let depth = 1;
  let quoted = false;
  for (let at = from; at < source.length; at++) {
    const character = source[at];
    if (character === "\\" && quoted) at++;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && character === "{") depth++;
    else if (!quoted && character === "}" && --depth === 0) return at;
  }
  return -1;
}

function candidatesOf(source: string, lookUp: LookUp): Unknown {
  const found = [...source.matchAll(anyReference)].map(([reference]) =>
    refer(reference.replace(/\[\*\].*/, ""), lookUp),
  );
  const parts = found.filter(
    (part): part is Reference | string => typeof part === "string" || part instanceof Reference,
  );
  return new Unknown(`it is the expression ${source}`, parts.length > 0 ? parts : undefined);
}

/** Text with references in it: known ones are filled in, the others stay as they are written. */
function fill(source: string, lookUp: LookUp): string {
  let out = "";
  for (let at = 0; at < source.length;) {
    const two = source.slice(at, at + 3);
    if (two === "$${" || two === "%%{") {
      out += two.slice(1);
      at += 3;
    } else if (two.startsWith("${")) {
      const end = closing(source, at + 2);
      if (end < 0) return out + source.slice(at);
      const inner = source.slice(at, end + 1);
      const value = wholeReference.test(inner) ? readTemplate(inner, lookUp) : undefined;
      out +=
        typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : inner;
      at = end + 1;
    } else {
      out += source[at];
      at += 1;
    }
  }
  return out;
}
