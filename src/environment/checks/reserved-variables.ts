import { isSetByLayout, reservedBecause, reservedSecretBecause, wrongValues } from "../../container-variables";
import { isObject, type Json, within } from "../entries";
import { type Problem, quote } from "../problems";
import type { Place } from "./service-consistency";

/**
 * Refuses variables that options set, variables and flags of the Erlang VM that keep nodes from connecting, and variables
 * that stand in both `environment` and `secrets`, which ECS refuses. A cookie in plain `environment` is the constructs' to
 * refuse: they name the service that has it.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Secret.html
 */
export function reservedVariables(place: Place, options: Json, environment: Json): Problem[] {
  const { path } = place;
  const plain = isObject(options.environment) ? options.environment : {};
  const secret = isObject(options.secrets) ? Object.keys(options.secrets) : [];
  const names = polledNames(place, options, environment);
  return [
    ...Object.keys(plain).flatMap((name) => reserved([...path, "environment", name], name, reservedBecause(name))),
    ...Object.entries(plain).flatMap(([name, value]) =>
      typeof value === "string" ? wrong([...path, "environment", name], name, value, names) : [],
    ),
    ...secret.flatMap((name) => reserved([...path, "secrets", name], name, reservedSecretBecause(name))),
    ...secret
      .filter((name) => Object.hasOwn(plain, name) && !isSetByLayout(name))
      .map((name) => ({
        path: [...path, "secrets", name],
        found: `the variable ${name}, which stands in environment too`,
        allowed: "each variable once",
      })),
  ];
}

const reserved = (path: string[], name: string, because: string | undefined): Problem[] =>
  because === undefined ? [] : [{ path, found: `the variable ${name}`, allowed: `any other: ${because}` }];

const wrong = (path: string[], name: string, value: string, names: readonly string[]): Problem[] =>
  wrongValues(name, value, names).map(({ found, allowed }) => ({
    path,
    found: found === value ? quote(value) : found,
    allowed,
  }));

/** DNS names of the service and of those it clusters with; none where the file doesn't say. */
function polledNames({ service }: Place, { clustersWith }: Json, { namespace }: Json): string[] {
  const domain = within(namespace, "create") ?? within(namespace, "existing");
  const peers = Array.isArray(clustersWith) ? clustersWith.filter((peer) => typeof peer === "string") : [];
  return typeof domain === "string" ? [service, ...peers].map((name) => `${name}.${domain}`) : [];
}
