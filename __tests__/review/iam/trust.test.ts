import { placeOfTasks, tasksMayAssume } from "../../../src/review/iam/trust";
import type { Place } from "../../../src/review/read/provider";
import { Resources } from "../../../src/review/read/resources";
import { Unknown, type Value } from "../../../src/review/read/value";
import { resource } from "../resource";

const here: Place = { region: "eu-west-1", account: "123456789012" };
const allow = { Effect: "Allow", Principal: { Service: "ecs-tasks.amazonaws.com" }, Action: "sts:AssumeRole" };
const assumed = (assume_role_policy: Value | undefined, place: Place = here) => {
  const role = resource("aws_iam_role.task", { ...(assume_role_policy !== undefined && { assume_role_policy }) });
  return tasksMayAssume(role, place, new Resources([role]));
};
const by = (more: object, place?: Place) => assumed(JSON.stringify({ Statement: [{ ...allow, ...more }] }), place);
const under = (account: string, sourceArn: string, operator = "ArnLike") => ({
  Condition: { StringEquals: { "aws:SourceAccount": account }, [operator]: { "aws:SourceArn": sourceArn } },
});

it.each<[what: string, statement: object, place: Place, expected: boolean | undefined]>([
  ["no condition", {}, {}, true],
  ["all of sts", { Action: "sts:*" }, here, true],
  ["account and Region", under("123456789012", "arn:aws:ecs:eu-west-1:123456789012:*"), here, true],
  ["another account", under("210987654321", "arn:aws:ecs:eu-west-1:210987654321:*"), here, false],
  ["another Region", under("123456789012", "arn:aws:ecs:us-east-1:123456789012:*"), here, false],
  ["another Region of an unknown account", under("1", "arn:aws:ecs:us-east-1:*:*"), { region: "eu-west-1" }, false],
  ["two accounts", under("123456789012", "arn:aws:ecs:eu-west-1:210987654321:*"), { region: "eu-west-1" }, undefined],
  ["another partition", under("123456789012", "arn:aws-cn:ecs:eu-west-1:123456789012:*"), here, false],
  ["another service's ARN", under("123456789012", "arn:aws:lambda:eu-west-1:123456789012:*"), here, false],
  ["a wildcard taken literally", under("123456789012", "arn:aws:ecs:*:123456789012:*", "StringEquals"), {}, false],
  ["a place that isn't known", under("123456789012", "arn:aws:ecs:eu-west-1:123456789012:*"), {}, undefined],
  ["an external id", { Condition: { StringEquals: { "sts:ExternalId": "x" } } }, here, false],
  ["another service", { Principal: { Service: "ec2.amazonaws.com" } }, here, false],
  ["anyone", { Principal: "*" }, here, true],
  ["another action", { Action: "sts:TagSession" }, here, false],
])("by %s", (_, statement, place, expected) => {
  expect(by(statement, place)).toBe(expected);
});

it("isn't known where the policy isn't", () => {
  expect(assumed(undefined)).toBeUndefined();
  expect(assumed(new Unknown("a variable"))).toBeUndefined();
  expect(assumed("{")).toBeUndefined();
});

describe("where tasks run", () => {
  const role = (arn?: string) => resource("aws_iam_role.task", arn === undefined ? {} : { arn });
  const definition = (values: Record<string, Value> = {}) => resource("aws_ecs_task_definition.a", values);
  const place = (
    values?: Record<string, Value>,
    arn?: string,
    provider: Place = {},
    ...data: ReturnType<typeof role>[]
  ) => placeOfTasks(definition(values), role(arn), provider, new Resources(data));
  const identity = (name: string, account_id: Value) => resource(`data.aws_caller_identity.${name}`, { account_id });

  it.each<[string, Place, Place]>([
    ["its ARN", place({ arn: "arn:aws:ecs:eu-west-1:123456789012:task-definition/a:1" }), here],
    ["its own region", place({ region: "eu-west-1" }, undefined, { region: "us-east-1" }), { region: "eu-west-1" }],
    ["its role's ARN", place({}, "arn:aws:iam::123456789012:role/a"), { account: "123456789012" }],
    ["its provider", place({}, undefined, here), here],
    ["the caller", place({}, undefined, {}, identity("a", "1"), identity("b", "1")), { account: "1" }],
    ["two callers", place({}, undefined, {}, identity("a", "1"), identity("b", "2")), {}],
    ["an expression", place({ region: "${var.region}" }, undefined, {}, identity("a", "${x}")), {}],
    [
      "the region",
      place({}, undefined, {}, resource("data.aws_region.a", { name: "eu-west-1" })),
      { region: "eu-west-1" },
    ],
    ["nothing", place(), {}],
  ])("by %s", (_, found, expected) => {
    expect(found).toEqual(expected);
  });
});
