import { conditionOperators, matchesWildcard, type ConditionOperator } from "../../aws/iam";

/** One key of a statement's conditions: it must match one of the values. */
export interface Condition {
  /** Such as `StringEquals`. */
  readonly operator: string;
  readonly key: string;
  /** With `${…}` for what isn't known before apply. */
  readonly values: readonly string[];
}

/**
 * Condition keys of a request. `null` is a key that the request doesn't have, and a key that isn't listed may have any value.
 * `${…}` in a value stands for what isn't known.
 */
export type RequestContext = Readonly<Record<string, string | null>>;

/** What stands for a part of a text that isn't known before apply. */
export const anything = "${}";

const open = /\$\{[^}]*\}/g;
const isOpen = (value: string): boolean => value.search(open) >= 0;

/** True where all are, false where one is, `undefined` where it depends on what isn't known. */
export function every(answers: readonly (boolean | undefined)[]): boolean | undefined {
  if (answers.includes(false)) return false;
  return answers.includes(undefined) ? undefined : true;
}

/** True where one is, false where all are, `undefined` where it depends on what isn't known. */
export function some(answers: readonly (boolean | undefined)[]): boolean | undefined {
  const none = every(answers.map(not));
  return not(none);
}

const not = (answer: boolean | undefined): boolean | undefined => (answer === undefined ? undefined : !answer);

/** Whether a statement's conditions hold for a request; `undefined` where that isn't known. */
export function conditionsHold(conditions: readonly Condition[], context: RequestContext): boolean | undefined {
  const values = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]));
  return every(conditions.map((condition) => holds(condition, values.get(condition.key.toLowerCase()))));
}

function holds({ operator: name, values }: Condition, actual: string | null | undefined): boolean | undefined {
  if (actual === undefined) return undefined;
  if (name === "Null") return values.some(isOpen) ? undefined : values.includes(String(actual === null));
  const operator = conditionOperators[name.replace(/IfExists$/, "")];
  if (!operator) return undefined;
  if (actual === null) return name.endsWith("IfExists") || operator.negated === true;
  const answer = some(values.map((expected) => compares(operator, actual, expected)));
  return operator.negated ? not(answer) : answer;
}

function compares({ compare }: ConditionOperator, actual: string, expected: string): boolean | undefined {
  if (compare === matchesWildcard) return covers(expected, actual);
  if (!isOpen(actual) && !isOpen(expected)) return compare(actual, expected);
  // Such an operator takes wildcards literally, and no value that is compared here contains one.
  if (/[*?]/.test(expected.replace(open, ""))) return false;
  return mayMatch(actual.toLowerCase().replace(open, "*"), expected.toLowerCase().replace(open, "*"))
    ? undefined
    : false;
}

/** Whether a pattern covers a text, of either of which not all need be known. */
export function covers(pattern: string, text: string): boolean | undefined {
  if (!isOpen(pattern)) {
    // Whatever the unknown part is, short or long.
    const examples = ["\0", "\0".repeat(9)].map((part) => matchesWildcard(text.replace(open, part), pattern));
    if (examples.every(Boolean)) return true;
    if (!isOpen(text)) return false;
  }
  return mayMatch(text.replace(open, "*"), pattern.replace(open, "*")) ? undefined : false;
}

/** Whether any text matches both patterns; of two ARNs, IAM compares each of the six parts with its counterpart. */
function mayMatch(one: string, other: string): boolean {
  const [parts, others] = [one, other].map(arnParts);
  if (!parts || !others) return overlap(one, other);
  return parts.every((part, at) => overlap(part, others[at]!));
}

function arnParts(text: string): readonly string[] | undefined {
  const parts = text.split(":");
  return parts[0] === "arn" && parts.length >= 6 ? [...parts.slice(0, 5), parts.slice(5).join(":")] : undefined;
}

/** Whether any text matches both patterns. */
function overlap(one: string, other: string): boolean {
  // reached[j]: the part of `one` up to here and the first j characters of `other` have a text in common.
  let reached = new Array<boolean>(other.length + 1).fill(false);
  reached[0] = true;
  for (let i = 0; i <= one.length; i++) {
    const next = new Array<boolean>(other.length + 1).fill(false);
    for (let j = 0; j <= other.length; j++) {
      if (!reached[j]) continue;
      const [a, b] = [one[i], other[j]];
      if (b === "*") reached[j + 1] = true;
      if (a === "*") next[j] = true;
      if (a === "*" && b !== undefined) reached[j + 1] = true;
      if (b === "*" && a !== undefined) next[j] = true;
      if (a !== undefined && b !== undefined && (a === b || a === "?" || b === "?")) next[j + 1] = true;
    }
    if (i === one.length) break;
    reached = next;
  }
  return reached[other.length]!;
}
