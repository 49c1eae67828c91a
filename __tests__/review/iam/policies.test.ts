import { found, policy, put, set, type Block, type Edit } from "../edits";

const wildcard = policy({ Effect: "Allow", Action: "sqs:*", Resource: "arn:aws:sqs:eu-west-1:1:jobs" });
const admin = "arn:aws:iam::aws:policy/AdministratorAccess";
const role = "${aws_iam_role.shop_task.name}";
const messages = (edit: Edit) => found(edit, "iam-wildcard").map(({ address, message }) => `${address}: ${message}`);
const task = (values: Block): Edit => set("aws_iam_role", "shop_task", values);
const add =
  (...resources: readonly (readonly [type: string, values: Block])[]): Edit =>
  (layout) =>
    resources.forEach(([type, values]) => put(layout, type, "jobs", values));

const made = ["aws_iam_policy", { policy: wildcard }] as const;
const arn = "${aws_iam_policy.jobs.arn}";
const allows = "aws_iam_role.shop_task allows sqs:*";
const hasAdmin = "aws_iam_role.shop_task has AWS's AdministratorAccess, with its wildcards";

describe("a role may do what is allowed", () => {
  it.each([
    [
      "in its inline_policy",
      task({ inline_policy: [{ name: "jobs", policy: wildcard }] }),
      "aws_iam_role.shop_task",
      allows,
    ],
    ["by its managed_policy_arns", task({ managed_policy_arns: [admin] }), "aws_iam_role.shop_task", hasAdmin],
    [
      "in a policy resource",
      add(["aws_iam_role_policy", { role, policy: wildcard }]),
      "aws_iam_role_policy.jobs",
      allows,
    ],
    [
      "by a policy of AWS that is attached",
      add(["aws_iam_role_policy_attachment", { role, policy_arn: admin }]),
      "aws_iam_role.shop_task",
      hasAdmin,
    ],
    [
      "by a policy of this configuration that is attached",
      add(made, ["aws_iam_role_policy_attachment", { role, policy_arn: arn }]),
      "aws_iam_policy.jobs",
      allows,
    ],
    [
      "by one that is attached to several roles",
      add(made, ["aws_iam_policy_attachment", { roles: ["another", role], policy_arn: arn }]),
      "aws_iam_policy.jobs",
      allows,
    ],
    [
      "by one among its managed_policy_arns",
      (layout: Parameters<Edit>[0]) =>
        [add(made), task({ managed_policy_arns: [arn] })].forEach((edit) => edit(layout)),
      "aws_iam_policy.jobs",
      allows,
    ],
  ] as const)("%s", (_, edit, address, message) => {
    expect(messages(edit)).toEqual([`${address}: ${message}`]);
  });

  it.each([
    ["another role's policy", add(["aws_iam_role_policy", { role: "another", policy: wildcard }])],
    [
      "a policy that is attached to another role",
      add(made, ["aws_iam_role_policy_attachment", { role: "another", policy_arn: arn }]),
    ],
    [
      "a policy that is attached to other roles",
      add(made, ["aws_iam_policy_attachment", { roles: ["another"], policy_arn: arn }]),
    ],
    ["a policy that is attached to no role", add(made)],
    [
      "a statement that denies",
      add(["aws_iam_role_policy", { role, policy: policy({ Effect: "Deny", Action: "*", Resource: "*" }) }]),
    ],
  ])("but not by %s", (_, edit) => {
    expect(messages(edit)).toEqual([]);
  });
});
