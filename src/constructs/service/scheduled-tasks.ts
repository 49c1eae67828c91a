import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { SchedulerSchedule } from "@cdktf/provider-aws/lib/scheduler-schedule";
import { SchedulerScheduleGroup } from "@cdktf/provider-aws/lib/scheduler-schedule-group";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { wrongCron } from "../../aws/cron";
import { defined, scheduleDefaults } from "../../aws/defaults";
import { initContainerName } from "../../containers/node-container";
import { containerOverrides } from "../../containers/one-off-command";
import { deletedLast } from "../lifecycle";
import { literal } from "../literal";
import type { Network } from "../network/network";
import { accountIdOf, partitionOf } from "../stack-child";
import type { EcsCluster } from "./ecs-cluster";
import type { TaskRoles } from "./task-roles";

/** A task that runs a command at certain times. */
export interface ScheduledTask {
  /** Minutes, hours, day of month, month, day of week, year. Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html */
  readonly cron: string;
  /** IANA name of the time zone of `cron`. @default "UTC" */
  readonly timezone?: string;
  /** A command of the release, or a program's path and its arguments. */
  readonly command: readonly string[];
  /** Whether its task is a node of the service's cluster. @default false */
  readonly join?: boolean;
  /** Further attempts to start the task, 0–185, and seconds after which Scheduler gives up, 60–86400. @default 185 attempts within 3600 s */
  readonly retry?: { readonly attempts?: number; readonly seconds?: number };
  /** ARN of an SQS queue that gets what was never started. @default none */
  readonly deadLetterQueue?: string | undefined;
}

/** Properties of {@link ScheduledTasks}. */
export interface ScheduledTasksProps {
  /** The service's name: its container's. */
  readonly name: string;
  /** The family of its task definition, and the name of the schedule group. */
  readonly fullName: string;
  /** The name of the role with which Scheduler runs the tasks. */
  readonly roleName: string;
  readonly region: string;
  readonly releaseName: string;
  /** What runs before the service's nodes start. */
  readonly beforeStart: readonly string[] | undefined;
  readonly cluster: EcsCluster;
  readonly network: Network;
  /** The groups of tasks that don't join the cluster. */
  readonly securityGroupIds: readonly string[];
  /** The groups of the service's tasks, a list token. */
  readonly clusterSecurityGroupIds: string[];
  readonly executeCommand: boolean;
  readonly roles: TaskRoles;
  readonly taskDefinition: ITerraformDependable;
  /** By name. */
  readonly schedule: Readonly<Record<string, ScheduledTask>>;
}

/**
 * A service's schedules: EventBridge Scheduler runs its task definition with another command. They name the family, so each
 * run takes the newest revision, and a plan of new code doesn't touch them.
 * Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html
 */
export class ScheduledTasks extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: ScheduledTasksProps,
  ) {
    super(scope, id);
    const { schedule, fullName } = props;
    // A group of its own, so that the role's trust can name it: AWS advises against naming a single schedule.
    const group = new SchedulerScheduleGroup(this, "group", { name: fullName });
    const role = this.role();
    const policy = new IamRolePolicy(this, "policy", {
      name: "schedule",
      role: role.id,
      policy: JSON.stringify({ Version: "2012-10-17", Statement: this.statements() }),
      lifecycle: deletedLast,
    });
    const schedules = new Construct(this, "schedules");
    for (const [name, task] of Object.entries(schedule)) {
      new SchedulerSchedule(schedules, name, {
        name,
        groupName: group.name,
        scheduleExpression: `cron(${task.cron})`,
        scheduleExpressionTimezone: task.timezone ?? scheduleDefaults.timezone,
        flexibleTimeWindow: { mode: "OFF" },
        target: this.target(task, role),
        dependsOn: [policy, props.taskDefinition],
      });
    }
    this.node.addValidation({
      validate: () =>
        Object.entries(schedule).flatMap(([name, { cron }]) => {
          const allowed = wrongCron(cron);
          return allowed === undefined ? [] : [`schedule.${name}.cron is "${cron}"; allowed: ${allowed}`];
        }),
    });
  }

  private target({ command, join = false, retry = {}, deadLetterQueue }: ScheduledTask, role: IamRole) {
    const { name, releaseName, beforeStart, cluster, network } = this.props;
    const overrides = containerOverrides({
      container: name,
      releaseName,
      command,
      join,
      before: beforeStart ? [{ name: initContainerName(name), command: beforeStart }] : [],
    });
    const { attempts, seconds } = { ...scheduleDefaults.retry, ...defined(retry) };
    return {
      arn: cluster.arn,
      roleArn: role.arn,
      ecsParameters: {
        taskDefinitionArn: this.ecsArn(`task-definition/${this.props.fullName}`),
        launchType: "FARGATE",
        platformVersion: "LATEST",
        enableEcsManagedTags: true,
        enableExecuteCommand: this.props.executeCommand,
        propagateTags: "TASK_DEFINITION",
        networkConfiguration: {
          subnets: network.subnetIds,
          securityGroups: join ? this.props.clusterSecurityGroupIds : [...this.props.securityGroupIds],
          assignPublicIp: network.publicIp,
        },
      },
      input: literal(JSON.stringify({ containerOverrides: overrides })),
      retryPolicy: { maximumRetryAttempts: attempts, maximumEventAgeInSeconds: seconds },
      ...(deadLetterQueue === undefined ? {} : { deadLetterConfig: { arn: deadLetterQueue } }),
    };
  }

  /** Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html */
  private role(): IamRole {
    const { fullName, roleName, region } = this.props;
    const account = accountIdOf(this);
    const group = `arn:${partitionOf(this)}:scheduler:${region}:${account}:schedule-group/${fullName}`;
    return new IamRole(this, "role", {
      name: roleName,
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: "scheduler.amazonaws.com" },
            Action: "sts:AssumeRole",
            Condition: { StringEquals: { "aws:SourceAccount": account, "aws:SourceArn": group } },
          },
        ],
      }),
      lifecycle: deletedLast,
    });
  }

  private statements(): object[] {
    const { fullName, cluster, roles, schedule } = this.props;
    const queues = new Set(Object.values(schedule).flatMap(({ deadLetterQueue }) => deadLetterQueue ?? []));
    const allow = (Action: string, Resource: readonly string[], Condition?: object) => ({
      Effect: "Allow",
      Action: [Action],
      Resource,
      ...(Condition ? { Condition } : {}),
    });
    return [
      allow("ecs:RunTask", [this.ecsArn(`task-definition/${fullName}:*`)], {
        ArnEquals: { "ecs:cluster": cluster.arn },
      }),
      // Tasks get the task definition's tags.
      allow("ecs:TagResource", [this.ecsArn("task/*")], { StringEquals: { "ecs:CreateAction": "RunTask" } }),
      allow("iam:PassRole", [roles.executionRoleArn, roles.taskRoleArn], {
        StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" },
      }),
      ...(queues.size > 0 ? [allow("sqs:SendMessage", [...queues])] : []),
    ];
  }

  private ecsArn(resource: string): string {
    return `arn:${partitionOf(this)}:ecs:${this.props.region}:${accountIdOf(this)}:${resource}`;
  }
}
