import type { ServiceOptions } from "./schema/schema";

type Secret = ServiceOptions["secrets"][string];
type RegistryCredentials = NonNullable<ServiceOptions["registryCredentials"]>;

/** A secret that ECS reads for a task. */
export interface ServiceSecret {
  /** The variable or log option that gets the value, or `registryCredentials`. */
  readonly variable: string;
  readonly secret: Secret;
}

/**
 * Every secret that ECS reads for a service's tasks, apart from the cookie: variables of the node and of its sidecars, options
 * of the log router, and the user names and passwords of private registries.
 */
export function serviceSecrets({ secrets, registryCredentials, sidecars, logs }: ServiceOptions): ServiceSecret[] {
  const containers = [{ secrets, registryCredentials }, ...Object.values(sidecars)];
  const router = "awsfirelens" in logs.driver ? logs.driver.awsfirelens.secretOptions : {};
  return [
    ...[...containers.map((container) => container.secrets), router].flatMap((read) =>
      Object.entries(read).map(([variable, secret]) => ({ variable, secret })),
    ),
    ...containers.flatMap((container) => partsOf(container.registryCredentials)),
  ];
}

/** Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/private-auth.html */
const partsOf = (credentials: RegistryCredentials | undefined): ServiceSecret[] =>
  credentials === undefined
    ? []
    : ["username", "password"].map((key) => ({ variable: "registryCredentials", secret: { ...credentials, key } }));
