import { DescribeTargetHealthCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Service } from "@aws-sdk/client-ecs";
import { targetGroupName } from "../../aws/arn";
import type { Aws } from "../../aws/sdk/clients";

/** A target of a load balancer. */
export interface TargetStatus {
  /** Name of its target group. */
  readonly group: string;
  readonly address: string;
  readonly port: number | undefined;
  /** Such as `healthy`, `initial`, `unhealthy`, `draining`. */
  readonly state: string;
  /** Elastic Load Balancing's code, such as `Target.Timeout`. */
  readonly reason: string | undefined;
  /** The reason in words. */
  readonly meaning: string | undefined;
}

/** Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html */
const meanings: Readonly<Record<string, string>> = {
  "Elb.RegistrationInProgress": "the load balancer is registering it",
  "Elb.InitialHealthChecking": "its first health checks are in progress",
  "Elb.InternalError": "the load balancer had an internal error",
  "Target.ResponseCodeMismatch": "it answers the health check with a status that the target group doesn't accept",
  "Target.Timeout": "it doesn't answer the health check in time: the application hangs, or a security group blocks it",
  "Target.FailedHealthChecks": "it refuses the connection, or its answer isn't HTTP",
  "Target.NotRegistered": "it isn't registered in the target group",
  "Target.NotInUse": "no listener uses the target group, or its Availability Zone is off in the load balancer",
  "Target.DeregistrationInProgress": "it gets no new requests, and finishes those it has",
  "Target.InvalidState": "it has stopped",
  "Target.IpUnusable": "its address belongs to a load balancer",
  "Target.HealthCheckDisabled": "health checks are off",
};

/** The health of the targets of a service's target groups. */
export async function targetsOf(
  { loadBalancing }: Pick<Aws, "loadBalancing">,
  service: Service,
): Promise<TargetStatus[]> {
  const groups = (service.loadBalancers ?? []).flatMap(({ targetGroupArn, advancedConfiguration }) => [
    ...(targetGroupArn ? [targetGroupArn] : []),
    ...(advancedConfiguration?.alternateTargetGroupArn ? [advancedConfiguration.alternateTargetGroupArn] : []),
  ]);
  const all = await Promise.all(
    groups.map(async (TargetGroupArn) => {
      const { TargetHealthDescriptions = [] } = await loadBalancing.send(
        new DescribeTargetHealthCommand({ TargetGroupArn }),
      );
      return TargetHealthDescriptions.map(({ Target, TargetHealth }) => ({
        group: targetGroupName(TargetGroupArn),
        address: Target?.Id ?? "",
        port: Target?.Port,
        state: TargetHealth?.State ?? "unknown",
        reason: TargetHealth?.Reason,
        meaning: inWords(TargetHealth?.Reason, TargetHealth?.Description),
      }));
    }),
  );
  return all.flat();
}

function inWords(reason: string | undefined, description: string | undefined): string | undefined {
  const meaning = meanings[reason ?? ""] ?? description;
  // The description has the status codes.
  const [, codes] = /\[([^\]]+)\]/.exec(description ?? "") ?? [];
  return codes && meanings[reason ?? ""] ? `${meaning} (${codes})` : meaning;
}
