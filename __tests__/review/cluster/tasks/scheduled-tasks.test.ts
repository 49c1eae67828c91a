import { reviewPlan } from "../../../../src/review/review";
import {
  all,
  at,
  found,
  isolated,
  network,
  policy,
  put,
  schedule,
  scheduler,
  set,
  type Block,
  type Edit,
} from "../../edits";
import { edited, passRoles, route, runTask } from "../../edits";
import { setVariable } from "../../layouts";

const id = "schedule-role";
const messages = (edit: Edit, check: string) => found(edit, check).map(({ message }) => message);
const lines = (...edits: Edit[]) =>
  reviewPlan(edited(...edits)).assumptions.filter((line) => / runs /.test(line) && /schedule|rule/.test(line));
const joining = { name: "EVAL_DISTRIBUTION", value: "name" };
const command = ["bin/shop", "eval", "Shop.Report.run()"];
const elsewhere = { security_groups: ["${aws_security_group.mail.id}"] };

/** A rule that starts shop's tasks. */
const rule =
  (target: Block): Edit =>
  (layout) => {
    schedule({ trust: trustOf("events.amazonaws.com") })(layout);
    const { target: scheduled } = at(layout, "aws_scheduler_schedule", "nightly") as { target: Block };
    delete layout.resource.aws_scheduler_schedule;
    put(layout, "aws_cloudwatch_event_rule", "nightly", { name: "nightly", schedule_expression: "rate(1 day)" });
    put(layout, "aws_cloudwatch_event_target", "nightly", {
      rule: "${aws_cloudwatch_event_rule.nightly.name}",
      arn: scheduled.arn,
      role_arn: scheduled.role_arn,
      ecs_target: scheduled.ecs_parameters,
      ...target,
    });
  };
const trustOf = (service: string, Condition?: object) =>
  policy({
    Effect: "Allow",
    Principal: { Service: service },
    Action: "sts:AssumeRole",
    ...(Condition && { Condition }),
  });

describe("the report", () => {
  it("says which service's command a schedule runs, and when", () => {
    expect(lines(schedule({ containers: [{ name: "shop", command }] }))).toEqual([
      "shop: schedule nightly, cron(0 3 * * ? *) Europe/Berlin, runs bin/shop eval Shop.Report.run()",
    ]);
    expect(lines(rule({}))).toEqual(["shop: rule nightly, rate(1 day), runs the task definition's own command"]);
  });

  it("shortens a long command, and names a task definition that no service runs", () => {
    const long = schedule({ containers: [{ name: "shop", command: ["eval", "x".repeat(200)] }] });
    expect(lines(long)).toEqual([expect.stringMatching(/runs eval x{75}…$/)]);
    expect(lines(schedule({ definition: "report" }))).toEqual([
      "aws_scheduler_schedule.nightly: of arn:aws:ecs:eu-west-1:123456789012:task-definition/report, which no service here runs, schedule nightly, cron(0 3 * * ? *) Europe/Berlin, runs the task definition's own command",
    ]);
  });

  it("finds a rule by its name, and the override of the node's own container", () => {
    const other: Edit = (layout) =>
      put(layout, "aws_cloudwatch_event_rule", "hourly", { name: "hourly", schedule_expression: "rate(1 hour)" });
    const containerOverrides = [{ name: "migrate", command: ["eval", ":ok"] }, "x", { name: "shop", command }];
    const edit = all(other, rule({ rule: "nightly", input: JSON.stringify({ containerOverrides }) }));
    expect(lines(edit)).toEqual(["shop: rule nightly, rate(1 day), runs bin/shop eval Shop.Report.run()"]);
    expect(lines(rule({ rule: "elsewhere" }))).toEqual(["shop: rule elsewhere runs the task definition's own command"]);
  });

  it("says nothing of what starts no task in ECS", () => {
    const edit: Edit = (layout) =>
      put(layout, "aws_scheduler_schedule", "other", { name: "other", target: { arn: "arn:aws:lambda:x" } });
    expect(lines(edit)).toEqual([]);
  });
});

