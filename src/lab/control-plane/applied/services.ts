import { paginateListClusters, paginateListServices } from "@aws-sdk/client-ecs";
import type { Service } from "@aws-sdk/client-ecs";
import { lastPartOf } from "../../../aws/arn";
import { deploymentPercent } from "../../../aws/ecs/deployment-percent";
import { activeServices } from "../../../aws/sdk/services";
import type { AwsClients } from "../../local-aws/aws-clients";
import type { CapacityShare } from "../capacity";
import type { DeploymentConfiguration } from "../deployment";

/** Where a service's tasks register: `load_balancer` of an ECS service. */
export interface ServiceTarget {
  readonly targetGroupArn: string;
  readonly containerName: string;
  readonly containerPort: number;
}

/** An ECS service as it was applied. */
export interface AppliedService {
  readonly arn: string;
  readonly name: string;
  readonly clusterArn: string;
  /** Its revision is part of it. */
  readonly taskDefinitionArn: string;
  readonly desiredCount: number;
  readonly configuration: DeploymentConfiguration;
  /** How its tasks are replaced, such as `BLUE_GREEN`, or `CODE_DEPLOY`. */
  readonly strategy: string;
  /** Empty for a service with launch type Fargate. */
  readonly capacity: readonly CapacityShare[];
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** Id of its Cloud Map service, `srv-…`: ECS takes one at most. */
  readonly registryId?: string;
  /** Target groups of load balancers that its tasks register in. */
  readonly targets: readonly ServiceTarget[];
  /** Seconds after a task's start in which a failed health check has no consequence. */
  readonly gracePeriodSeconds: number;
  /** Id of the deployment that ECS's API calls primary: a new one means that a client began a deployment. */
  readonly deploymentId: string;
  readonly enableExecuteCommand: boolean;
}

/**
 * All active services of all clusters.
 * @throws Error for a service that Fargate's rolling update does not apply to, or that has no subnets.
 */
export async function readServices(clients: AwsClients): Promise<AppliedService[]> {
  const services: Service[] = [];
  for await (const { clusterArns = [] } of paginateListClusters({ client: clients.ecs }, {})) {
    for (const cluster of clusterArns) {
      const arns: string[] = [];
      for await (const page of paginateListServices({ client: clients.ecs }, { cluster }))
        arns.push(...(page.serviceArns ?? []));
      services.push(...(await activeServices(clients, cluster, arns)));
    }
  }
  return services.map(appliedService);
}

function appliedService(service: Service): AppliedService {
  const name = service.serviceName!;
  const controller = service.deploymentController?.type ?? "ECS";
  if (controller === "EXTERNAL") {
    throw new Error(
      `Service "${name}" has the deployment controller EXTERNAL: its tasks come from task sets of another program, which ` +
        `the lab doesn't run. Set the deployment_controller of aws_ecs_service to ECS.`,
    );
  }
  const network = service.networkConfiguration?.awsvpcConfiguration;
  if (!network?.subnets?.length) {
    throw new Error(
      `Service "${name}" names no subnets, so its tasks have no place to be. A Fargate service needs a network ` +
        `configuration: network_configuration { subnets = […] } of aws_ecs_service.`,
    );
  }
  const registryArn = service.serviceRegistries?.[0]?.registryArn;
  return {
    arn: service.serviceArn!,
    name,
    clusterArn: service.clusterArn!,
    taskDefinitionArn: service.taskDefinition!,
    desiredCount: service.desiredCount ?? 0,
    configuration: configurationOf(service),
    strategy: controller === "CODE_DEPLOY" ? controller : (service.deploymentConfiguration?.strategy ?? "ROLLING"),
    capacity: (service.capacityProviderStrategy ?? []).map(({ capacityProvider, base = 0, weight = 0 }) => ({
      provider: capacityProvider!,
      base,
      weight,
    })),
    subnetIds: network.subnets,
    securityGroupIds: network.securityGroups ?? [],
    registryId: registryArn === undefined ? undefined : lastPartOf(registryArn),
    targets: (service.loadBalancers ?? []).flatMap(({ targetGroupArn, containerName, containerPort }) =>
      targetGroupArn ? [{ targetGroupArn, containerName: containerName!, containerPort: containerPort! }] : [],
    ),
    gracePeriodSeconds: service.healthCheckGracePeriodSeconds ?? 0,
    // A service that CodeDeploy deploys has no deployments of ECS: its first tasks are one anyway.
    deploymentId: service.deployments?.find(({ status }) => status === "PRIMARY")?.id ?? `ecs-svc/${name}`,
    enableExecuteCommand: service.enableExecuteCommand ?? false,
  };
}

function configurationOf({ deploymentConfiguration }: Service): DeploymentConfiguration {
  const breaker = deploymentConfiguration?.deploymentCircuitBreaker;
  const alarms = deploymentConfiguration?.alarms;
  return {
    minimumHealthyPercent: deploymentConfiguration?.minimumHealthyPercent ?? deploymentPercent.minimumHealthy,
    maximumPercent: deploymentConfiguration?.maximumPercent ?? deploymentPercent.maximum,
    circuitBreaker: { enable: breaker?.enable ?? false, rollback: breaker?.rollback ?? false },
    ...(alarms?.enable && { alarms: { names: alarms.alarmNames ?? [], rollback: alarms.rollback ?? false } }),
  };
}
