/** All that an environment must say but its services, with a VPC that local AWS's prerequisites have. */
export const required = {
  region: "eu-west-1",
  state: { s3: { bucket: "acme-terraform-state", key: "elixir-cluster/prod.tfstate" } },
  vpc: { tags: { Name: "prod" } },
  ecsCluster: { name: "my-cluster" },
  namespace: { create: "organization.local" },
  releaseCookie: { ssmParameter: "/my-org/prod/release-cookie" },
};

/** A small environments file that is right, to make wrong ones of. */
export const example = {
  prod: {
    ...required,
    vpc: { id: "vpc-0abc1234def567890" },
    services: {
      myapp: { cluster: "web", image: { uri: "ghcr.io/acme/myapp:1.4.2" }, tasks: 2 },
      myapp2: { cluster: "web", image: { uri: "ghcr.io/acme/myapp2:1.4.2" } },
    },
  },
};

/** `example` with other values at some places, keys joined by `/`; `undefined` takes a key away. */
export function changed(changes: Record<string, unknown>): unknown {
  const file = structuredClone(example) as Record<string, unknown>;
  for (const [place, value] of Object.entries(changes)) {
    const keys = place.split("/");
    const last = keys.pop()!;
    const parent = keys.reduce((node, key) => (node[key] ??= {}) as Record<string, unknown>, file);
    if (value === undefined) delete parent[last];
    else parent[last] = value;
  }
  return file;
}
