import { deploymentPercent } from "../../../aws/ecs/deployment-percent";
import type { Resource, Resources } from "../../read/resources";
import { block, isReference, isUnknown, number, text, type Value, type Values } from "../../read/value";

/** How many tasks there are. */
export interface Scale {
  /** Tasks wanted; `undefined` where it isn't known. */
  readonly tasks: number | undefined;
  /** The most that autoscaling may want; the same as `tasks` without it. */
  readonly most: number | undefined;
  /** Why the number of tasks isn't known. */
  readonly because?: string;
  readonly maximumPercent: number;
  readonly minimumHealthyPercent: number;
}

/** Who deploys a service: ECS itself by default. Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentController.html */
export function controllerOf(service: Values): string {
  return text(block(service.deployment_controller)?.type) ?? "ECS";
}

/**
 * Source of the defaults, also those of a DAEMON, and of what blue/green does with them:
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
 */
export function scaleOf(service: Resource, resources: Resources): Scale {
  const { values } = service;
  const percentages = ({
    maximum,
    minimumHealthy,
  }: { maximum: number; minimumHealthy: number } = deploymentPercent) => ({
    maximumPercent: number(values.deployment_maximum_percent) ?? maximum,
    minimumHealthyPercent: number(values.deployment_minimum_healthy_percent) ?? minimumHealthy,
  });
  const unknown = (because: string) => ({ tasks: undefined, most: undefined, because });
  const strategy = values.scheduling_strategy ?? "REPLICA";
  if (strategy === "DAEMON")
    return {
      ...unknown("one task on each container instance (DAEMON), and a plan doesn't say how many these are"),
      ...percentages({ maximum: 100, minimumHealthy: 0 }),
    };
  if (strategy !== "REPLICA") return { ...unknown("its scheduling strategy isn't known"), ...percentages() };
  if (controllerOf(values) === "EXTERNAL")
    return { ...unknown("its task sets decide how many tasks there are (EXTERNAL)"), ...percentages() };
  // Terraform's default is 0; a plan has null there, as has a configuration that leaves it out.
  const count = values.desired_count ?? 0;
  const tasks = isUnknown(count) ? undefined : number(count);
  const targets = resources.of("aws_appautoscaling_target");
  const target = targets.find((target) => scales(target, service));
  if (!target && targets.some((target) => scales(target, service) === undefined))
    return {
      ...unknown("an autoscaling target may be about it: its resource_id isn't known"),
      ...percentages(),
    };
  const most = target ? maxCapacity(target, service, resources) : tasks;
  if (isBlueGreen(values)) return { tasks, most, ...deployedTwice };
  return {
    tasks,
    // Without the percentage nobody can tell how many tasks a deployment runs.
    most: isUnknown(values.deployment_maximum_percent) ? undefined : most,
    ...percentages(),
  };
}

/** The most tasks that a target allows, or one of its schedules; `undefined` where one of these isn't known. */
function maxCapacity(target: Resource, service: Resource, resources: Resources): number | undefined {
  const scheduled = resources
    .of("aws_appautoscaling_scheduled_action")
    .filter((action) => scales(action, service) !== false)
    .map(({ values }) => block(values.scalable_target_action)?.max_capacity)
    .filter((max) => max !== undefined && max !== null && max !== "");
  const all = [target.values.max_capacity, ...scheduled].map((max) => number(max));
  return all.includes(undefined) ? undefined : Math.max(...(all as number[]));
}

/** All old tasks and all new ones at once. */
const deployedTwice = { maximumPercent: 200, minimumHealthyPercent: 100 };

/** Whether all new tasks run next to all old ones, whatever the percentages say. */
function isBlueGreen(service: Values): boolean {
  const strategy = text(block(service.deployment_configuration)?.strategy) ?? "ROLLING";
  return controllerOf(service) === "CODE_DEPLOY" || strategy !== "ROLLING";
}

/** Whether autoscaling is about this service: by its name, or by what an id that isn't known yet refers to. */
function scales({ values: { resource_id: id } }: Resource, service: Resource): boolean | undefined {
  const mine = (part: Value) => isReference(part) && part.address === service.address;
  if (isUnknown(id)) {
    const services = id.candidates?.filter((part) => isReference(part) && /(^|\.)aws_ecs_service\./.test(part.address));
    return services?.length ? services.some(mine) : undefined;
  }
  const name = text(service.values.name);
  return mine(id ?? null) || (name !== undefined && (text(id)?.endsWith(`/${name}`) ?? false));
}
