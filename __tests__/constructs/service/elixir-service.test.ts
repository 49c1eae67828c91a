import { ErlangDistribution } from "../../../src/constructs/service/erlang-distribution";
import { Network } from "../../../src/constructs/network/network";
import type { ElixirServiceProps } from "../../../src/constructs/service/elixir-service-props";
import { container, Layout, the, type TerraformJson } from "../layout";

function jsonWith(props: Partial<ElixirServiceProps> = {}): TerraformJson {
  const layout = new Layout();
  layout.service("my-app", { nameTemplates: { resources: "prod-{service}" }, ...props });
  return layout.json;
}
const environmentOf = (json: TerraformJson) =>
  Object.fromEntries(
    (container(json).environment as { name: string; value: string }[]).map(({ name, value }) => [name, value]),
  );

describe("task definition", () => {
  it("is Fargate's, 512 CPU units and 1024 MiB on Linux X86_64 unless told otherwise", () => {
    expect(the(jsonWith(), "aws_ecs_task_definition")).toMatchObject({
      family: "prod-my-app",
      requires_compatibilities: ["FARGATE"],
      network_mode: "awsvpc",
      cpu: "512",
      memory: "1024",
      runtime_platform: { operating_system_family: "LINUX", cpu_architecture: "X86_64" },
    });
    expect(the(jsonWith({ cpu: 1024, memory: 4096, architecture: "ARM64" }), "aws_ecs_task_definition")).toMatchObject({
      cpu: "1024",
      memory: "4096",
      runtime_platform: { cpu_architecture: "ARM64" },
    });
  });

  it("has two roles, not one for both", () => {
    const { execution_role_arn, task_role_arn } = the(jsonWith(), "aws_ecs_task_definition");
    expect(execution_role_arn).toMatch(/execution-role_\w+\.arn\}$/);
    expect(task_role_arn).toMatch(/task-role_\w+\.arn\}$/);
  });

  it("tells the container how to cluster", () => {
    expect(environmentOf(jsonWith())).toEqual({
      RELEASE_NAME: "my_app",
      CLUSTER_NODES: "my_app@my-app.organization.local",
      CLUSTER_DISCOVERY: "dns",
      CLUSTER_POLLING_INTERVAL: "1000",
      DISTRIBUTION_MODE: "epmd",
      DISTRIBUTION_PORT_MIN: "9000",
      DISTRIBUTION_PORT_MAX: "9010",
      NET_TICKTIME: "15",
      PORT: "4000",
      SHUTDOWN_TIME: "35",
    });
  });

  it.each([
    ["dns_cluster", { DNS_CLUSTER_QUERY: "my-app.organization.local" }],
    ["none", {}],
  ] as const)("tells it nothing of libcluster with discovery %s", (discovery, variables) => {
    const environment = environmentOf(jsonWith({ discovery }));
    const found = Object.entries(environment).filter(([name]) => /^(CLUSTER_|DNS_)/.test(name));
    expect(Object.fromEntries(found)).toEqual({ CLUSTER_DISCOVERY: discovery, ...variables });
    expect(environment).toMatchObject({ RELEASE_NAME: "my_app", DISTRIBUTION_PORT_MIN: "9000", NET_TICKTIME: "15" });
  });

  it("tells the container what the options say", () => {
    const json = jsonWith({
      releaseName: "shop",
      discovery: "dnspoll",
      pollingIntervalMs: 2500,
      netTicktimeSeconds: 30,
      httpPort: 8080,
      distribution: ErlangDistribution.singlePort(9100),
      environment: { PHX_HOST: "example.com" },
    });
    expect(environmentOf(json)).toEqual({
      PHX_HOST: "example.com",
      RELEASE_NAME: "shop",
      CLUSTER_NODES: "shop@my-app.organization.local",
      CLUSTER_DISCOVERY: "dnspoll",
      CLUSTER_POLLING_INTERVAL: "2500",
      DISTRIBUTION_MODE: "single-port",
      DISTRIBUTION_PORT_MIN: "9100",
      DISTRIBUTION_PORT_MAX: "9100",
      NET_TICKTIME: "30",
      PORT: "8080",
      SHUTDOWN_TIME: "35",
    });
    expect(container(json).portMappings).toEqual([{ containerPort: 8080, hostPort: 8080, protocol: "tcp" }]);
  });

  it("lets nobody contradict the layout by a variable of their own", () => {
    expect(environmentOf(jsonWith({ environment: { CLUSTER_NODES: "other@elsewhere", PORT: "1" } }))).toMatchObject({
      CLUSTER_NODES: "my_app@my-app.organization.local",
      PORT: "4000",
    });
  });

  it("passes a value literally, without templates or escapes", () => {
    const value = 'say "hi" to ${HOST} and %{http_code}, C:\\temp, Grüße';
    expect(environmentOf(jsonWith({ environment: { MESSAGE: value } })).MESSAGE).toBe(
      'say "hi" to $${HOST} and %%{http_code}, C:\\temp, Grüße',
    );
  });

  it("has a health check of the container", () => {
    expect(container(jsonWith()).healthCheck).toEqual({
      command: ["CMD-SHELL", "curl -fsS http://127.0.0.1:4000/health || exit 1"],
      interval: 10,
      timeout: 5,
      retries: 3,
      startPeriod: 30,
    });
    expect(container(jsonWith({ healthCheck: false })).healthCheck).toBeUndefined();
  });

  it("gives the release time to stop, and hands signals on", () => {
    expect(container(jsonWith())).toMatchObject({ stopTimeout: 40, linuxParameters: { initProcessEnabled: true } });
    expect(container(jsonWith({ stopTimeoutSeconds: 120 }))).toMatchObject({ stopTimeout: 120 });
  });

  it("logs to its own log group for 30 days", () => {
    const json = jsonWith();
    expect(the(json, "aws_cloudwatch_log_group")).toMatchObject({ name: "/ecs/prod-my-app", retention_in_days: 30 });
    expect(container(json).logConfiguration).toEqual({
      logDriver: "awslogs",
      options: {
        "awslogs-group": expect.stringMatching(/^\$\{aws_cloudwatch_log_group\.[\w-]+\.name\}$/),
        "awslogs-region": "eu-west-1",
        "awslogs-stream-prefix": "my-app",
        mode: "non-blocking",
        "max-buffer-size": "25m",
      },
    });
  });

  it.each([
    [{ nonBlocking: {} }, { mode: "non-blocking", "max-buffer-size": "25m" }],
    [{ nonBlocking: { bufferMiB: 4 } }, { mode: "non-blocking", "max-buffer-size": "4m" }],
    [{ blocking: {} }, { mode: "blocking", "max-buffer-size": undefined }],
  ])("gives its logs to CloudWatch as %j says", (awslogs, expected) => {
    const { options } = container(jsonWith({ logs: { driver: { awslogs } } })).logConfiguration as {
      options: Record<string, string>;
    };
    expect({ mode: options.mode, "max-buffer-size": options["max-buffer-size"] }).toEqual(expected);
  });

  it("comes with the volumes that ECS Exec needs under a read-only root", () => {
    const json = jsonWith({ readonlyRootFilesystem: true });
    expect(container(json)).toMatchObject({
      readonlyRootFilesystem: true,
      mountPoints: [
        { sourceVolume: "ssm-agent-log", containerPath: "/var/log/amazon", readOnly: false },
        { sourceVolume: "ssm-agent-state", containerPath: "/var/lib/amazon", readOnly: false },
        { sourceVolume: "tmp", containerPath: "/tmp", readOnly: false },
      ],
    });
    expect(the(json, "aws_ecs_task_definition").volume).toEqual([
      { name: "ssm-agent-log" },
      { name: "ssm-agent-state" },
      { name: "tmp" },
    ]);
    expect(the(jsonWith(), "aws_ecs_task_definition").volume).toEqual([]);
  });
});

