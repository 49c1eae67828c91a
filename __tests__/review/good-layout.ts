/** Terraform JSON, as far as the layouts need it. */
export interface Layout {
  resource: Record<string, Record<string, Record<string, unknown>>>;
}

export const names = ["shop", "stock", "mail"] as const;
export type Name = (typeof names)[number];

/** What each service polls in the good layout: shop and stock cluster, mail keeps to itself. */
const peers: Record<Name, Name[]> = { shop: ["shop", "stock"], stock: ["stock", "shop"], mail: ["mail"] };

const distribution = { epmd: [4369, 4369], range: [9000, 9010] } as const;

/** Three services in one VPC, laid out as they should be: it can be reviewed as it is, planned and applied. */
export function goodLayout(): Layout {
  const layout: Layout = { resource: {} };
  const add = (type: string, name: string, block: Record<string, unknown>) =>
    ((layout.resource[type] ??= {})[name] = block);
  add("aws_vpc", "main", { cidr_block: "10.0.0.0/16" });
  add("aws_subnet", "one", { vpc_id: "${aws_vpc.main.id}", cidr_block: "10.0.1.0/24" });
  add("aws_subnet", "two", { vpc_id: "${aws_vpc.main.id}", cidr_block: "10.0.2.0/24" });
  add("aws_service_discovery_private_dns_namespace", "main", { name: "organization.local", vpc: "${aws_vpc.main.id}" });
  add("aws_ecs_cluster", "main", { name: "main" });
  for (const name of names) addService(add, name);
  for (const name of names) for (const peer of peers[name]) addRules(add, name, peer);
  return layout;
}

type Add = (type: string, name: string, block: Record<string, unknown>) => void;

function addService(add: Add, name: Name): void {
  add("aws_security_group", name, { name, vpc_id: "${aws_vpc.main.id}" });
  add("aws_service_discovery_service", name, {
    name,
    force_destroy: true,
    dns_config: {
      namespace_id: "${aws_service_discovery_private_dns_namespace.main.id}",
      routing_policy: "MULTIVALUE",
      dns_records: [{ type: "A", ttl: 10 }],
    },
    health_check_custom_config: { failure_threshold: 1 },
  });
  add("aws_cloudwatch_log_group", name, { name: `/ecs/${name}`, retention_in_days: 30 });
  add("aws_iam_role", `${name}_execution`, { name: `${name}-execution`, assume_role_policy: assumedByTasks });
  add("aws_iam_role", `${name}_task`, { name: `${name}-task`, assume_role_policy: assumedByTasks });
  add("aws_iam_role_policy", `${name}_execution`, {
    role: `\${aws_iam_role.${name}_execution.name}`,
    policy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Action: "ecr:GetAuthorizationToken", Resource: "*" },
        { Effect: "Allow", Action: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], Resource: repositories },
        { Effect: "Allow", Action: "ssm:GetParameters", Resource: cookie },
      ],
    }),
  });
  add("aws_iam_role_policy", `${name}_task`, {
    role: `\${aws_iam_role.${name}_task.name}`,
    policy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: execActions, Resource: "*" }],
    }),
  });
  add("aws_ecs_task_definition", name, {
    family: name,
    requires_compatibilities: ["FARGATE"],
    network_mode: "awsvpc",
    cpu: "512",
    memory: "1024",
    execution_role_arn: `\${aws_iam_role.${name}_execution.arn}`,
    task_role_arn: `\${aws_iam_role.${name}_task.arn}`,
    container_definitions: JSON.stringify([container(name)]),
  });
  add("aws_ecs_service", name, {
    name,
    cluster: "${aws_ecs_cluster.main.arn}",
    task_definition: `\${aws_ecs_task_definition.${name}.arn}`,
    desired_count: 2,
    launch_type: "FARGATE",
    enable_execute_command: true,
    deployment_minimum_healthy_percent: 100,
    deployment_maximum_percent: 200,
    deployment_circuit_breaker: { enable: true, rollback: true },
    network_configuration: {
      subnets: ["${aws_subnet.one.id}", "${aws_subnet.two.id}"],
      security_groups: [`\${aws_security_group.${name}.id}`],
    },
    service_registries: { registry_arn: `\${aws_service_discovery_service.${name}.arn}` },
  });
}

const cookie = "arn:aws:ssm:eu-west-1:123456789012:parameter/organization/release-cookie";
const repositories = "arn:aws:ecr:eu-west-1:123456789012:repository/*";
const execActions = ["CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"].map(
  (action) => `ssmmessages:${action}`,
);
const assumedByTasks = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "ecs-tasks.amazonaws.com" }, Action: "sts:AssumeRole" }],
});

function container(name: Name): ContainerJson {
  const environment = {
    RELEASE_NAME: name,
    CLUSTER_NODES: peers[name].map((peer) => `${peer}@${peer}.organization.local`).join(","),
    CLUSTER_DISCOVERY: "dns",
    DISTRIBUTION_MODE: "epmd",
    DISTRIBUTION_PORT_MIN: "9000",
    DISTRIBUTION_PORT_MAX: "9010",
  };
  return {
    name,
    image: `123456789012.dkr.ecr.eu-west-1.amazonaws.com/${name}@sha256:${"0123456789abcdef".repeat(4)}`,
    essential: true,
    environment: Object.entries(environment).map(([key, value]) => ({ name: key, value })),
    secrets: [{ name: "RELEASE_COOKIE", valueFrom: cookie }],
  };
}

export interface ContainerJson {
  name: string;
  image: string;
  essential: boolean;
  environment: { name: string; value: string }[];
  secrets: { name: string; valueFrom: string }[];
  [other: string]: unknown;
}

/** `name` may dial `peer`: egress of the one, ingress of the other. */
function addRules(add: Add, name: Name, peer: Name): void {
  for (const [what, [from_port, to_port]] of Object.entries(distribution)) {
    const ports = { ip_protocol: "tcp", from_port, to_port };
    add("aws_vpc_security_group_egress_rule", `${name}_to_${peer}_${what}`, {
      security_group_id: `\${aws_security_group.${name}.id}`,
      referenced_security_group_id: `\${aws_security_group.${peer}.id}`,
      ...ports,
    });
    add("aws_vpc_security_group_ingress_rule", `${peer}_from_${name}_${what}`, {
      security_group_id: `\${aws_security_group.${peer}.id}`,
      referenced_security_group_id: `\${aws_security_group.${name}.id}`,
      ...ports,
    });
  }
}
