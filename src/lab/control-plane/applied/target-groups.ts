import {
  DescribeTargetGroupAttributesCommand,
  paginateDescribeTargetGroups,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { TargetGroup } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { AwsClients } from "../../local-aws/aws-clients";
import type { TargetGroupSpec } from "../../data-plane/data-plane";

/** How a target group checks its targets. Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html */
export interface TargetHealthCheck {
  readonly protocol: "HTTP" | "HTTPS";
  readonly path: string;
  /** Left out: the port of the target. */
  readonly port?: number;
  /** Seconds between the beginnings of two checks. */
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  /** Successes in a row that make an unhealthy target healthy; a new one needs one. */
  readonly healthyThreshold: number;
  /** Failures in a row that make a target unhealthy. */
  readonly unhealthyThreshold: number;
  /** Statuses of a success, such as `200` or `200-299,301`. */
  readonly statuses: string;
}

/** A target group of type `ip`. */
export interface AppliedTargetGroup extends Pick<TargetGroupSpec, "protocol" | "algorithm" | "stickySeconds"> {
  readonly arn: string;
  readonly healthCheck: TargetHealthCheck;
  /** Seconds for which a target that is deregistered drains. */
  readonly deregistrationDelaySeconds: number;
}

/** @param limitations gets what the lab can't do */
export async function readTargetGroups(
  clients: AwsClients,
  vpcId: string,
  limitations: string[],
): Promise<AppliedTargetGroup[]> {
  const client = clients.loadBalancing;
  const groups: TargetGroup[] = [];
  for await (const page of paginateDescribeTargetGroups({ client }, {})) groups.push(...(page.TargetGroups ?? []));
  const own = groups.filter(({ VpcId, TargetType }) => VpcId === vpcId && TargetType === "ip");
  return Promise.all(own.map((group) => targetGroup(clients, group, limitations)));
}

async function targetGroup(
  { loadBalancing }: AwsClients,
  group: TargetGroup,
  limitations: string[],
): Promise<AppliedTargetGroup> {
  const { TargetGroupArn, TargetGroupName: name } = group;
  const { Attributes = [] } = await loadBalancing.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn }));
  const attribute = (key: string) => Attributes.find(({ Key }) => Key === key)?.Value;
  const sticky = attribute("stickiness.enabled") === "true";
  if (sticky && attribute("stickiness.type") !== "lb_cookie") {
    limitations.push(`Target group ${name} isn't sticky in the lab, which knows stickiness by lb_cookie.`);
  }
  if (Number(attribute("slow_start.duration_seconds") ?? 0) > 0) {
    limitations.push(`Target group ${name} has no slow start in the lab.`);
  }
  return {
    arn: TargetGroupArn!,
    protocol: protocolOf(group.Protocol),
    algorithm:
      attribute("load_balancing.algorithm.type") === "least_outstanding_requests"
        ? "least_outstanding_requests"
        : "round_robin",
    ...(sticky ? { stickySeconds: Number(attribute("stickiness.lb_cookie.duration_seconds") ?? 86_400) } : {}),
    deregistrationDelaySeconds: Number(attribute("deregistration_delay.timeout_seconds") ?? 300),
    healthCheck: healthCheckOf(group),
  };
}

function healthCheckOf(group: TargetGroup): TargetHealthCheck {
  const port = Number(group.HealthCheckPort);
  return {
    protocol: protocolOf(group.HealthCheckProtocol ?? group.Protocol),
    path: group.HealthCheckPath ?? "/",
    ...(Number.isInteger(port) ? { port } : {}),
    intervalSeconds: group.HealthCheckIntervalSeconds ?? 30,
    timeoutSeconds: group.HealthCheckTimeoutSeconds ?? 5,
    healthyThreshold: group.HealthyThresholdCount ?? 5,
    unhealthyThreshold: group.UnhealthyThresholdCount ?? 2,
    statuses: group.Matcher?.HttpCode ?? "200",
  };
}

const protocolOf = (protocol: string | undefined): "HTTP" | "HTTPS" => (protocol === "HTTPS" ? "HTTPS" : "HTTP");