describe("options that are undefined or left out", () => {
  it("have their defaults", () => {
    const unset = {
      cpu: undefined,
      tasks: undefined,
      discovery: undefined,
      deployment: undefined,
      waitForSteadyState: undefined,
      names: { logGroup: undefined },
    };
    expect(jsonWith(unset)).toEqual(jsonWith());
  });

  it("have them inside a health check and a load balancer too", () => {
    const json = jsonWith({
      healthCheck: { path: "/up", retries: undefined },
      web: { targetGroupArn: "arn:tg", securityGroupId: "sg-0abc1234" },
    });
    expect(container(json).healthCheck).toEqual({
      command: ["CMD-SHELL", "curl -fsS http://127.0.0.1:4000/up || exit 1"],
      interval: 10,
      timeout: 5,
      retries: 3,
      startPeriod: 30,
    });
    expect(the(json, "aws_ecs_service").health_check_grace_period_seconds).toBe(60);
  });
});

describe("name in Cloud Map", () => {
  it("is an A record with every task, TTL 10, and a health that ECS sets", () => {
    expect(the(jsonWith(), "aws_service_discovery_service")).toEqual({
      name: "my-app",
      dns_config: {
        namespace_id: expect.stringMatching(/^\$\{aws_service_discovery_private_dns_namespace\.[\w-]+\.id\}$/),
        routing_policy: "MULTIVALUE",
        dns_records: [{ type: "A", ttl: 10 }],
      },
      health_check_custom_config: { failure_threshold: 1 },
      force_destroy: true,
      lifecycle: { create_before_destroy: true },
    });
  });
});

describe("security group", () => {
  it("has no rules within itself: they would fight with those that peers add", () => {
    const group = the(jsonWith(), "aws_security_group");
    expect(group).toMatchObject({ name: "prod-my-app-service", description: "Tasks of the service prod-my-app" });
    expect(group).not.toHaveProperty("ingress");
    expect(group).not.toHaveProperty("egress");
  });
});

