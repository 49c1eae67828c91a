import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { Construct } from "constructs";
import { failedDeploymentsRuleName } from "../../aws/names";
import { failedDeployment } from "../../monitoring/cluster-alarms";

/** Characters of an event pattern. Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const maxPattern = 2048;
/** Characters of a service's ARN without its two names, in any partition and region, with quotes and a comma. */
const arnOverhead = 60;
/** Characters of the pattern without its ARNs. */
const patternOverhead = 150;

/** Properties of {@link FailedDeployments}. */
export interface FailedDeploymentsProps {
  /** The environment's name. */
  readonly environment: string;
  /** Template of the rules' names. */
  readonly nameTemplate: string;
  readonly ecsClusterName: string;
  /** ECS services: each its name, and its ARN. */
  readonly services: readonly { readonly ecsServiceName: string; readonly ecsServiceArn: string }[];
  /** ARN of the SNS topic that hears of it. Its policy must allow events.amazonaws.com to publish. */
  readonly topicArn: string;
}

/**
 * EventBridge rules that report each deployment that the circuit breaker ends and rolls back. One rule for all services, or
 * several where their ARNs exceed what one rule's pattern takes.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html
 */
export class FailedDeployments extends Construct {
  /** The rules' names, for metrics about them. */
  readonly ruleNames: readonly string[];

  constructor(scope: Construct, id: string, props: FailedDeploymentsProps) {
    super(scope, id);
    const { environment, nameTemplate, topicArn } = props;
    this.ruleNames = batches(props).map((arns, index) => {
      const name = failedDeploymentsRuleName(nameTemplate, index);
      const rule = new CloudwatchEventRule(this, `rule-${index}`, {
        name,
        description: `Deployments of ${environment} that failed and are rolled back`,
        eventPattern: JSON.stringify({
          source: [failedDeployment.source],
          "detail-type": [failedDeployment.detailType],
          resources: arns,
          detail: { eventName: [failedDeployment.eventName] },
        }),
      });
      new CloudwatchEventTarget(this, `target-${index}`, { rule: rule.name, targetId: "topic", arn: topicArn });
      return name;
    });
  }
}

/** The services' ARNs, as many in each batch as one pattern takes. */
function batches({ services, ecsClusterName }: FailedDeploymentsProps): string[][] {
  const found: string[][] = [];
  let left = 0;
  for (const { ecsServiceName, ecsServiceArn } of services) {
    const length = arnOverhead + ecsClusterName.length + ecsServiceName.length;
    if (length > left) {
      found.push([]);
      left = maxPattern - patternOverhead;
    }
    found.at(-1)!.push(ecsServiceArn);
    left -= length;
  }
  return found;
}
