import { DescribeServicesCommand, type Service } from "@aws-sdk/client-ecs";
import { advice } from "../advice";
import type { Aws } from "../aws/sdk/clients";
import { UserError } from "../user-error";
import type { DeployedEnvironment, DeployedService } from "./deployed-environment";

/** A service as ECS describes it. @throws UserError when the ECS cluster doesn't exist, or the service isn't deployed in it. */
export async function ecsServiceOf(
  { ecs }: Aws,
  environment: DeployedEnvironment,
  service: DeployedService,
): Promise<Service> {
  const { name, cluster } = environment;
  const { services = [] } = await ecs
    .send(new DescribeServicesCommand({ cluster, services: [service.ecsService] }))
    .catch((error) => {
      if ((error as Error).name !== "ClusterNotFoundException") throw error;
      throw new UserError(
        `There is no ECS cluster ${cluster}: is ${name} deployed, and are these credentials of its account?`,
      );
    });
  const active = services.find(({ status }) => status === "ACTIVE");
  if (active) return active;
  throw new UserError(`${service.name} is not deployed in ${cluster}. Deploy it first: ${advice.apply(environment)}`);
}
