import type { EcsServiceConfig } from "@cdktf/provider-aws/lib/ecs-service";
import { deploymentDefaults, type DeploymentOptions, shiftingOf, strategiesProvider } from "../../deployment";
import type { Construct } from "constructs";
import { requireAwsProvider } from "../aws-provider-range";
import { expression } from "../reference";
import type { TrafficShift } from "../web/web-target";
import type { ServiceSettings } from "./elixir-service-props";

type Deployment = Pick<
  EcsServiceConfig,
  | "alarms"
  | "availabilityZoneRebalancing"
  | "deploymentCircuitBreaker"
  | "deploymentConfiguration"
  | "deploymentMaximumPercent"
  | "deploymentMinimumHealthyPercent"
  | "timeouts"
  | "waitForSteadyState"
>;

/** How an ECS service replaces its tasks, and how long Terraform waits for that. */
export function ecsDeployment(scope: Construct, settings: ServiceSettings): Deployment {
  const { deployment, maximumPercent, healthyPercent, steadyStateMinutes } = settings;
  const alarms = deployment.alarms ?? [];
  if (shiftingOf(deployment)) requireAwsProvider(scope, strategiesProvider);
  return {
    deploymentCircuitBreaker: { enable: true, rollback: true },
    deploymentMinimumHealthyPercent: healthyPercent,
    deploymentMaximumPercent: maximumPercent,
    // ECS can only move a task between zones by starting the new one first.
    availabilityZoneRebalancing: maximumPercent > 100 ? "ENABLED" : "DISABLED",
    ...(alarms.length > 0 ? { alarms: { alarmNames: [...alarms], enable: true, rollback: true } } : {}),
    ...configurationOf(deployment),
    ...(steadyStateMinutes === undefined
      ? {}
      : {
          waitForSteadyState: true,
          timeouts: { create: `${steadyStateMinutes}m`, update: `${steadyStateMinutes}m` },
        }),
  };
}

/**
 * `deployment_configuration`; nothing for a rolling deployment, which every provider knows.
 * Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ecs_service#deployment_configuration-block
 */
function configurationOf({
  strategy = { rolling: {} },
}: DeploymentOptions): Pick<Deployment, "deploymentConfiguration"> {
  const shifting = shiftingOf({ strategy });
  if (!shifting) return {};
  const bakeTimeInMinutes = String(shifting.bakeMinutes ?? deploymentDefaults.bakeMinutes);
  if ("canary" in strategy) {
    const { percent, canaryMinutes } = { ...deploymentDefaults.canary, ...strategy.canary };
    const canaryConfiguration = { canaryPercent: percent, canaryBakeTimeInMinutes: String(canaryMinutes) };
    return { deploymentConfiguration: { strategy: "CANARY", bakeTimeInMinutes, canaryConfiguration } };
  }
  if ("linear" in strategy) {
    const { stepPercent, stepMinutes } = { ...deploymentDefaults.linear, ...strategy.linear };
    const linearConfiguration = { stepPercent, stepBakeTimeInMinutes: String(stepMinutes) };
    return { deploymentConfiguration: { strategy: "LINEAR", bakeTimeInMinutes, linearConfiguration } };
  }
  return { deploymentConfiguration: { strategy: "BLUE_GREEN", bakeTimeInMinutes } };
}

/** `advanced_configuration` of the load balancer that shifts requests. */
export function trafficShiftOf(shift: TrafficShift | undefined) {
  return shift && { advancedConfiguration: { ...shift } };
}

/**
 * Fails `apply` where ECS has gone back to another task definition. Without it, AWS provider 5 takes the steady state after
 * a rollback for success (hashicorp/terraform-provider-aws#20858); provider 6 fails by itself.
 *
 * @param taskDefinitionArn the one that was asked for
 */
function rolledBack(scope: Construct, taskDefinitionArn: string) {
  return {
    condition: `\${self.task_definition == ${expression(scope, taskDefinitionArn)}}`,
    errorMessage:
      "ECS rolled the deployment back: the service runs another task definition than the one that was applied. " +
      "Its events and its stopped tasks have the reason.",
  };
}

/** What Terraform leaves to autoscaling, and what it checks after a deployment. @param taskDefinitionArn the one that is asked for */
export function lifecycleOf(
  scope: Construct,
  { autoscaled, tasks, steadyStateMinutes }: ServiceSettings,
  taskDefinitionArn: string,
): Pick<EcsServiceConfig, "lifecycle"> {
  const isScaled = autoscaled || typeof tasks === "object";
  if (!isScaled && steadyStateMinutes === undefined) return {};
  return {
    lifecycle: {
      ...(isScaled ? { ignoreChanges: ["desired_count"] } : {}),
      ...(steadyStateMinutes === undefined ? {} : { postcondition: [rolledBack(scope, taskDefinitionArn)] }),
    },
  };
}
