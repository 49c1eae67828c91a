import { z } from "zod";
import { inconsistencies } from "./environment/checks/consistency";
import { readJson } from "./environment/json";
import { ConfigurationError, type Problem, problemsOf, quote } from "./environment/problems";
import { environmentName } from "./environment/schema/formats";
import { type Environment, environmentSchema } from "./environment/schema/schema";
import { mapOf } from "./environment/schema/shapes";
import { validParts } from "./environment/schema/valid-parts";
import { isObject } from "./environment/values";

export { certificatesOf } from "./environment/certificates";
export { clusterOf, clustersOf, hasOwnEgress, misspeltClusters, rulesOf, versionsOf } from "./environment/clusters";
export { ConfigurationError, type Problem } from "./environment/problems";
export { serviceSecrets } from "./environment/service-secrets";
export { environmentsJsonSchema } from "./environment/reference/environments-json-schema";
export type { Environment, ServiceOptions } from "./environment/schema/schema";

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
 * @throws ConfigurationError with every problem of the file: where, what was found there, what is allowed.
 */
export function parseEnvironments(text: string, source: string): Environments {
  const { value, problems } = readJson(text);
  if (problems.length > 0) throw new ConfigurationError(source, problems);
  const { $schema: _editors, ...file } = isObject(value) ? value : {};
  if (Object.keys(file).length === 0) {
    throw new ConfigurationError(source, [
      { path: ["environments"], found: quote(value), allowed: "an object with at least one environment" },
    ]);
  }
  const environments = mapOf(environmentName, environmentSchema);
  const parsed = environments.safeParse(file, { error: inWords });
  // Of two messages about one place, the check's comes first: it is more specific than the field's own.
  const checked = inconsistencies(file, (parsed.success ? parsed.data : validParts(environments, file)) ?? {});
  const found = oneForEachPlace([...checked, ...(parsed.success ? [] : problemsOf(parsed.error.issues, file))]);
  if (found.length > 0 || !parsed.success) throw new ConfigurationError(source, found);
  return parsed.data;
}

function oneForEachPlace(problems: readonly Problem[]): Problem[] {
  const first = new Map<string, Problem>();
  for (const problem of problems) {
    const place = JSON.stringify(problem.path);
    if (!first.has(place)) first.set(place, problem);
  }
  return [...first.values()];
}
