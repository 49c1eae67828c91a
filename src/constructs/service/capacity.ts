import type { EcsServiceCapacityProviderStrategy } from "@cdktf/provider-aws/lib/ecs-service";
import type { ITerraformDependable } from "cdktf";
import type { EcsCluster } from "./ecs-cluster";
import { capacityDefaults } from "../../aws/defaults";
import { fargateProviders } from "../../aws/ecs/capacity";

/** A part of a service's tasks. */
export interface CapacityShare {
  /** Tasks that run on it before the weights count; only one of the two may have a base. @default 0 */
  readonly base?: number;
  /** Its share of the tasks beyond the base. @default 1 */
  readonly weight?: number;
}

/**
 * On what the tasks of a service run. Fargate Spot is cheaper, and AWS takes a task back two minutes after a warning.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html
 */
export interface Capacity {
  /** @default none */
  readonly spot?: CapacityShare | undefined;
  /** Fargate without interruptions. @default none */
  readonly onDemand?: CapacityShare | undefined;
}

/** The arguments of an ECS service that decide on what its tasks run: a launch type, or a strategy. */
export function capacityOf(capacity: Capacity | undefined): {
  readonly launchType?: string;
  readonly capacityProviderStrategy?: EcsServiceCapacityProviderStrategy[];
  readonly forceNewDeployment?: boolean;
} {
  if (!capacity) return { launchType: "FARGATE" };
  const share = (capacityProvider: string, part: CapacityShare | undefined) =>
    part ? [{ capacityProvider, base: capacityDefaults.base, weight: capacityDefaults.weight, ...part }] : [];
  return {
    capacityProviderStrategy: [
      ...share(fargateProviders.onDemand, capacity.onDemand),
      ...share(fargateProviders.spot, capacity.spot),
    ],
    // Without it the provider replaces the service when a weight changes, or refuses that.
    forceNewDeployment: true,
  };
}

/** What must exist before a service with such a capacity. */
export const capacityBefore = ({
  capacity,
  cluster,
}: {
  readonly capacity: Capacity | undefined;
  readonly cluster: EcsCluster;
}): ITerraformDependable[] => (capacity && cluster.capacity ? [cluster.capacity] : []);
