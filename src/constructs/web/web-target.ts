import type { ITerraformDependable } from "cdktf";
import type { TargetMetrics } from "../monitoring/watched";
import type { WebTimes } from "../../web-times";

/** What ECS needs to shift requests from old tasks to new ones: `advanced_configuration` of a service's load balancer. */
export interface TrafficShift {
  /** ARN of the target group that the other version's tasks register with. */
  readonly alternateTargetGroupArn: string;
  /** ARN of the listener rule whose weights ECS sets. */
  readonly productionListenerRule: string;
  /** ARN of the listener rule that sends test requests to the new tasks. @default none */
  readonly testListenerRule?: string | undefined;
  /** ARN of the role with which ECS changes rules and target groups. */
  readonly roleArn: string;
}

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
  /**
   * Dimensions of the load balancer's metrics about this target group, and about the alternate one where the deployment shifts
   * requests. @default unknown, so no alarm has them
   */
  readonly metrics?: readonly TargetMetrics[] | undefined;
  /** Where the service's deployment shifts requests. @default nowhere: only a rolling deployment is possible */
  readonly trafficShift?: TrafficShift | undefined;
  /** The times that a deployment depends on, as far as they are known here. */
  readonly times?: Pick<WebTimes, "drainer" | "deregistrationDelay" | "idleTimeout" | "healthCheck"> | undefined;
}
