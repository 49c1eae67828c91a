import { deploymentDefaults, type DeploymentStrategy } from "../../deployment";
import { controllerOf } from "../cluster/tasks/scale";
import { isConfigured } from "../read/configured";
import type { Resource } from "../read/resources";
import {
  block,
  isAbsent,
  isReference,
  isUnknown,
  number,
  openBlocks,
  setByAws,
  text,
  type Value,
  type Values,
} from "../read/value";

/** The strategies that shift requests, as ECS names them. */
const shifting = new Set(["BLUE_GREEN", "CANARY", "LINEAR"]);

/** ECS's name for the strategy of a service that shifts requests; `undefined` for a rolling deployment, another controller, and what isn't known. */
export function shiftName(service: Values): string | undefined {
  const name = text(block(service.deployment_configuration)?.strategy);
  return name !== undefined && shifting.has(name) && controllerOf(service) === "ECS" ? name : undefined;
}

/**
 * How ECS replaces the tasks of a service; `undefined` where that isn't known, and where ECS doesn't decide it. A bake time that
 * nothing sets is 0.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
 */
export function strategyOf(service: Resource): DeploymentStrategy | undefined {
  const { deployment_configuration: configuration } = service.values;
  if (controllerOf(service.values) !== "ECS") return undefined;
  // AWS provider 6 shows the block as known after apply where the configuration has none.
  if (openBlocks(configuration)) return isConfigured(service, "deployment_configuration") ? undefined : { rolling: {} };
  const options = block(configuration) ?? {};
  const strategy = options.strategy ?? "ROLLING";
  if (strategy === "ROLLING") return { rolling: {} };
  const bakeMinutes = numberOf(options.bake_time_in_minutes, 0);
  if (bakeMinutes === undefined) return undefined;
  const { canary, linear } = deploymentDefaults;
  if (strategy === "BLUE_GREEN") return { blueGreen: { bakeMinutes } };
  if (strategy === "CANARY") {
    const { canary_percent, canary_bake_time_in_minutes } = block(options.canary_configuration) ?? {};
    const percent = numberOf(canary_percent, canary.percent);
    const canaryMinutes = numberOf(canary_bake_time_in_minutes, canary.canaryMinutes);
    if (percent === undefined || canaryMinutes === undefined) return undefined;
    return { canary: { percent, canaryMinutes, bakeMinutes } };
  }
  if (strategy !== "LINEAR") return undefined;
  const { step_percent, step_bake_time_in_minutes } = block(options.linear_configuration) ?? {};
  const stepPercent = numberOf(step_percent, linear.stepPercent);
  const stepMinutes = numberOf(step_bake_time_in_minutes, linear.stepMinutes);
  if (stepPercent === undefined || stepMinutes === undefined) return undefined;
  return { linear: { stepPercent, stepMinutes, bakeMinutes } };
}

/** Whether the configuration sets nothing. */
export const isUnset = (value: Value | undefined): boolean => isAbsent(value) || value === setByAws;

/** A number that an attribute sets; `undefined` where it isn't known before apply. */
function numberOf(value: Value | undefined, unset: number): number | undefined {
  if (isUnset(value)) return unset;
  return isUnknown(value) || isReference(value) ? undefined : number(value);
}
