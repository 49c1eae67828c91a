import { reviewPlan } from "../../src/review/review";

type Json = Record<string, unknown>;
interface Change {
  readonly type: string;
  readonly name: string;
  readonly actions: readonly string[];
  readonly before: Json | null;
  readonly after: Json | null;
  readonly unknown?: Json;
  /** Attributes that the configuration sets; none for a destroyed one. */
  readonly sets?: readonly string[];
}

const allow = (Action: string | readonly string[]) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource: "*" }] });
const exec = allow(
  ["Create", "Open"].flatMap((verb) => ["Control", "Data"].map((to) => `ssmmessages:${verb}${to}Channel`)),
);
const logs = allow("logs:PutLogEvents");

const same = (type: string, name: string, values: Json, sets: readonly string[] = Object.keys(values)): Change => ({
  type,
  name,
  actions: ["no-op"],
  before: values,
  after: values,
  sets,
});
const destroyed = (type: string, name: string, before: Json): Change => ({
  type,
  name,
  actions: ["delete"],
  before,
  after: null,
});

const role = (values: Json, sets: readonly string[] = []) =>
  same("aws_iam_role", "task", { name: "task", arn: "arn:aws:iam::1:role/task", ...values }, ["name", ...sets]);
const policy = (name: string, text: string) => ({ name, role: "task", policy: text });
const attachment = (policy_arn: string) => ({ role: "task", policy_arn });

/** Reviews a plan for one service whose task has one role for both of its parts. */
function review(...changes: readonly Change[]) {
  const container = {
    name: "shop",
    environment: [{ name: "RELEASE_NAME", value: "shop" }],
    secrets: [{ name: "RELEASE_COOKIE", valueFrom: "/acme/cookie" }],
  };
  const service = same("aws_ecs_service", "shop", {
    name: "shop",
    desired_count: 1,
    enable_execute_command: true,
    task_definition: "arn:aws:ecs:eu-west-1:1:task-definition/shop:1",
    network_configuration: [{ subnets: ["subnet-1"], security_groups: ["sg-1"] }],
  });
  const definition = same("aws_ecs_task_definition", "shop", {
    family: "shop",
    arn: "arn:aws:ecs:eu-west-1:1:task-definition/shop:1",
    task_role_arn: "arn:aws:iam::1:role/task",
    execution_role_arn: "arn:aws:iam::1:role/task",
    container_definitions: JSON.stringify([container]),
  });
  const all = [service, definition, ...changes];
  const plan = {
    format_version: "1.2",
    resource_changes: all.map(({ type, name, actions, before, after, unknown = {} }) => ({
      address: `${type}.${name}`,
      mode: "managed",
      type,
      name,
      change: { actions, before, after, after_unknown: unknown },
    })),
    configuration: {
      root_module: {
        resources: all.flatMap(({ type, name, sets }) =>
          sets
            ? [{ mode: "managed", type, name, expressions: Object.fromEntries(sets.map((each) => [each, {}])) }]
            : [],
        ),
      },
    },
  };
  return reviewPlan(plan);
}
const severities = (id: string, ...changes: readonly Change[]) =>
  review(...changes)
    .findings.filter(({ check }) => check.id === id)
    .map(({ severity }) => severity);

describe("a role's policies, as a refresh found them", () => {
  const inline = (text: string) => ({ inline_policy: [{ name: "exec", policy: text }], managed_policy_arns: [] });

  it("don't stand for a policy that the plan destroys", () => {
    expect(
      severities(
        "exec-permissions",
        role(inline(exec)),
        destroyed("aws_iam_role_policy", "exec", policy("exec", exec)),
      ),
    ).toEqual(["error"]);
  });

  it("don't stand for a policy that the plan changes", () => {
    const changed: Change = {
      ...same("aws_iam_role_policy", "exec", policy("exec", exec)),
      actions: ["update"],
      after: policy("exec", logs),
    };
    expect(severities("exec-permissions", role(inline(exec)), changed)).toEqual(["error"]);
    // The other way round: what was too wide is narrow now.
    const narrowed = { ...changed, before: policy("exec", allow("ssm:*")) };
    expect(severities("execution-role-too-wide", role(inline(allow("ssm:*"))), narrowed)).toEqual([]);
  });

  it("leave it open where no policy resource explains them", () => {
    expect(severities("exec-permissions", role(inline(logs)))).toEqual([]);
    expect(severities("execution-role-too-wide", role(inline(allow("ssm:*"))))).toEqual([]);
  });

  it("count where the configuration sets them, by a dynamic block too", () => {
    expect(severities("exec-permissions", role(inline(logs), ["inline_policy"]))).toEqual(["error"]);
    const before = { name: "task", arn: "arn:aws:iam::1:role/task", ...inline(exec) };
    const dynamic: Change = { ...role({}), actions: ["update"], before, after: { ...before, ...inline(logs) } };
    expect(severities("exec-permissions", dynamic)).toEqual(["error"]);
  });

  it("don't include policies that the plan detaches", () => {
    const arn = "arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess";
    const attached = role({ inline_policy: [], managed_policy_arns: [arn] });
    const detached = destroyed("aws_iam_role_policy_attachment", "read", attachment(arn));
    expect(severities("execution-role-too-wide", attached, detached)).toEqual([]);
    expect(severities("exec-permissions", attached, detached)).toEqual(["error"]);
    const kept = same("aws_iam_role_policy_attachment", "read", attachment(arn));
    expect(severities("execution-role-too-wide", attached, kept)).toEqual(["warning"]);
  });
});