describe("the role", () => {
  const passes = passRoles("shop-execution", "shop-task");
  const cluster = (value: string) => ({ Condition: { ArnEquals: { "ecs:cluster": value } } });

  it.each<[what: string, edit: Edit, expected: string[]]>([
    ["may run any revision", schedule(), []],
    ["may run all", schedule({ statements: [runTask("*"), passes] }), []],
    ["may run nothing", schedule({ statements: [passes] }), ["lacks ecs:RunTask on task-definition/shop:*"]],
    ["may run another family", schedule({ statements: [runTask("shop-jobs:*"), passes] }), ["lacks ecs:RunTask on"]],
    [
      "names the family without revision",
      schedule({ statements: [runTask("shop"), passes] }),
      ["lacks ecs:RunTask on"],
    ],
    [
      "may run another revision than the target's",
      schedule({ definition: "shop:12", statements: [runTask("shop:11"), passes] }),
      ["lacks ecs:RunTask on task-definition/shop:12"],
    ],
    [
      "may run it in a cluster that isn't known",
      schedule({ statements: [{ ...runTask("shop:*"), ...cluster("${aws_ecs_cluster.main.arn}") }, passes] }),
      [],
    ],
    [
      "may pass roles to Lambda only",
      schedule({
        statements: [
          runTask("shop:*"),
          { ...passes, Condition: { StringEquals: { "iam:PassedToService": "lambda.amazonaws.com" } } },
        ],
      }),
      ["lacks iam:PassRole on role shop-execution and iam:PassRole on role shop-task"],
    ],
    [
      "passes the two roles by reference",
      schedule({
        statements: [
          runTask("shop:*"),
          { ...passes, Resource: ["${aws_iam_role.shop_execution.arn}", "${aws_iam_role.shop_task.arn}"] },
        ],
      }),
      [],
    ],
    [
      "passes another service's by reference",
      schedule({
        statements: [
          runTask("shop:*"),
          { ...passes, Resource: ["${aws_iam_role.shop_execution.arn}", "${aws_iam_role.stock_task.arn}"] },
        ],
      }),
      ["lacks iam:PassRole on role shop-task"],
    ],
    [
      "is for ECS",
      schedule({ trust: trustOf("ecs-tasks.amazonaws.com") }),
      ["doesn't let scheduler.amazonaws.com assume it"],
    ],
    ["is a rule's", rule({}), []],
    [
      "is missing",
      rule({ role_arn: null }),
      ["it has no role_arn, and events.amazonaws.com needs a role to start tasks"],
    ],
    [
      "is a rule's, for Scheduler",
      all(rule({}), set("aws_iam_role", "schedule", { assume_role_policy: scheduler() })),
      ["doesn't let events.amazonaws.com assume it"],
    ],
  ])("%s", (_, edit, expected) => {
    expect(messages(edit, id)).toEqual(expected.map((part) => expect.stringContaining(part) as string));
  });

  it.each([
    ["the default group", "arn:aws:scheduler:eu-west-1:123456789012:schedule-group/default", 0],
    ["another group", "arn:aws:scheduler:eu-west-1:123456789012:schedule-group/jobs", 1],
    ["the schedule itself", "arn:aws:scheduler:eu-west-1:123456789012:schedule/default/nightly", 1],
    ["any group", "arn:aws:scheduler:eu-west-1:123456789012:schedule-group/*", 1],
  ])("may require %s as its source", (_, arn, problems) => {
    const trust = trustOf("scheduler.amazonaws.com", { StringEquals: { "aws:SourceArn": arn } });
    expect(messages(schedule({ trust }), id)).toHaveLength(problems);
  });
});

