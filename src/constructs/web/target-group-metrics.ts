import { DataAwsLb } from "@cdktf/provider-aws/lib/data-aws-lb";
import { DataAwsLbTargetGroup } from "@cdktf/provider-aws/lib/data-aws-lb-target-group";
import { Fn } from "cdktf";
import { Construct } from "constructs";
import type { TargetMetrics } from "../monitoring/watched";

/** Properties of {@link targetGroupMetrics}. */
export interface TargetGroupMetricsProps {
  /** The service whose tasks register with it, for messages. */
  readonly service: string;
  /** ARN of a target group that another project owns. */
  readonly arn: string;
}

/**
 * Dimensions of the metrics of a target group that another project owns: its load balancer is looked up. The plan fails with the
 * reason when no load balancer forwards to it, which ECS refuses too, or one without these metrics.
 * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 */
export function targetGroupMetrics(scope: Construct, id: string, props: TargetGroupMetricsProps): TargetMetrics {
  const { service, arn } = props;
  const own = new Construct(scope, id);
  const targetGroup = new DataAwsLbTargetGroup(own, "target-group", {
    arn,
    lifecycle: {
      postcondition: [
        {
          condition: "${length(self.load_balancer_arns) == 1}",
          errorMessage: `No load balancer forwards to web.targetGroup.arn of ${service}, so ECS can't create the service, and alarms and requestsPerTask have no metrics: add a listener rule that does, in the project that owns the target group.`,
        },
      ],
    },
  });
  const loadBalancer = new DataAwsLb(own, "load-balancer", {
    arn: Fn.one(targetGroup.loadBalancerArns) as string,
    lifecycle: {
      postcondition: [
        {
          condition: '${self.load_balancer_type == "application"}',
          errorMessage: `web.targetGroup.arn of ${service} belongs to a \${self.load_balancer_type} load balancer, and alarms and requestsPerTask read the metrics of an Application Load Balancer: use a target group of one, or remove both.`,
        },
      ],
    },
  });
  return { LoadBalancer: loadBalancer.arnSuffix, TargetGroup: targetGroup.arnSuffix };
}
