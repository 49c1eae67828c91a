import { managedName, permissionsOf, roleOf } from "../../../src/review/iam/policies";
import { Resources, type Resource } from "../../../src/review/read/resources";
import { Unknown, type Values } from "../../../src/review/read/value";
import { ref, resource } from "../resource";

const allow = (Action: string) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource: "*" }] });
const unknown = new Unknown("a variable");
const aws = "arn:aws:iam::aws:policy/ReadOnlyAccess";
const role = (values: Values = {}, more: Partial<Resource> = {}) =>
  resource("aws_iam_role.task", { name: "task", arn: "arn:aws:iam::1:role/app/task", ...values }, more);
const policy = (action: string) =>
  resource("aws_iam_policy.own", { policy: allow(action), arn: "arn:aws:iam::1:policy/own" });
const other = resource("aws_iam_role.other", { name: "other" });

/** Actions that a role may take, managed policies, and what isn't known. */
function permissions(of: Resource, ...others: readonly Resource[]) {
  const { statements, managed, open, unrecorded } = permissionsOf(of, new Resources([of, other, ...others]));
  return { actions: statements.flatMap(({ actions }) => actions), managed, open, unrecorded };
}
const nothing = { actions: [] as string[], managed: [] as string[], open: false, unrecorded: false };

