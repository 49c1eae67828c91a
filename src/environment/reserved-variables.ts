import { isObject, type Json } from "./entries";
import type { Problem } from "./problems";
import type { Place } from "./service-consistency";

/** Variables that the layout sets itself, each with the option that decides it. */
const optionOf = new Map([
  ["RELEASE_NAME", "releaseName"],
  // env.sh makes it of RELEASE_NAME and the task's address; given from outside, all tasks would have one name.
  ["RELEASE_NODE", "releaseName"],
  ["CLUSTER_NODES", "clustersWith"],
  ["CLUSTER_RESOLVER", "resolver"],
  ["CLUSTER_POLLING_INTERVAL", "pollingIntervalMs"],
  ["DISTRIBUTION_MODE", "distribution"],
  ["DISTRIBUTION_PORT_MIN", "distribution"],
  ["DISTRIBUTION_PORT_MAX", "distribution"],
  ["NET_TICKTIME", "netTicktimeSeconds"],
  ["PORT", "httpPort"],
]);

/**
 * Refuses variables that are set from options, and those that stand in `environment` and in `secrets` both, which ECS
 * refuses. A cookie in plain `environment` is the constructs' to refuse: they name the service that has it.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Secret.html
 */
export function reservedVariables({ path }: Place, { environment, secrets }: Json): Problem[] {
  const plain = isObject(environment) ? Object.keys(environment) : [];
  const secret = isObject(secrets) ? Object.keys(secrets) : [];
  const stood = (name: string) => `the variable ${name}`;
  return [
    ...plain.filter((name) => optionOf.has(name)).map((name) => reserved([...path, "environment", name], name)),
    ...secret.filter((name) => optionOf.has(name)).map((name) => reserved([...path, "secrets", name], name)),
    ...secret
      .filter((name) => name === "RELEASE_COOKIE")
      .map((name) => ({
        path: [...path, "secrets", name],
        stood: stood(name),
        allowed: "any other: the cookie comes from the environment's releaseCookie",
      })),
    ...secret
      .filter((name) => plain.includes(name) && !optionOf.has(name))
      .map((name) => ({
        path: [...path, "secrets", name],
        stood: `${stood(name)}, which stands in environment too`,
        allowed: "each variable once",
      })),
  ];
}

const reserved = (path: string[], name: string): Problem => ({
  path,
  stood: `the variable ${name}`,
  allowed: `any other: this one is set from the option ${optionOf.get(name)}`,
});
