/** How the services of a generated plan cluster. */
export type Topology = "peers" | "cluster" | "mesh";

type Json = Record<string, unknown>;

/**
 * The JSON of a first plan for `count` services, in the shape that `terraform show -json` gives it: ids unknown, every reference
 * to be followed through the configuration. `peers`: each service clusters with the next two; `cluster`: all with all
 * through one group; `mesh`: all with all by one rule for each pair, port range and direction.
 */
export function planOfServices(count: number, topology: Topology): Json {
  const names = Array.from({ length: count }, (_, at) => `service${at}`);
  const peersOf = (at: number): string[] =>
    topology === "peers"
      ? [...new Set([0, 1, 2, count - 1, count - 2].map((step) => names[(at + step) % count]!))]
      : names;
  const plan = new Plan();
  plan.add("aws_service_discovery_private_dns_namespace", "main", {
    name: "organization.local",
    vpc: "vpc-0123456789abcdef0",
  });
  if (topology === "cluster")
    plan.add("aws_security_group", "shared", { name: "shared", vpc_id: "vpc-0123456789abcdef0" });
  names.forEach((name, at) => {
    const group = topology === "cluster" ? "shared" : name;
    addService(plan, name, group, peersOf(at));
    if (topology !== "cluster") for (const peer of peersOf(at)) addRules(plan, name, peer);
  });
  if (topology === "cluster") addRules(plan, "shared", "shared");
  return plan.json();
}

class Plan {
  private readonly changes: Json[] = [];
  private readonly configured: Json[] = [];

  /** A resource to create; `unknown` names the attributes that come from another resource, by reference. */
  add(
    type: string,
    name: string,
    after: Json,
    unknown: Record<string, string> = {},
    nested: { after?: Json; unknown?: Json; expressions?: Json } = {},
  ): void {
    const address = `${type}.${name}`;
    const references = (target: string) => ({ references: [target, target.split(".").slice(0, 2).join(".")] });
    this.changes.push({
      address,
      mode: "managed",
      type,
      name,
      provider_name: "registry.terraform.io/hashicorp/aws",
      change: {
        actions: ["create"],
        before: null,
        after: { ...after, ...nested.after },
        after_unknown: {
          id: true,
          arn: true,
          ...Object.fromEntries(Object.keys(unknown).map((key) => [key, true])),
          ...nested.unknown,
        },
      },
    });
    this.configured.push({
      address,
      mode: "managed",
      type,
      name,
      expressions: {
        ...Object.fromEntries(Object.entries(after).map(([key, value]) => [key, { constant_value: value }])),
        ...Object.fromEntries(Object.entries(unknown).map(([key, target]) => [key, references(target)])),
        ...nested.expressions,
      },
    });
  }

  json(): Json {
    return {
      format_version: "1.2",
      terraform_version: "1.11.4",
      resource_changes: this.changes,
      configuration: { root_module: { resources: this.configured } },
    };
  }
}

function addService(plan: Plan, name: string, group: string, peers: readonly string[]): void {
  if (group === name) plan.add("aws_security_group", name, { name, vpc_id: "vpc-0123456789abcdef0" });
  plan.add(
    "aws_service_discovery_service",
    name,
    { name, health_check_custom_config: [{ failure_threshold: 1 }] },
    {},
    {
      after: { dns_config: [{ routing_policy: "MULTIVALUE", dns_records: [{ type: "A", ttl: 10 }] }] },
      unknown: { dns_config: [{ namespace_id: true, dns_records: [{}] }] },
      expressions: {
        dns_config: [
          {
            namespace_id: {
              references: [
                "aws_service_discovery_private_dns_namespace.main.id",
                "aws_service_discovery_private_dns_namespace.main",
              ],
            },
          },
        ],
      },
    },
  );
  const environment = {
    RELEASE_NAME: name,
    CLUSTER_NODES: peers.map((peer) => `${peer}@${peer}.organization.local`).join(","),
    DISTRIBUTION_MODE: "epmd",
  };
  plan.add("aws_ecs_task_definition", name, {
    family: name,
    cpu: "512",
    memory: "1024",
    requires_compatibilities: ["FARGATE"],
    container_definitions: JSON.stringify([
      {
        name,
        image: `registry.example/${name}@sha256:${"0".repeat(64)}`,
        environment: Object.entries(environment).map(([key, value]) => ({ name: key, value })),
        secrets: [{ name: "RELEASE_COOKIE", valueFrom: "/organization/release-cookie" }],
      },
    ]),
  });
  plan.add("aws_cloudwatch_log_group", name, { name: `/ecs/${name}`, retention_in_days: 30 });
  plan.add(
    "aws_ecs_service",
    name,
    {
      name,
      desired_count: 2,
      deployment_maximum_percent: 200,
      deployment_minimum_healthy_percent: 100,
      deployment_circuit_breaker: [{ enable: true, rollback: true }],
    },
    { task_definition: `aws_ecs_task_definition.${name}.arn` },
    {
      after: { network_configuration: [{ subnets: ["subnet-1"], assign_public_ip: false }], service_registries: [{}] },
      unknown: {
        network_configuration: [{ security_groups: true, subnets: [false] }],
        service_registries: [{ registry_arn: true }],
      },
      expressions: {
        network_configuration: [
          { security_groups: { references: [`aws_security_group.${group}.id`, `aws_security_group.${group}`] } },
        ],
        service_registries: [
          {
            registry_arn: {
              references: [`aws_service_discovery_service.${name}.arn`, `aws_service_discovery_service.${name}`],
            },
          },
        ],
      },
    },
  );
}

function addRules(plan: Plan, name: string, peer: string): void {
  for (const [from_port, to_port] of [
    [4369, 4369],
    [9000, 9010],
  ]) {
    const ports = { ip_protocol: "tcp", from_port, to_port };
    plan.add("aws_vpc_security_group_egress_rule", `${name}_to_${peer}_${from_port}`, ports, {
      security_group_id: `aws_security_group.${name}.id`,
      referenced_security_group_id: `aws_security_group.${peer}.id`,
    });
    plan.add("aws_vpc_security_group_ingress_rule", `${peer}_from_${name}_${from_port}`, ports, {
      security_group_id: `aws_security_group.${peer}.id`,
      referenced_security_group_id: `aws_security_group.${name}.id`,
    });
  }
}
