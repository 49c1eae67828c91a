import { entries, type Json, within } from "./entries";
import { type Problem, quote } from "./problems";

/** What environments of one file must not share: state, a namespace to create, and the names of their services. */
export function collisions(file: unknown): Problem[] {
  const environments = entries(file);
  return [...sharedState(environments), ...namespaceTwice(environments), ...sharedNames(environments)];
}

type Environments = readonly [string, Json][];

/** For each of `items` that has the same key as one before it, what `problem` makes of the two. */
function repeated<Item>(
  items: readonly Item[],
  key: (item: Item) => string | undefined,
  problem: (item: Item, first: Item) => Problem,
): Problem[] {
  const seen = new Map<string, Item>();
  return items.flatMap((item) => {
    const own = key(item);
    if (own === undefined) return [];
    const first = seen.get(own);
    if (first !== undefined) return [problem(item, first)];
    seen.set(own, item);
    return [];
  });
}

function sharedState(environments: Environments): Problem[] {
  return repeated(
    environments,
    ([, { state }]) => {
      const [bucket, key] = [within(state, "s3", "bucket"), within(state, "s3", "key")];
      if (typeof bucket === "string" && typeof key === "string") return JSON.stringify([bucket, key]);
      const name = within(state, "cloud", "workspaces", "name");
      const { organization, hostname = "app.terraform.io" } = (within(state, "cloud") ?? {}) as Json;
      return typeof name === "string" ? JSON.stringify([hostname, organization, name]) : undefined;
    },
    ([name, { state }], [first]) => ({
      path: ["environments", name, "state"],
      stood: quote(state),
      allowed: `a state of its own: "${first}" has the same, and each apply would destroy what the other one made`,
    }),
  );
}

/** Source: https://docs.aws.amazon.com/cloud-map/latest/api/API_CreatePrivateDnsNamespace.html (ConflictingDomainExists) */
function namespaceTwice(environments: Environments): Problem[] {
  return repeated(
    environments,
    ([, { vpc, namespace }]) => {
      const [id, created] = [within(vpc, "id"), within(namespace, "create")];
      return typeof id === "string" && typeof created === "string" ? `${id} ${created}` : undefined;
    },
    ([name, { namespace }], [first]) => ({
      path: ["environments", name, "namespace", "create"],
      stood: quote(within(namespace, "create")),
      allowed: `another name: "${first}" creates this one in the same VPC`,
    }),
  );
}

/** Roles, log groups and task definitions are called `<environment>-<service>`. */
function sharedNames(environments: Environments): Problem[] {
  const services = environments.flatMap(([environment, { services: all }]) =>
    entries(all).map(([service]) => ({ environment, service })),
  );
  return repeated(
    services,
    ({ environment, service }) => `${environment}-${service}`,
    ({ environment, service }, first) => ({
      path: ["environments", environment, "services", service],
      stood: `${quote(service)} as a name`,
      allowed: `another name: the roles of "${first.service}" in "${first.environment}" are called ${environment}-${service}-… as well`,
    }),
  );
}
