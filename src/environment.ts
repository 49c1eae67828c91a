import { z } from "zod";
import { inconsistencies } from "./environment/consistency";
import { mapOf } from "./environment/formats";
import { readJson } from "./environment/json";
import { ConfigurationError, problemsOf, quote } from "./environment/problems";
import { type Environment, environmentName, environmentSchema, environmentsSchema } from "./environment/schema";

export { ConfigurationError, type Problem } from "./environment/problems";
export type { Environment, ServiceOptions } from "./environment/schema";

/** The environments of a file by their names, every default filled in. */
export type Environments = Readonly<Record<string, Environment>>;

/** A message for what no field's own message covers: what zod expected, in the words of JSON. */
const inWords: z.core.$ZodErrorMap = (issue) => {
  if (issue.code === "invalid_type") return issue.expected === "int" ? "a whole number" : `${issue.expected}`;
  return undefined;
};

/**
 * Reads an environments file.
 *
 * @param text the file's content: JSON, an object of environments by name; `$schema` is for editors.
 * @param source the file's name, for the message.
 * @throws ConfigurationError with every problem of the file: where, what stood there, what is allowed.
 */
export function parseEnvironments(text: string, source: string): Environments {
  const { value, problems } = readJson(text);
  if (problems.length > 0) throw new ConfigurationError(source, problems);
  const { $schema: _editors, ...file } =
    typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  if (Object.keys(file).length === 0) {
    throw new ConfigurationError(source, [
      { path: ["environments"], stood: quote(value), allowed: "an object with at least one environment" },
    ]);
  }
  const parsed = mapOf(environmentName, environmentSchema).safeParse(file, { error: inWords });
  const found = [...(parsed.success ? [] : problemsOf(parsed.error, file)), ...inconsistencies(file)];
  if (found.length > 0 || !parsed.success) throw new ConfigurationError(source, found);
  return parsed.data;
}

/** The JSON Schema of an environments file, for completion in editors. Source: https://json-schema.org/draft/2020-12 */
export function environmentsJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(environmentsSchema, { io: "input", reused: "ref" }) as Record<string, unknown>;
}
