import { listOf, statements } from "./resources";
import type { Rule } from "./rules";

/** Actions without a resource type: AWS takes "*" only. Source: https://docs.aws.amazon.com/service-authorization/latest/reference/ */
const unrestrictable = new Set([
  "ecr:GetAuthorizationToken",
  "ssmmessages:CreateControlChannel",
  "ssmmessages:CreateDataChannel",
  "ssmmessages:OpenControlChannel",
  "ssmmessages:OpenDataChannel",
]);

/** ECS Exec needs it on all log groups. Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html */
const listing = "logs:DescribeLogGroups";

/** The actions that a policy allows on all resources. */
const onAll = (policy: unknown): string[] =>
  statements(policy)
    .filter(({ Resource }) => listOf(Resource).includes("*"))
    .flatMap(({ Action }) => listOf(Action));

/** Roles and their policies. */
export const iamRules: readonly Rule[] = [
  {
    ids: ["CKV_AWS_60", "CKV_AWS_61"],
    type: "aws_iam_role",
    demands: "only ECS tasks or EventBridge Scheduler assume it, neither everybody nor every service",
    passes: ({ assume_role_policy: policy }) =>
      statements(policy).every(({ Principal }) =>
        /^\{"Service":"(ecs-tasks|scheduler)\.amazonaws\.com"\}$/.test(JSON.stringify(Principal)),
      ),
  },
  {
    ids: ["CKV_AWS_62", "CKV_AWS_63", "CKV2_AWS_40", "AWS-0345"],
    type: "aws_iam_role_policy",
    demands: 'no action is "*", and none is all of S3',
    passes: ({ policy }) =>
      statements(policy).every(({ Action }) => listOf(Action).every((action) => !/^(\*|s3:\*)$/.test(action))),
  },
  {
    ids: ["CKV_AWS_286", "CKV_AWS_287", "CKV_AWS_288", "CKV_AWS_289", "CKV_AWS_290"],
    type: "aws_iam_role_policy",
    demands:
      "no action on all resources reads secrets or data, writes, or changes permissions, unless AWS can't restrict it",
    passes: ({ policy }) => onAll(policy).every((action) => unrestrictable.has(action) || action === listing),
  },
  {
    ids: ["CKV_AWS_355"],
    type: "aws_iam_role_policy",
    demands: 'resource "*" is used only for actions that AWS can\'t restrict to a resource',
    passes: ({ policy }) => onAll(policy).every((action) => unrestrictable.has(action)),
    reason:
      "In an ECS cluster that the stack creates, a task's role may list the names of log groups (`logs:DescribeLogGroups`), which ECS Exec needs to log its sessions. In an existing cluster it may not.",
  },
  {
    ids: ["AWS-0342"],
    type: "aws_iam_role_policy",
    demands: "no policy passes roles",
    passes: ({ policy }) => statements(policy).every(({ Action }) => !listOf(Action).includes("iam:PassRole")),
    reason:
      "The role of a service's `schedule` passes the two roles of that service's tasks, to ECS alone. Without a schedule, no policy passes roles.",
  },
];
