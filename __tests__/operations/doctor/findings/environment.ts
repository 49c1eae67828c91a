import type { DeployedEnvironment } from "../../../../src/operations/deployed-environment";

/** Services, each with its cluster. */
export const services = { shop: "acme", jobs: "acme", mail: "mail" };

/** An environment with these services, and nothing else that findings about versions read. */
export const environment = (versions: unknown) =>
  ({
    name: "prod",
    file: "environments.json",
    options: { versions },
    services: Object.entries(services).map(([name, cluster]) => ({ name, cluster })),
  }) as unknown as DeployedEnvironment;