describe("a new role", () => {
  const created = (...others: readonly Change[]) => {
    const unknown = { inline_policy: true, managed_policy_arns: true };
    const after = { name: "task", arn: "arn:aws:iam::1:role/task" };
    return severities(
      "exec-permissions",
      { type: "aws_iam_role", name: "task", actions: ["create"], before: null, after, unknown, sets: ["name"] },
      ...others,
    );
  };
  const made = (after: Json, unknown: Json = {}): Change => ({
    type: "aws_iam_role_policy",
    name: "exec",
    actions: ["create"],
    before: null,
    after,
    unknown,
    sets: ["role", "policy"],
  });

  it("without a policy gets a warning: a dynamic block may give it one", () => {
    expect(created()).toEqual(["warning"]);
  });

  it("with another policy gets an error", () => {
    expect(created(made(policy("exec", logs)))).toEqual(["error"]);
    expect(created(made(policy("exec", exec)))).toEqual([]);
  });

  it("may have any policy whose role isn't known", () => {
    expect(created(made({ policy: exec }, { role: true }))).toEqual([]);
  });

  it("has what a policy attachment for several roles gives it", () => {
    const several = {
      ...made({ roles: ["task"], policy_arn: "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore" }),
    };
    expect(created({ ...several, type: "aws_iam_policy_attachment" })).toEqual([]);
  });
});

describe("a route table's routes and a prefix list's entries, as a refresh found them", () => {
  const world = { cidr_block: "0.0.0.0/0", nat_gateway_id: "nat-1" };
  const network = (route: readonly Json[], sets: readonly string[] = []) => [
    same("aws_subnet", "one", { id: "subnet-1" }),
    same("aws_route_table", "one", { id: "rtb-1", route }, sets),
    same("aws_route_table_association", "one", { subnet_id: "subnet-1", route_table_id: "rtb-1" }),
  ];
  const out = { route_table_id: "rtb-1", destination_cidr_block: "0.0.0.0/0", nat_gateway_id: "nat-1" };

  it("don't stand for a route that the plan destroys", () => {
    const id = "missing-vpc-endpoints";
    expect(severities(id, ...network([world]), destroyed("aws_route", "out", out))).toEqual(["error"]);
    expect(severities(id, ...network([world]), same("aws_route", "out", out))).toEqual([]);
    expect(severities(id, ...network([world], ["route"]))).toEqual([]);
    // Added by hand: it may stay.
    expect(severities(id, ...network([world]))).toEqual([]);
  });

  it("leave it open what a route, a table or an endpoint that isn't known leads to", () => {
    const id = "missing-vpc-endpoints";
    const made = (type: string, after: Json, unknown: Json): Change => {
      return { type, name: "made", actions: ["create"], before: null, after, unknown, sets: Object.keys(unknown) };
    };
    expect(severities(id, ...network([]))).toEqual(["error"]);
    expect(
      severities(id, ...network([]), made("aws_route", { ...out, nat_gateway_id: null }, { nat_gateway_id: true })),
    ).toEqual([]);
    expect(
      severities(id, ...network([]), made("aws_route", { ...out, route_table_id: null }, { route_table_id: true })),
    ).toEqual([]);
    expect(severities(id, ...network([]), made("aws_vpc_endpoint", {}, { service_name: true }))).toEqual([]);
  });

  it.each([
    ["destroyed", true, "no"],
    ["kept", false, "yes"],
  ])("count an entry that is %s", (_, gone, packets) => {
    const entry = { prefix_list_id: "pl-1", cidr: "0.0.0.0/0" };
    const rule = { security_group_id: "sg-1", ip_protocol: "-1" };
    const { matrix } = review(
      same("aws_security_group", "shop", { id: "sg-1", ingress: [], egress: [] }, []),
      same("aws_ec2_managed_prefix_list", "peers", { id: "pl-1", entry: [{ cidr: "0.0.0.0/0" }] }, []),
      same("aws_vpc_security_group_ingress_rule", "peers", { ...rule, prefix_list_id: "pl-1" }),
      same("aws_vpc_security_group_egress_rule", "all", { ...rule, cidr_ipv4: "0.0.0.0/0" }),
      gone
        ? destroyed("aws_ec2_managed_prefix_list_entry", "world", entry)
        : same("aws_ec2_managed_prefix_list_entry", "world", entry),
    );
    expect(matrix.pairs[0]!.packets).toBe(packets);
  });
});
