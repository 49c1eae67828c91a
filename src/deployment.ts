/**
 * How a service's tasks are replaced: the option `deployment` of a service. A leaf: it imports no room.
 */
import { deploymentPercent } from "./aws/ecs/deployment-percent";

/** Old tasks are replaced by new ones a few at a time. */
export interface Rolling {
  /** Most tasks during a deployment, in percent of `tasks`, 100–200. @default 200, or with `dnspoll` as many as one DNS answer can hold */
  readonly maximumPercent?: number | undefined;
  /** Tasks that stay healthy during a deployment, in percent of `tasks`, 0–100. @default 100 */
  readonly healthyPercent?: number | undefined;
}

/** A request header that reaches the new tasks as soon as they are healthy, before visitors do. */
export interface TestHeader {
  readonly name: string;
  readonly value: string;
}

/** All new tasks start next to all old ones; then the load balancer shifts requests. */
export interface Shifting {
  /** Minutes that the old tasks stay after the last shift, 0–1440: going back takes seconds in that time. @default 5 */
  readonly bakeMinutes?: number | undefined;
  /** @default none */
  readonly testHeader?: TestHeader | undefined;
}

/** All requests at once. */
export type BlueGreen = Shifting;

/** A few percent of all requests first, then the rest. */
export interface Canary extends Shifting {
  /** Percent of requests that the new tasks get first, 1–99. @default 5 */
  readonly percent?: number | undefined;
  /** Minutes until they get the rest, 0–1440. @default 10 */
  readonly canaryMinutes?: number | undefined;
}

/** Requests in equal steps. */
export interface Linear extends Shifting {
  /** Percent of requests that each step adds, 3–99. @default 10 */
  readonly stepPercent?: number | undefined;
  /** Minutes between two steps, 0–1440. @default 6 */
  readonly stepMinutes?: number | undefined;
}

/**
 * How ECS replaces a service's tasks: exactly one of these. `rolling` needs nothing else; the others shift requests, so they
 * need a load balancer.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service-options.html
 */
export type DeploymentStrategy =
  | { readonly rolling: Rolling }
  | { readonly blueGreen: BlueGreen }
  | { readonly canary: Canary }
  | { readonly linear: Linear };

/** How a service is deployed. */
export interface DeploymentOptions {
  /** @default `{ rolling: {} }` */
  readonly strategy?: DeploymentStrategy | undefined;
  /** Names of CloudWatch alarms, 10 at most: one that goes off during a deployment rolls it back. @default none */
  readonly alarms?: readonly string[] | undefined;
}

/** Values that nothing sets; those of `canary` and `linear` are AWS's own. Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html */
export const deploymentDefaults = {
  healthyPercent: deploymentPercent.minimumHealthy,
  bakeMinutes: 5,
  canary: { percent: 5, canaryMinutes: 10 },
  linear: { stepPercent: 10, stepMinutes: 6 },
} as const;

/** The first AWS provider that knows every strategy. Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/CHANGELOG.md (6.21.0) */
export const strategiesProvider = "6.21.0";

/** Minutes in which ECS starts the new tasks and stops the old ones: the AWS provider's own limit for a rolling deployment. */
const replacementMinutes = 20;

/** The strategies that shift requests from old tasks to new ones. */
export const shiftingStrategies = ["blueGreen", "canary", "linear"] as const;

/** The options of a strategy that shifts requests; `undefined` for a rolling deployment. */
export function shiftingOf({ strategy = { rolling: {} } }: DeploymentOptions): Shifting | undefined {
  return "rolling" in strategy ? undefined : (Object.values(strategy)[0] as Shifting);
}

/** Minutes in which the load balancer shifts requests and the old tasks stay, at most. */
export function shiftMinutes({ strategy = { rolling: {} } }: DeploymentOptions): number {
  const { bakeMinutes = deploymentDefaults.bakeMinutes } = shiftingOf({ strategy }) ?? { bakeMinutes: 0 };
  if ("canary" in strategy)
    return bakeMinutes + (strategy.canary.canaryMinutes ?? deploymentDefaults.canary.canaryMinutes);
  if (!("linear" in strategy)) return bakeMinutes;
  const { stepPercent, stepMinutes } = { ...deploymentDefaults.linear, ...strategy.linear };
  return bakeMinutes + Math.ceil(100 / stepPercent!) * stepMinutes!;
}

/** Minutes that Terraform waits for a deployment's end, where no option says so. */
export const steadyStateMinutes = (deployment: DeploymentOptions): number =>
  replacementMinutes + shiftMinutes(deployment);
