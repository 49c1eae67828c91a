import { ErlangCluster } from "../../../src/constructs/network/erlang-cluster";
import type { ElixirServiceProps } from "../../../src/constructs/service/elixir-service-props";
import type { ScheduledTask } from "../../../src/constructs/service/scheduled-tasks";
import { all, Layout, problemsOf, type Resource, the } from "../layout";

const nightly = { cron: "0 3 * * ? *", command: ["eval", 'Shop.report("${HOME}")'] };

function layoutWith(task: Partial<ScheduledTask> = {}, props: Partial<ElixirServiceProps> = {}): Layout {
  const layout = new Layout();
  layout.service("my-app", { schedule: { nightly: { ...nightly, ...task } }, ...props });
  return layout;
}

const scheduleOf = ({ json }: Layout) => the(json, "aws_scheduler_schedule") as Resource & { readonly target: Target };
interface Target {
  readonly arn: string;
  readonly role_arn: string;
  readonly input: string;
  readonly retry_policy: object;
  readonly dead_letter_config?: object;
  readonly ecs_parameters: Resource & { readonly network_configuration: { readonly security_groups: string[] } };
}
const overridesOf = (layout: Layout) => JSON.parse(scheduleOf(layout).target.input) as object;
const statementsOf = ({ json }: Layout): Resource[] => {
  const policies = all(json, "aws_iam_role_policy").filter(({ name }) => name === "schedule");
  return (JSON.parse(policies[0]!.policy as string) as { Statement: Resource[] }).Statement;
};

it("is nothing without the option", () => {
  const layout = layoutWith({}, { schedule: {} });
  expect(layout.json.resource).not.toHaveProperty("aws_scheduler_schedule_group");
});

it("runs the newest revision of the task definition, at the time of the time zone", () => {
  // WHEN
  const schedule = scheduleOf(layoutWith({ timezone: "Europe/Berlin" }));
  // THEN
  expect(schedule).toMatchObject({
    name: "nightly",
    schedule_expression: "cron(0 3 * * ? *)",
    schedule_expression_timezone: "Europe/Berlin",
    flexible_time_window: { mode: "OFF" },
  });
  expect(schedule.target.ecs_parameters).toMatchObject({
    // Without a revision
    task_definition_arn: expect.stringMatching(/:task-definition\/my-app$/) as string,
    launch_type: "FARGATE",
    propagate_tags: "TASK_DEFINITION",
  });
  expect(schedule.target.retry_policy).toEqual({ maximum_retry_attempts: 185, maximum_event_age_in_seconds: 3600 });
  expect(schedule.target).not.toHaveProperty("dead_letter_config");
});

it("runs the command without distribution, and nothing of beforeStart", () => {
  expect(overridesOf(layoutWith({}, { beforeStart: ["eval", "migrate()"] }))).toEqual({
    containerOverrides: [
      {
        name: "my-app",
        command: ["bin/my_app", "eval", 'Shop.report("$${HOME}")'],
        environment: [{ name: "RELEASE_DISTRIBUTION", value: "none" }],
      },
      { name: "my-app-before-start", command: ["eval", ":ok"] },
    ],
  });
});

it.each([
  [false, 1],
  [true, 2],
])("with join %s is in %d security groups", (join, groups) => {
  // GIVEN a cluster, whose group the service gets later
  const layout = new Layout();
  const service = layout.service("my-app", { schedule: { nightly: { ...nightly, join } }, egress: "open" });
  const vpcId = layout.network.vpcId;
  const cluster = new ErlangCluster(layout.stack, "cluster", {
    name: "c",
    vpcId,
    rules: "group",
    versions: "together",
  });
  // WHEN
  cluster.add(service);
  // THEN
  expect(scheduleOf(layout).target.ecs_parameters.network_configuration.security_groups).toHaveLength(groups);
  expect(overridesOf(layout)).toMatchObject({
    containerOverrides: [{ environment: [{ name: join ? "EVAL_DISTRIBUTION" : "RELEASE_DISTRIBUTION" }] }],
  });
});

it("has a role that only schedules of the service may assume, to run its task definition alone", () => {
  const layout = layoutWith();
  const roles = all(layout.json, "aws_iam_role").filter(({ name }) => name === "my-app-schedule");
  const { Statement } = JSON.parse(roles[0]!.assume_role_policy as string) as { Statement: Resource[] };
  expect(Statement).toMatchObject([
    {
      Principal: { Service: "scheduler.amazonaws.com" },
      Condition: { StringEquals: { "aws:SourceArn": expect.stringMatching(/:schedule-group\/my-app$/) as string } },
    },
  ]);
  expect(statementsOf(layout)).toMatchObject([
    {
      Action: ["ecs:RunTask"],
      Resource: [expect.stringMatching(/:task-definition\/my-app:\*$/) as string],
      Condition: { ArnEquals: { "ecs:cluster": expect.any(String) as string } },
    },
    { Action: ["ecs:TagResource"], Condition: { StringEquals: { "ecs:CreateAction": "RunTask" } } },
    {
      Action: ["iam:PassRole"],
      Resource: [expect.stringContaining("execution") as string, expect.stringContaining("task") as string],
      Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
    },
  ]);
});

it("sends what it could not start to the queue", () => {
  const arn = "arn:aws:sqs:eu-west-1:123456789012:failed";
  const layout = layoutWith({ deadLetterQueue: arn, retry: { attempts: 3 } });
  expect(scheduleOf(layout).target).toMatchObject({
    dead_letter_config: { arn },
    retry_policy: { maximum_retry_attempts: 3, maximum_event_age_in_seconds: 3600 },
  });
  expect(statementsOf(layout)).toContainEqual({ Effect: "Allow", Action: ["sqs:SendMessage"], Resource: [arn] });
});

it("rejects a cron expression that Scheduler wouldn't take", () => {
  expect(problemsOf(layoutWith({ cron: "0 3 * * * *" }).stack)).toEqual([
    expect.stringContaining('schedule.nightly.cron is "0 3 * * * *"; allowed: a "?" in exactly one of'),
  ]);
});
