/** A service as it would stand in environments.json. */
type Service = Readonly<Record<string, unknown>>;

const image = { uri: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/myapp:1.0.0" };

/** SSM parameter with the cookie of all services. */
export const cookieParameter = "/lab/release-cookie";

/**
 * An environment of the scenarios as it would stand in environments.json: the services given, everything else by default
 * but for health checks, which come as often as ECS allows.
 */
export function environmentOf(services: Readonly<Record<string, Service>>, more: object = {}): object {
  return {
    region: "eu-west-1",
    state: { local: {} },
    vpc: { tags: { Name: "lab" } },
    ecsCluster: { name: "lab" },
    namespace: { create: "organization.local" },
    releaseCookie: { ssmParameter: cookieParameter },
    services: Object.fromEntries(
      Object.entries(services).map(([name, service]) => [
        name,
        {
          image,
          healthCheck: { intervalSeconds: 5, timeoutSeconds: 4 },
          ...service,
          environment: environmentVariables(service),
        },
      ]),
    ),
    ...more,
  };
}

/** A task of half a vCPU has one scheduler's worth of CPU; here many nodes share the machine's. */
const environmentVariables = ({ environment = {} }: Service) => ({ ERL_FLAGS: "+S 1:1", ...(environment as object) });

/** Two services that cluster with each other: three tasks and two. */
export const twoServices = (more: object = {}): object =>
  environmentOf({ myapp: { cluster: "lab", tasks: 3 }, myapp2: { cluster: "lab", tasks: 2 } }, more);
