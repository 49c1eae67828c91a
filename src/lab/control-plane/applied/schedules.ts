import { type TaskOverride, type NetworkConfiguration } from "@aws-sdk/client-ecs";
import { GetScheduleCommand, type GetScheduleCommandOutput, paginateListSchedules } from "@aws-sdk/client-scheduler";
import type { AwsClients } from "../../local-aws/aws-clients";

/** A schedule of EventBridge Scheduler that runs a task. */
export interface AppliedSchedule {
  readonly name: string;
  /** Name of its schedule group. */
  readonly group: string;
  /** Such as `cron(0 3 * * ? *)`. */
  readonly expression: string;
  readonly timezone: string;
  /** ARN of the role with which Scheduler starts the task. */
  readonly roleArn: string;
  readonly clusterArn: string;
  /** ARN; without a revision each run takes the newest one. */
  readonly taskDefinitionArn: string;
  readonly network: NetworkConfiguration;
  readonly overrides: TaskOverride;
}

/** Every schedule that runs a task, by group and name. */
export async function readSchedules({ scheduler }: AwsClients): Promise<readonly AppliedSchedule[]> {
  const found: AppliedSchedule[] = [];
  for await (const { Schedules = [] } of paginateListSchedules({ client: scheduler }, {}))
    for (const { Name, GroupName } of Schedules) {
      const schedule = appliedSchedule(await scheduler.send(new GetScheduleCommand({ Name, GroupName })));
      if (schedule) found.push(schedule);
    }
  return found.sort((a, b) => `${a.group}/${a.name}`.localeCompare(`${b.group}/${b.name}`));
}

/** Source: https://docs.aws.amazon.com/scheduler/latest/APIReference/API_EcsParameters.html */
function appliedSchedule(schedule: GetScheduleCommandOutput): AppliedSchedule | undefined {
  const { Name, GroupName, ScheduleExpression, ScheduleExpressionTimezone = "UTC", Target } = schedule;
  if (!Target?.EcsParameters) return undefined;
  const { TaskDefinitionArn, NetworkConfiguration: network } = Target.EcsParameters;
  const {
    Subnets: subnets,
    SecurityGroups: securityGroups,
    AssignPublicIp: assignPublicIp,
  } = network?.awsvpcConfiguration ?? {};
  return {
    name: Name!,
    group: GroupName!,
    expression: ScheduleExpression!,
    timezone: ScheduleExpressionTimezone,
    roleArn: Target.RoleArn!,
    clusterArn: Target.Arn!,
    taskDefinitionArn: TaskDefinitionArn!,
    network: { awsvpcConfiguration: { subnets, securityGroups, assignPublicIp } },
    overrides: JSON.parse(Target.Input ?? "{}") as TaskOverride,
  };
}
