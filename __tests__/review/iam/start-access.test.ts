import { missingForStart } from "../../../src/review/iam/start-access";
import { Resources } from "../../../src/review/read/resources";
import { Unknown, type Value, type Values } from "../../../src/review/read/value";
import { ref, resource } from "../resource";

const place = { region: "cn-north-1", account: "123456789012" };
const family = "arn:aws-cn:ecs:cn-north-1:123456789012:task-definition/shop";
const run = (Resource: string, more: object = {}) => ({ Effect: "Allow", Action: "ecs:RunTask", Resource, ...more });
const pass = (...Resource: string[]) => ({ Effect: "Allow", Action: "iam:PassRole", Resource });
const role = (name: string) => `arn:aws-cn:iam::123456789012:role/${name}`;

const missing = (statements: readonly object[] | Value, definition: Values = {}, target: Value = family) => {
  const starter = resource("aws_iam_role.starter", { name: "starter" });
  const policy = Array.isArray(statements)
    ? JSON.stringify({ Statement: statements as object[] })
    : (statements as Value);
  const own = resource("aws_iam_role_policy.starter", { role: "starter", policy });
  const worker = resource("aws_iam_role.worker", { name: "worker", path: "/jobs/" });
  const task = resource("aws_ecs_task_definition.shop", { family: "shop", ...definition });
  const resources = new Resources([starter, own, worker, task]);
  return missingForStart(
    starter,
    { definition: task, target, cluster: ref("aws_ecs_cluster.main", "arn"), place },
    resources,
  );
};

it.each<[what: string, statements: object[], expected: string[]]>([
  ["any revision, in this partition", [run(`${family}:*`)], []],
  ["another partition's", [run(`${family.replace("aws-cn", "aws")}:*`)], ["ecs:RunTask on task-definition/shop:*"]],
  [
    "another account's",
    [run(`${family.replace("123456789012", "210987654321")}:*`)],
    ["ecs:RunTask on task-definition/shop:*"],
  ],
  [
    "a reference without revision",
    [run("${aws_ecs_task_definition.shop.arn_without_revision}")],
    ["ecs:RunTask on task-definition/shop:*"],
  ],
  ["a reference with any", [run("${aws_ecs_task_definition.shop.arn_without_revision}:*")], []],
  ["one in a cluster that isn't known", [run("*", { Condition: { ArnEquals: { "ecs:cluster": "arn:x" } } })], []],
])("may run %s", (_, statements, expected) => {
  expect(missing(statements)).toEqual(expected);
});

it.each<[what: string, definition: Values, resources: string[], expected: string[]]>([
  ["no roles", {}, [], []],
  ["a role by its path", { task_role_arn: ref("aws_iam_role.worker", "arn") }, [role("jobs/worker")], []],
  ["a role without its path", { task_role_arn: ref("aws_iam_role.worker", "arn") }, [role("worker")], ["worker"]],
  ["a role outside the plan", { execution_role_arn: role("other") }, [role("jobs/*")], ["other"]],
  ["an unknown role", { execution_role_arn: new Unknown("a variable") }, [role("other")], []],
  [
    "one role twice",
    { execution_role_arn: role("jobs/worker"), task_role_arn: role("jobs/worker") },
    [role("other")],
    ["worker"],
  ],
])("must pass %s", (_, definition, resources, expected) => {
  const lacks = expected.map((name) => `iam:PassRole on role ${name}`);
  expect(missing([run("*"), pass(...resources)], definition)).toEqual(lacks);
});

it("reports nothing where policies aren't known", () => {
  expect(missing(new Unknown("a variable"))).toEqual([]);
});

it("compares the revision that a schedule names", () => {
  expect(missing([run(`${family}:3`)], {}, `${family}:3`)).toEqual([]);
  expect(missing([run(`${family}:3`)], {}, `${family}:4`)).toEqual(["ecs:RunTask on task-definition/shop:4"]);
});