describe("ECS service", () => {
  it("keeps every task while it deploys, and goes back by itself", () => {
    expect(the(jsonWith({ tasks: 3 }), "aws_ecs_service")).toMatchObject({
      name: "my-app",
      launch_type: "FARGATE",
      desired_count: 3,
      deployment_minimum_healthy_percent: 100,
      deployment_maximum_percent: 200,
      deployment_circuit_breaker: { enable: true, rollback: true },
      availability_zone_rebalancing: "ENABLED",
      propagate_tags: "SERVICE",
      enable_ecs_managed_tags: true,
      enable_execute_command: true,
    });
  });

  it("deploys no more tasks than one DNS answer can name with DNSPoll, which would drop the others", () => {
    const percent = (props: Partial<ElixirServiceProps>) =>
      the(jsonWith({ tasks: 7, ...props }), "aws_ecs_service").deployment_maximum_percent;
    const discoveries = ["dnspoll", "dns", "dns_cluster", "none"] as const;
    expect(discoveries.map((discovery) => percent({ discovery }))).toEqual([115, 200, 200, 200]);
    expect(percent({ discovery: "dnspoll", deployment: { strategy: { rolling: { maximumPercent: 200 } } } })).toBe(200);
  });

  it("is given the cluster's ARN, since a name replaces a service that was imported", () => {
    expect(the(jsonWith(), "aws_ecs_service").cluster).toMatch(/^\$\{data\.aws_ecs_cluster\.[\w-]+\.arn\}$/);
  });

  it("waits for the policies: a task that starts before them fails", () => {
    expect(the(jsonWith(), "aws_ecs_service").depends_on).toEqual([
      expect.stringMatching(/execution-policy/),
      expect.stringMatching(/task-policy/),
    ]);
  });

  it("gives no public address unless the network does", () => {
    expect(the(jsonWith(), "aws_ecs_service").network_configuration).toMatchObject({ assign_public_ip: false });
    const layout = new Layout();
    const network = new Network(layout.stack, "public", { vpc: { id: "vpc-0abc1234" }, publicIp: true });
    layout.service("myapp", { network });
    expect(the(layout.json, "aws_ecs_service").network_configuration).toMatchObject({ assign_public_ip: true });
  });

  it("has a grace period only with a load balancer", () => {
    expect(the(jsonWith(), "aws_ecs_service")).not.toHaveProperty("health_check_grace_period_seconds");
    const json = jsonWith({
      web: { targetGroupArn: "arn:tg", securityGroupId: "sg-0abc1234", healthCheckGracePeriodSeconds: 60 },
    });
    expect(the(json, "aws_ecs_service")).toMatchObject({
      health_check_grace_period_seconds: 60,
      load_balancer: [{ target_group_arn: "arn:tg", container_name: "my-app", container_port: 4000 }],
    });
    expect(the(json, "aws_vpc_security_group_ingress_rule")).toMatchObject({
      referenced_security_group_id: "sg-0abc1234",
      from_port: 4000,
      to_port: 4000,
    });
  });

  it("leaves the number of tasks to autoscaling when told so", () => {
    expect(the(jsonWith({ waitForSteadyState: false }), "aws_ecs_service")).not.toHaveProperty("lifecycle");
    expect(the(jsonWith({ autoscaled: true }), "aws_ecs_service").lifecycle).toMatchObject({
      ignore_changes: ["desired_count"],
    });
  });

  it("keeps the names of what was made elsewhere, each by itself", () => {
    // GIVEN only a name for the ECS service THEN all others are ours
    const one = jsonWith({ names: { service: "my-service" } });
    expect(the(one, "aws_ecs_service").name).toBe("my-service");
    expect(the(one, "aws_cloudwatch_log_group").name).toBe("/ecs/prod-my-app");
    // GIVEN all of them
    const json = jsonWith({
      names: {
        service: "my-service",
        executionRole: "Stack-ecs1A2B",
        taskRole: "Stack-app3C4D",
        logGroup: "Stack-logs5E6F",
      },
    });
    // THEN what clusters by name stays as it was
    expect(Object.values(json.resource!.aws_iam_role!).map(({ name }) => name)).toEqual([
      "Stack-ecs1A2B",
      "Stack-app3C4D",
    ]);
    expect(the(json, "aws_cloudwatch_log_group").name).toBe("Stack-logs5E6F");
    expect(the(json, "aws_service_discovery_service").name).toBe("my-app");
    expect(container(json).name).toBe("my-app");
  });

  it("is in its own security group and in extraSecurityGroups", () => {
    const { network_configuration } = the(jsonWith({ extraSecurityGroups: ["sg-0abc1234"] }), "aws_ecs_service");
    expect(network_configuration).toMatchObject({
      security_groups: [expect.stringMatching(/^\$\{aws_security_group\.[\w-]+\.id\}$/), "sg-0abc1234"],
    });
  });
});
