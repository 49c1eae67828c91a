import { defined, serviceDefaults, webDefaults } from "../../aws/defaults";
import { nameFrom, serviceTemplates, type ServiceTemplates, trafficShiftRoleName } from "../../aws/names";
import type { DeploymentOptions } from "../../deployment";
import type { LoadBalancer } from "./load-balancer";

/** The load balancer's health check of a task. Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html */
export interface TargetHealthCheck {
  /** Path that the load balancer requests by HTTP. @default "/health" */
  readonly path?: string | undefined;
  /** Seconds between checks, 5–300. @default 10 */
  readonly intervalSeconds?: number | undefined;
  /** Seconds until a check fails, 2–120, below the interval. @default 5 */
  readonly timeoutSeconds?: number | undefined;
  /** Checks in a row that make an unhealthy task healthy, 2–10; a new task needs one. @default 2 */
  readonly healthyThreshold?: number | undefined;
  /** Failed checks in a row that make a task unhealthy, 2–10. @default 3 */
  readonly unhealthyThreshold?: number | undefined;
  /** Status codes of a healthy task, such as `200` or `200-204`. @default "200" */
  readonly statusCodes?: string | undefined;
}

/** What of a service is in the web. */
export interface WebRouteOptions {
  /** Its public name, such as `shop.example.com`; `*.example.com` stands for all names of one level. */
  readonly domain: string;
  /** Further names. @default none */
  readonly extraDomains?: readonly string[] | undefined;
  /** Paths that it takes, such as `/api/*`. @default all */
  readonly paths?: readonly string[] | undefined;
  /** Priority of its rule, 1–50000, where the derived one won't do. @default derived from the name of the service */
  readonly priority?: number | undefined;
  /** @default all defaults of {@link TargetHealthCheck} */
  readonly healthCheck?: TargetHealthCheck | undefined;
  /** Seconds after a task's start in which ECS ignores the load balancer's health checks. @default 60 */
  readonly healthCheckGracePeriodSeconds?: number | undefined;
  /** Seconds for which a visitor's requests go to one task, by cookie, 1–604800. @default no stickiness */
  readonly stickiness?: { readonly seconds: number } | undefined;
  /** Seconds for which a stopping task finishes its requests, 0–3600. @default 30, or `stopTimeoutSeconds` where that is less */
  readonly deregistrationDelaySeconds?: number | undefined;
  /** Seconds in which a new task's share of requests grows, 0 or 30–900. @default 0 */
  readonly slowStartSeconds?: number | undefined;
  /** Seconds that the endpoint takes to ask its sockets to reconnect, at most. @default 30, Phoenix's own default */
  readonly drainerSeconds?: number | undefined;
  /** An existing certificate for all its names. @default a new one from ACM */
  readonly certificate?: { readonly arn: string } | undefined;
}

/** Properties of a {@link WebRoute}. */
export interface WebRouteProps extends WebRouteOptions {
  /** The load balancer that gets the listener rule. */
  readonly loadBalancer: LoadBalancer;
  /** The service's name, unique on the load balancer. */
  readonly name: string;
  /** Templates of names that are unique in the account or region, such as `prod-{service}`. @default "{service}" */
  readonly nameTemplates?: ServiceTemplates | undefined;
  /** Id of the VPC, which the target groups are in. */
  readonly vpcId: string;
  /** TCP port of HTTP. @default 4000 */
  readonly httpPort?: number | undefined;
  /** The service's deployment: one that shifts requests needs a second target group. @default rolling */
  readonly deployment?: DeploymentOptions | undefined;
  /** Seconds from SIGTERM to SIGKILL of its tasks. @default 40 */
  readonly stopTimeoutSeconds?: number | undefined;
}

/** `props` with every default filled in. */
export function routeSettings(props: WebRouteProps) {
  const { name, stopTimeoutSeconds = serviceDefaults.stopTimeoutSeconds } = props;
  const { resources, roles } = serviceTemplates(props.nameTemplates);
  return {
    ...webDefaults,
    stickiness: undefined,
    certificate: undefined,
    priority: undefined,
    deployment: {},
    httpPort: serviceDefaults.httpPort,
    deregistrationDelaySeconds: Math.min(webDefaults.deregistrationDelaySeconds, stopTimeoutSeconds),
    ...defined(props),
    fullName: nameFrom(resources, name),
    trafficShiftRole: trafficShiftRoleName(roles, name),
    healthCheck: {
      path: serviceDefaults.healthCheck.path,
      ...webDefaults.healthCheck,
      ...defined(props.healthCheck ?? {}),
    },
  };
}