describe("what a role may do comes from", () => {
  it("nothing, where it has no policies", () => {
    expect(permissions(role())).toEqual(nothing);
  });

  it("its inline policies", () => {
    const inline_policy = [{ policy: allow("s3:GetObject") }, { policy: allow("sqs:SendMessage") }];
    expect(permissions(role({ inline_policy }))).toEqual({ ...nothing, actions: ["s3:GetObject", "sqs:SendMessage"] });
    expect(permissions(role({ inline_policy: unknown }))).toEqual({ ...nothing, open: true });
    expect(permissions(role({ inline_policy: [{ policy: unknown }] }))).toEqual({ ...nothing, open: true });
  });

  it("its managed_policy_arns", () => {
    expect(permissions(role({ managed_policy_arns: [aws] }))).toEqual({ ...nothing, managed: [aws] });
    const own = [ref("aws_iam_policy.own", "arn")];
    expect(permissions(role({ managed_policy_arns: own }), policy("s3:GetObject"))).toEqual({
      ...nothing,
      actions: ["s3:GetObject"],
    });
    // A policy that the plan doesn't have, and a list that isn't known, may allow anything.
    expect(permissions(role({ managed_policy_arns: ["arn:aws:iam::1:policy/theirs"] }))).toEqual({
      ...nothing,
      open: true,
    });
    expect(permissions(role({ managed_policy_arns: unknown }))).toEqual({ ...nothing, open: true });
  });

  it("policy resources that name it, by reference, by name or by ARN", () => {
    const of = (role: Values["role"]) => resource("aws_iam_role_policy.own", { role, policy: allow("s3:GetObject") });
    for (const named of [ref("aws_iam_role.task"), "task", "arn:aws:iam::1:role/app/task"])
      expect(permissions(role(), of(named))).toEqual({ ...nothing, actions: ["s3:GetObject"] });
    for (const named of [ref("aws_iam_role.other"), "other", "another"])
      expect(permissions(role(), of(named))).toEqual(nothing);
    expect(permissions(role(), of(unknown))).toEqual({ ...nothing, open: true });
    expect(permissions(role(), of(ref("module.elsewhere", "role")))).toEqual({ ...nothing, open: true });
  });

  it("a policy resource whose role is one of several, if it is one of them", () => {
    const among = (...names: readonly string[]) =>
      resource("aws_iam_role_policy.own", {
        role: new Unknown("each.value", names.map((name) => ref(`aws_iam_role.${name}`)) as []),
      });
    expect(permissions(role(), among("other"))).toEqual(nothing);
    expect(permissions(role(), among("other", "task"))).toEqual({ ...nothing, open: true });
    expect(permissions(role(), among("other", "absent"))).toEqual({ ...nothing, open: true });
  });

  it("attached policies", () => {
    const attached = (policy_arn: Values["policy_arn"], role: Values["role"] = "task") =>
      resource("aws_iam_role_policy_attachment.a", { role, policy_arn });
    expect(permissions(role(), attached(aws))).toEqual({ ...nothing, managed: [aws] });
    expect(permissions(role(), attached(ref("aws_iam_policy.own", "arn")), policy("s3:GetObject"))).toEqual({
      ...nothing,
      actions: ["s3:GetObject"],
    });
    expect(permissions(role(), attached("arn:aws:iam::1:policy/own"), policy("s3:GetObject")).actions).toEqual([
      "s3:GetObject",
    ]);
    expect(permissions(role(), attached(unknown))).toEqual({ ...nothing, open: true });
    expect(permissions(role(), attached(aws, "other"))).toEqual(nothing);
  });

  it("policies that are attached to several roles at once", () => {
    const attached = (roles: Values["roles"]) => resource("aws_iam_policy_attachment.a", { roles, policy_arn: aws });
    expect(permissions(role(), attached(["other", "task"]))).toEqual({ ...nothing, managed: [aws] });
    expect(permissions(role(), attached(["other"]))).toEqual(nothing);
    expect(permissions(role(), attached(unknown))).toEqual({ ...nothing, open: true });
    expect(permissions(role(), attached([ref("aws_iam_role.other"), ref("module.elsewhere")]))).toEqual({
      ...nothing,
      open: true,
    });
  });

  it("policies in the state alone: not known, unless a resource of this plan explains them", () => {
    const before = { name: "task" };
    const found = (values: Values) =>
      role(values, { configured: {}, actions: ["no-op"], before: { ...before, ...values } });
    const inline = found({ inline_policy: [{ name: "exec", policy: allow("s3:GetObject") }] });
    const explains = (name: string, of = "task") =>
      resource("aws_iam_role_policy.own", { role: "other", policy: allow("s3:*") }, { before: { role: of, name } });
    expect(permissions(inline)).toEqual({ ...nothing, open: true });
    expect(permissions(inline, explains("exec"))).toEqual(nothing);
    expect(permissions(inline, explains("more"))).toEqual({ ...nothing, open: true });
    expect(permissions(inline, explains("exec", "other"))).toEqual({ ...nothing, open: true });
    const managed = found({ managed_policy_arns: [aws] });
    const attachment = (type: string, of: Values) =>
      resource(`${type}.a`, { role: "other", roles: ["other"] }, { before: { policy_arn: aws, ...of } });
    expect(permissions(managed)).toEqual({ ...nothing, open: true });
    expect(permissions(managed, attachment("aws_iam_role_policy_attachment", { role: "task" }))).toEqual(nothing);
    expect(permissions(managed, attachment("aws_iam_policy_attachment", { roles: ["task"] }))).toEqual(nothing);
    expect(permissions(managed, attachment("aws_iam_policy_attachment", { roles: ["other"] })).open).toBe(true);
  });

  it("perhaps a dynamic block, for a new role of which nothing else is known", () => {
    const made = role({ inline_policy: unknown }, { configured: {} });
    expect(permissions(made)).toEqual({ ...nothing, unrecorded: true });
    const attached = resource("aws_iam_role_policy_attachment.a", { role: "task", policy_arn: aws });
    expect(permissions(made, attached)).toEqual({ ...nothing, managed: [aws] });
  });
});

describe("a role", () => {
  const resources = new Resources([role(), other]);

  it.each([ref("aws_iam_role.task", "arn"), "arn:aws:iam::1:role/app/task", "task", "arn:aws:iam::1:role/task"])(
    "is found by %j",
    (value) => {
      expect(roleOf(value, resources)?.address).toBe("aws_iam_role.task");
    },
  );

  it.each([undefined, null, unknown, "absent", ref("aws_iam_role.absent"), ref("aws_iam_policy.task")])(
    "isn't found by %j",
    (value) => {
      expect(roleOf(value, resources)).toBeUndefined();
    },
  );
});

it("names a policy by the end of its ARN", () => {
  expect(managedName("arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy")).toBe(
    "AmazonECSTaskExecutionRolePolicy",
  );
});
