import type { z } from "zod";
import { visible } from "../foreign-text";
import { UserError } from "../user-error";
import { nearest } from "./nearest";
import { valueAt } from "./values";

/** One thing that is wrong in a configuration. */
export interface Problem {
  /** Where: the keys from the file's root down. */
  readonly path: readonly (string | number)[];
  /** What was found, in words or as JSON; `undefined` when nothing was. */
  readonly found: string | undefined;
  /** What is allowed there. */
  readonly allowed: string;
  /** The nearest spelling that is allowed, where one is near. */
  readonly suggestion?: string | undefined;
}

/** Problems of a configuration file: all of them, one a line, fit to be shown as they are. */
export class ConfigurationError extends UserError {
  override readonly name = "ConfigurationError";

  /** @param source the file's name. @param problems at least one. */
  constructor(
    readonly source: string,
    readonly problems: readonly Problem[],
  ) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    super(`${source}: ${count}\n${problems.map((problem) => `  ${describe(problem)}`).join("\n")}`);
  }
}

/** A problem in one line: path, what was found there, what is allowed, and the suggestion. */
export function describe({ path, found, allowed, suggestion }: Problem): string {
  const question = suggestion === undefined ? "" : ` Did you mean "${suggestion}"?`;
  return `${visible(path.join("."))}: ${found ?? "is missing"}. Allowed: ${allowed}.${question}`;
}

/** A value as the file has it, shortened when it is long. */
export function quote(value: unknown): string {
  // JSON has no infinity, but 1e999 reads as one.
  const json = typeof value === "number" ? String(value) : JSON.stringify(value);
  return json.length > 80 ? `${json.slice(0, 77)}…` : json;
}

/**
 * zod's issues with `input` as problems of the file: one for each key, never a union's whole list of attempts.
 * @internal no type of zod is in the package's declarations
 */
export function problemsOf(issues: readonly z.core.$ZodIssue[], input: unknown): Problem[] {
  return withoutConsequences(issues).flatMap((issue) => {
    const path = ["environments", ...issue.path.map(String)];
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({
        path: [...path, key],
        found: "unknown key",
        allowed: issue.message,
        suggestion: nearest(key, issue.message.split(", ")),
      }));
    }
    if (issue.code === "invalid_key") {
      const name = String(issue.path.at(-1));
      return [{ path, found: `${quote(name)} as a name`, allowed: issue.issues[0]?.message ?? issue.message }];
    }
    if (issue.code === "invalid_union") {
      const nested = fitting(issue.errors);
      const inner = nested?.map((found) => ({ ...found, path: [...issue.path, ...found.path] }));
      if (inner) return problemsOf(inner, input);
    }
    const value = valueAt(input, issue.path.map(String));
    const found = value === undefined ? undefined : quote(value);
    const suggestion = typeof value === "string" ? nearest(value, wordsOf(issue)) : undefined;
    return [{ path, found, allowed: issue.message, suggestion }];
  });
}

/** A misspelt key of a tagged choice is one mistake; that the choice then has none of its keys follows from it. */
function withoutConsequences(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  const misspelt = issues.filter(({ code }) => code === "unrecognized_keys").map(({ path }) => path.join("/"));
  return issues.filter(({ code, path }) => code !== "custom" || !misspelt.includes(path.join("/")));
}

/** Of a union's attempts, the one whose kind of value fitted, and only something inside it did not. */
function fitting(attempts: readonly z.core.$ZodIssue[][]): z.core.$ZodIssue[] | undefined {
  return attempts.find((issues) => issues.every(({ path, code }) => path.length > 0 || code === "unrecognized_keys"));
}

/** The words an issue would have accepted. */
function wordsOf(issue: z.core.$ZodIssue): string[] {
  if (issue.code === "invalid_value") return issue.values.filter((word) => typeof word === "string");
  return issue.code === "invalid_union" ? issue.errors.flat().flatMap(wordsOf) : [];
}