describe("the network", () => {
  it("needs a way to ECR as a service's does", () => {
    // GIVEN services with public addresses, and a schedule in the same subnets without one
    const endpoints = isolated();
    const said = messages(all(endpoints, schedule()), "missing-vpc-endpoints");
    expect(said).toContain(
      "schedule nightly's subnets have no internet egress, and the VPC has no endpoint for ecr.api, ecr.dkr, s3, logs, ssm",
    );
    expect(messages(all(endpoints, route, schedule()), "missing-vpc-endpoints")).toEqual([]);
  });
});

describe("a node that joins the cluster", () => {
  const cutOff = (edit: Edit) => messages(edit, "scheduled-node-cut-off");
  const overridden = (container: Block) =>
    schedule({ containers: [{ name: "shop", ...container }], network: elsewhere });

  it("can with the service's groups", () => {
    expect(cutOff(schedule({ containers: [{ name: "shop", command, environment: [joining] }] }))).toEqual([]);
  });

  it.each<[what: string, container: Block, by: string | undefined]>([
    ["eval with distribution", { command, environment: [joining] }, "EVAL_DISTRIBUTION=name"],
    ["eval", { command }, undefined],
    ["the image's own command", {}, "it runs a node"],
    ["start", { command: ["bin/shop", "start"] }, "it runs a node"],
    [
      "start without distribution",
      { command: ["bin/shop", "start"], environment: [{ name: "RELEASE_DISTRIBUTION", value: "none" }] },
      undefined,
    ],
    ["eval told to have none", { command, environment: [{ ...joining, value: "none" }] }, undefined],
    ["another program", { command: ["bin/report"], environment: [joining] }, undefined],
  ])("is %s", (_, container, by) => {
    expect(cutOff(overridden(container))).toEqual(
      by === undefined
        ? []
        : [`schedule nightly joins the cluster (${by}), but its security groups don't let it connect to shop, stock`],
    );
  });

  it("may belong to a group that isn't the default one", () => {
    const jobs: Edit = (layout) =>
      Object.assign(at(layout, "aws_scheduler_schedule", "nightly"), { group_name: "jobs" });
    const arn = "arn:aws:scheduler:eu-west-1:123456789012:schedule-group/jobs";
    const trust = trustOf("scheduler.amazonaws.com", { StringEquals: { "aws:SourceArn": arn } });
    expect(messages(all(schedule({ trust }), jobs), id)).toEqual([]);
  });

  it("isn't one whose overrides or groups aren't known, nor one that no service runs", () => {
    const unknown = schedule({ network: { security_groups: "${var.groups}" } });
    expect(cutOff(unknown)).toEqual([]);
    const input: Edit = (layout) =>
      Object.assign((at(layout, "aws_scheduler_schedule", "nightly").target as Block)!, { input: "${var.input}" });
    expect(cutOff(all(schedule({ network: elsewhere }), input))).toEqual([]);
    expect(cutOff(schedule({ definition: "report", network: elsewhere }))).toEqual([]);
  });

  it("needs only the peers that the service's own nodes connect to", () => {
    const alone: Edit = (layout) => setVariable(layout, "shop", "CLUSTER_NODES", "shop@shop.organization.local");
    expect(cutOff(all(alone, overridden({})))).toEqual([
      "schedule nightly joins the cluster (it runs a node), but its security groups don't let it connect to shop",
    ]);
  });
});

it("isn't taken for pinned to the revision that this plan's own task definition has", () => {
  const arn = "arn:aws:ecs:eu-west-1:123456789012:task-definition/shop:12";
  const pinned = schedule({ definition: "shop:12" });
  expect(messages(pinned, "schedule-revision")).toHaveLength(1);
  expect(messages(all(pinned, set("aws_ecs_task_definition", "shop", { arn })), "schedule-revision")).toEqual([]);
  expect(messages(all(pinned, network({ assign_public_ip: true })), "schedule-revision")).toHaveLength(1);
});
