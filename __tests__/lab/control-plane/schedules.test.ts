import { Schedules } from "../../../src/lab/control-plane/schedules";
import type { FargateTask } from "../../../src/lab/control-plane/task/fargate-task";
import { awsError, pages, ScriptedAws } from "./scripted-aws";

const account = "123456789012";
const cluster = `arn:aws:ecs:eu-west-1:${account}:cluster/my-cluster`;
const definition = `arn:aws:ecs:eu-west-1:${account}:task-definition/prod-shop`;
const role = (name: string) => `arn:aws:iam::${account}:role/${name}`;
const overrides = { containerOverrides: [{ name: "shop", command: ["bin/shop", "eval", "Shop.Report.run()"] }] };

const schedule = (group: string, name: string) => ({
  ...{ GroupName: group, Name: name, ScheduleExpression: "cron(0 3 * * ? *)", ScheduleExpressionTimezone: "UTC" },
  Target: {
    ...{ Arn: cluster, RoleArn: role("prod-shop-schedule"), Input: JSON.stringify(overrides) },
    EcsParameters: {
      TaskDefinitionArn: definition,
      NetworkConfiguration: {
        awsvpcConfiguration: { Subnets: ["subnet-a"], SecurityGroups: ["sg-1"], AssignPublicIp: "DISABLED" },
      },
    },
  },
});

const trust = (Condition: object) => ({
  Statement: [
    { Effect: "Allow", Principal: { Service: "scheduler.amazonaws.com" }, Action: "sts:AssumeRole", Condition },
  ],
});
const group = `arn:aws:scheduler:eu-west-1:${account}:schedule-group/prod-shop`;
const trusted = trust({ StringEquals: { "aws:SourceAccount": account, "aws:SourceArn": group } });
const runTask = {
  ...{ Effect: "Allow", Action: ["ecs:RunTask"], Resource: [`${definition}:*`] },
  Condition: { ArnEquals: { "ecs:cluster": cluster } },
};
const passRole = { Effect: "Allow", Action: ["iam:PassRole"], Resource: [role("execution"), role("task")] };

interface Layout {
  readonly schedules?: readonly ReturnType<typeof schedule>[];
  readonly trustPolicy?: object;
  readonly statements?: readonly object[];
}

/** @returns what runs schedules of a layout, and which task it waits for */
function schedulesOf({ schedules, trustPolicy = trusted, statements = [runTask, passRole] }: Layout = {}) {
  const all = schedules ?? [schedule("prod-shop", "nightly")];
  const other = { GroupName: "default", Name: "other", Target: { Arn: "arn:aws:sqs:eu-west-1:1:queue" } };
  const aws = new ScriptedAws({
    ListSchedules: pages("NextToken", ...[...all, other].map((one) => ({ Schedules: [one] }))),
    GetSchedule: ({ Name, GroupName }: { Name: string; GroupName: string }) =>
      [...all, other].find((one) => one.Name === Name && one.GroupName === GroupName),
    GetRole: () => ({ Role: { AssumeRolePolicyDocument: JSON.stringify(trustPolicy) } }),
    ListAttachedRolePolicies: () => ({ AttachedPolicies: [] }),
    ListRolePolicies: () => ({ PolicyNames: ["schedule"] }),
    GetRolePolicy: () => ({ PolicyDocument: JSON.stringify({ Statement: statements }) }),
    DescribeTaskDefinition: () => ({
      taskDefinition: {
        taskDefinitionArn: `${definition}:3`,
        executionRoleArn: role("execution"),
        taskRoleArn: role("task"),
      },
    }),
    RunTask: () => ({ tasks: [{ taskArn: "task-1" }] }),
  });
  const noted: string[] = [];
  const tasks = { started: async (arn: string) => ({ arn }) as FargateTask };
  return { aws, noted, schedules: new Schedules(aws.clients, tasks, async () => void noted.push("sync")) };
}

describe("schedules in the lab", () => {
  it("run the task as Scheduler does: the newest revision, with the schedule's command and network", async () => {
    const { aws, noted, schedules } = schedulesOf();
    expect(await schedules.run("nightly")).toEqual({ arn: "task-1" });
    expect(aws.requests("RunTask")).toEqual([
      {
        cluster,
        taskDefinition: definition,
        launchType: "FARGATE",
        overrides,
        networkConfiguration: {
          awsvpcConfiguration: { subnets: ["subnet-a"], securityGroups: ["sg-1"], assignPublicIp: "DISABLED" },
        },
      },
    ]);
    expect(noted).toEqual(["sync"]);
  });

  it("are named with their group where services have one of the same name; others than of tasks aren't there", async () => {
    const { aws, schedules } = schedulesOf({
      schedules: [schedule("prod-shop", "nightly"), schedule("prod-jobs", "nightly")],
    });
    expect((await schedules.all()).map(({ group, name }) => `${group} ${name}`)).toEqual([
      "prod-jobs nightly",
      "prod-shop nightly",
    ]);
    const known = "Schedules are: prod-jobs/nightly, prod-shop/nightly.";
    await expect(schedules.run("nightly")).rejects.toThrow(`Several services have a schedule "nightly". ${known}`);
    await expect(schedules.run("hourly")).rejects.toThrow(`There is no schedule "hourly". ${known}`);
    await expect(schedules.run("other")).rejects.toThrow(`There is no schedule "other". ${known}`);
    await schedules.run("prod-shop/nightly");
    expect(aws.requests("RunTask")).toHaveLength(1);
  });

  it.each<[string, Layout, string]>([
    [
      "a role that trusts another group",
      { trustPolicy: trust({ StringEquals: { "aws:SourceArn": `${group}s` } }) },
      `prod-shop-schedule doesn't trust scheduler.amazonaws.com for ${group}`,
    ],
    [
      "a role that may not run the task",
      { statements: [passRole] },
      `prod-shop-schedule may not ecs:RunTask on ${definition}:3`,
    ],
    [
      "a role that may not pass the task's role",
      { statements: [runTask, { ...passRole, Resource: [role("execution")] }] },
      `prod-shop-schedule may not iam:PassRole on ${role("task")}`,
    ],
  ])("start nothing with %s, and say why", async (_, layout, why) => {
    const { aws, schedules } = schedulesOf(layout);
    await expect(schedules.run("nightly")).rejects.toThrow(`EventBridge Scheduler can't start the task: ${why}`);
    expect(aws.requests("RunTask")).toEqual([]);
  });

  it("start nothing without their role, and report what ECS refuses", async () => {
    const { aws, schedules } = schedulesOf();
    aws.answer({ RunTask: () => ({ tasks: [], failures: [{ reason: "RESOURCE:ENI" }] }) });
    await expect(schedules.run("nightly")).rejects.toThrow("ECS didn't start the task: RESOURCE:ENI");
    aws.answer({
      GetRole: () => {
        throw awsError("NoSuchEntityException");
      },
    });
    await expect(schedules.run("nightly")).rejects.toThrow("prod-shop-schedule doesn't exist");
  });
});
