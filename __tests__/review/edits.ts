import { reviewPlan } from "../../src/review/review";
import { goodLayout, type Layout } from "./good-layout";
import { changeContainer } from "./layouts";

export type Block = Record<string, unknown>;
/** A change to the good layout. */
export type Edit = (layout: Layout) => void;

export const at = (layout: Layout, type: string, name: string): Block => layout.resource[type]![name]!;
export const put = (layout: Layout, type: string, name: string, block: Block) =>
  void ((layout.resource[type] ??= {})[name] = block);
export const set =
  (type: string, name: string, values: Block): Edit =>
  (layout) =>
    Object.assign(at(layout, type, name), values);
export const ingress = "aws_vpc_security_group_ingress_rule";
export const group = (name: string) => `\${aws_security_group.${name}.id}`;
export const rule =
  (name: string, values: Block): Edit =>
  (layout) =>
    put(layout, ingress, name, { security_group_id: group("shop"), ip_protocol: "tcp", ...values });
export const policy = (...statements: Block[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });
export const all =
  (...edits: Edit[]): Edit =>
  (layout) =>
    edits.forEach((edit) => edit(layout));
/** The good layout with some changes. */
export const edited = (...edits: Edit[]): Layout => {
  const layout = goodLayout();
  for (const edit of edits) edit(layout);
  return layout;
};
export const withoutRules =
  (...names: string[]): Edit =>
  (layout) => {
    for (const name of names) delete layout.resource[ingress]![name];
  };
export const network =
  (values: Block): Edit =>
  (layout) =>
    Object.assign(at(layout, "aws_ecs_service", "shop").network_configuration as Block, values);
export const container =
  (edit: Parameters<typeof changeContainer>[2]): Edit =>
  (layout) =>
    changeContainer(layout, "shop", edit);
/** Adds a container that shop's waits for, with its image. */
export const before =
  (condition: string, other: Block, more: Block = {}): Edit =>
  (layout) => {
    const definition = at(layout, "aws_ecs_task_definition", "shop");
    const [shop] = JSON.parse(definition.container_definitions as string) as [Block];
    const dependsOn = [{ containerName: "migrate", condition }];
    const init = { name: "migrate", image: shop.image, essential: false, command: ["bin/migrate"], ...other };
    definition.container_definitions = JSON.stringify([{ ...shop, dependsOn, ...more }, init]);
  };
export const backend =
  (values: Block): Edit =>
  (layout) =>
    Object.assign(layout, { terraform: { backend: { s3: { bucket: "acme-terraform-state", ...values } } } });
export const bucket =
  (parts: Record<string, Block>): Edit =>
  (layout) => {
    put(layout, "aws_s3_bucket", "state", { bucket: "acme-terraform-state" });
    for (const [type, values] of Object.entries(parts))
      put(layout, type, "state", { bucket: "${aws_s3_bucket.state.id}", ...values });
  };
/** All that a state bucket needs. */
export const goodBucket: Record<string, Block> = {
  aws_s3_bucket_versioning: { versioning_configuration: { status: "Enabled" } },
  aws_s3_bucket_public_access_block: {
    block_public_acls: true,
    block_public_policy: true,
    ignore_public_acls: true,
    restrict_public_buckets: true,
  },
  aws_s3_bucket_server_side_encryption_configuration: {
    rule: { apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } },
  },
  aws_s3_bucket_policy: {
    policy: policy({
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: "*",
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    }),
  },
};
export const isolated =
  (...endpoints: string[]): Edit =>
  (layout) => {
    put(layout, "aws_route_table", "private", { vpc_id: "${aws_vpc.main.id}" });
    for (const subnet of ["one", "two"])
      put(layout, "aws_route_table_association", subnet, {
        subnet_id: `\${aws_subnet.${subnet}.id}`,
        route_table_id: "${aws_route_table.private.id}",
      });
    for (const name of endpoints)
      put(layout, "aws_vpc_endpoint", name.replace(".", "_"), {
        vpc_id: "${aws_vpc.main.id}",
        service_name: `com.amazonaws.eu-west-1.${name}`,
      });
  };
export const scheduler = (...statements: Block[]): string =>
  policy(
    { Effect: "Allow", Principal: { Service: "scheduler.amazonaws.com" }, Action: "sts:AssumeRole" },
    ...statements,
  );
export const passRoles = (...names: string[]): Block => ({
  Effect: "Allow",
  Action: "iam:PassRole",
  Resource: names.map((name) => `arn:aws:iam::123456789012:role/${name}`),
});
export const runTask = (definition: string): Block => ({
  Effect: "Allow",
  Action: "ecs:RunTask",
  Resource: `arn:aws:ecs:eu-west-1:123456789012:task-definition/${definition}`,
});

interface Schedule {
  readonly definition?: string;
  readonly containers?: readonly Block[];
  readonly network?: Block;
  readonly statements?: readonly Block[];
  readonly trust?: string;
}
/** A schedule of shop's task definition in its subnets and group, with a role that may start it. */
export const schedule =
  ({ definition = "shop", containers = [], network = {}, statements, trust = scheduler() }: Schedule = {}): Edit =>
  (layout) => {
    put(layout, "aws_iam_role", "schedule", { name: "schedule", assume_role_policy: trust });
    put(layout, "aws_iam_role_policy", "schedule", {
      role: "${aws_iam_role.schedule.name}",
      policy: policy(...(statements ?? [runTask("shop:*"), passRoles("shop-execution", "shop-task")])),
    });
    put(layout, "aws_scheduler_schedule", "nightly", {
      name: "nightly",
      schedule_expression: "cron(0 3 * * ? *)",
      schedule_expression_timezone: "Europe/Berlin",
      flexible_time_window: { mode: "OFF" },
      target: {
        arn: "${aws_ecs_cluster.main.arn}",
        role_arn: "${aws_iam_role.schedule.arn}",
        ecs_parameters: {
          task_definition_arn: `arn:aws:ecs:eu-west-1:123456789012:task-definition/${definition}`,
          network_configuration: {
            subnets: ["${aws_subnet.one.id}"],
            security_groups: ["${aws_security_group.shop.id}"],
            ...network,
          },
        },
        input: JSON.stringify({ containerOverrides: containers }),
      },
    });
  };
export const route: Edit = (layout) =>
  put(layout, "aws_route", "out", {
    route_table_id: "${aws_route_table.private.id}",
    destination_cidr_block: "0.0.0.0/0",
    nat_gateway_id: "nat-0123456789abcdef0",
  });

export const managed =
  (role: string, name: string): Edit =>
  (layout) =>
    put(layout, "aws_iam_role_policy_attachment", "managed", {
      role: `\${aws_iam_role.${role}.name}`,
      policy_arn: `arn:aws:iam::aws:policy/${name}`,
    });

export const random = "kJ8sQ2vLx0Zp7TnW4cRy9BgHdM3uEoFa";

/** What a check finds in the good layout after a change. */
export const found = (edit: Edit, id: string) => {
  const layout = goodLayout();
  edit(layout);
  return reviewPlan(layout).findings.filter(({ check }) => check.id === id);
};
