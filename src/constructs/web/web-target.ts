import type { ITerraformDependable } from "cdktf";
import type { TargetMetrics } from "../monitoring/watched";
import type { WebTimes } from "../../web-times";

/** Where a service's tasks get HTTP from: a target group that they register with, and who sends to it. */
export interface WebTarget {
  /** ARN of the target group, of target type `ip`. */
  readonly targetGroupArn: string;
  /** The load balancer's security group: it may reach the HTTP port. */
  readonly securityGroupId: string;
  /** Whether that group is of this stack, and gets a rule that lets it reach the tasks. @default false */
  readonly ownsSecurityGroup?: boolean | undefined;
  /** The public host name: the container's `PHX_HOST`. @default the container gets none */
  readonly domain?: string | undefined;
  /** Seconds after a task's start in which ECS ignores the load balancer's health checks. @default 60 */
  readonly healthCheckGracePeriodSeconds?: number | undefined;
  /** What must exist before ECS accepts the target group: a rule that forwards to it. @default nothing */
  readonly dependsOn?: readonly ITerraformDependable[] | undefined;
  /** Dimensions of the load balancer's metrics about this target group. @default unknown, so no alarm has them */
  readonly metrics?: TargetMetrics | undefined;
  /** The times that a deployment depends on, as far as they are known here. */
  readonly times?: Pick<WebTimes, "drainer" | "deregistrationDelay" | "idleTimeout" | "healthCheck"> | undefined;
}
