import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { FlowLog } from "@cdktf/provider-aws/lib/flow-log";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Construct } from "constructs";
import { flowLogGroupName, flowLogRoleName } from "../../../aws/names";
import { literal } from "../../literal";
import { accountIdOf } from "../../stack-child";
import type { FlowLogs, NewVpcProps } from "./new-vpc-props";

type NameTemplates = NonNullable<NewVpcProps["nameTemplates"]>;

/** Properties of {@link vpcFlowLogs}. */
interface VpcFlowLogsProps {
  readonly name: string;
  readonly nameTemplates: NameTemplates;
  readonly vpcId: string;
  readonly flowLogs: FlowLogs;
}

/**
 * Records accepted and rejected connections of everything in the VPC.
 * Source: https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html
 */
export function vpcFlowLogs(scope: Construct, { name, nameTemplates, vpcId, flowLogs }: VpcFlowLogsProps): void {
  const logs = new Construct(scope, "flow-logs");
  new FlowLog(logs, "flow-log", {
    vpcId,
    trafficType: "ALL",
    tags: { Name: literal(name) },
    ...("s3" in flowLogs
      ? { logDestinationType: "s3", logDestination: literal(flowLogs.s3) }
      : {
          logDestinationType: "cloud-watch-logs",
          ...cloudWatch(logs, nameTemplates, flowLogs.cloudWatch.retentionDays),
        }),
  });
}

/** Source: https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html */
function cloudWatch(scope: Construct, { resources, roles }: NameTemplates, retentionInDays: number) {
  const group = new CloudwatchLogGroup(scope, "log-group", { name: flowLogGroupName(resources), retentionInDays });
  const account = accountIdOf(scope);
  const role = new IamRole(scope, "role", {
    name: flowLogRoleName(roles),
    assumeRolePolicy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: "sts:AssumeRole",
          Principal: { Service: "vpc-flow-logs.amazonaws.com" },
          Condition: { StringEquals: { "aws:SourceAccount": account } },
        },
      ],
    }),
  });
  const actions = ["CreateLogStream", "PutLogEvents", "DescribeLogGroups", "DescribeLogStreams"];
  const policy = new IamRolePolicy(scope, "policy", {
    name: "flow-logs",
    role: role.id,
    policy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: actions.map((action) => `logs:${action}`),
          Resource: [group.arn, `${group.arn}:*`],
        },
      ],
    }),
  });
  return { logDestination: group.arn, iamRoleArn: role.arn, dependsOn: [policy] };
}
