import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { checks } from "../../src/review/checks";
import { pageOf } from "../../src/review/checks/page";
import { reviewPlan } from "../../src/review/review";
import { goodLayout, type Name } from "./good-layout";
import { deploymentCases } from "./deployment-cases";
import { webCases } from "./web/check-cases";
import { changeContainer, setVariable } from "./layouts";
import { planned, repository } from "./planned";
import {
  all,
  at,
  backend,
  before,
  bucket,
  container,
  found,
  goodBucket,
  group,
  ingress,
  isolated,
  network,
  policy,
  put,
  passRoles,
  random,
  route,
  rule,
  runTask,
  schedule,
  set,
  type Block,
  type Edit,
} from "./edits";

interface Case {
  /** What must be found: the address, and a part of the message. */
  readonly wrong: Edit;
  readonly address: string;
  readonly says: string;
  /** What comes near and must not be found. */
  readonly nearly: Edit;
}

/** A database that lets nobody in, and whose address shop's environment names. */
const database = all(
  (layout) => put(layout, "aws_security_group", "database", { name: "database" }),
  (layout) =>
    put(layout, "aws_db_instance", "shop", { engine: "postgres", vpc_security_group_ids: [group("database")] }),
  (layout) => setVariable(layout, "shop", "DATABASE_HOST", "${aws_db_instance.shop.address}"),
);

/** Services whose nodes encrypt, with the certificates in one parameter. */
const encrypted =
  (...services: readonly Name[]): Edit =>
  (layout) => {
    for (const service of services) {
      setVariable(layout, service, "DISTRIBUTION_MODE", "tls");
      changeContainer(layout, service, ({ secrets }) => {
        secrets.push({
          name: "DISTRIBUTION_CERTIFICATES",
          valueFrom: secrets[0]!.valueFrom.replace("cookie", "nodes"),
        });
      });
    }
  };

const efsVolume = (options: object) => ({
  name: "uploads",
  efs_volume_configuration: { file_system_id: "fs-0123456789abcdef0", ...options },
});

const logs =
  (options: object): Edit =>
  (layout) =>
    changeContainer(layout, "shop", (shop) =>
      Object.assign(shop, { logConfiguration: { logDriver: "awslogs", options } }),
    );

/** An alarm as it should be, with other values. */
const alarm =
  (values: Block): Edit =>
  (layout) =>
    put(layout, "aws_cloudwatch_metric_alarm", "cpu", {
      alarm_name: "prod-shop-cpu",
      namespace: "AWS/ECS",
      metric_name: "CPUUtilization",
      dimensions: { ClusterName: "prod", ServiceName: "shop" },
      alarm_actions: ["arn:aws:sns:eu-west-1:123456789012:alarms"],
      ...values,
    });

/** The endpoints that the layout's tasks start with. */
const startEndpoints = ["ecr.api", "ecr.dkr", "s3", "logs", "ssm", "ssmmessages"];

const foreignImage: Edit = (layout) =>
  changeContainer(layout, "shop", (shop) => (shop.image = "ghcr.io/acme/shop:1.0"));

/** Its node reports the metrics of the cluster. */
const reporting: Edit = (layout) => setVariable(layout, "shop", "CLUSTER_METRICS", "prod/shop/shop");

/** The task role's trust policy, of a layout whose provider names account and Region. */
const trusted =
  (Condition: object): Edit =>
  (layout) => {
    Object.assign(layout, { provider: { aws: [{ region: "eu-west-1", allowed_account_ids: ["123456789012"] }] } });
    at(layout, "aws_iam_role", "shop_task").assume_role_policy = policy({
      Effect: "Allow",
      Principal: { Service: "ecs-tasks.amazonaws.com" },
      Action: "sts:AssumeRole",
      Condition,
    });
  };

const cases: Record<string, Case> = {
  ...webCases,
  ...deploymentCases,
  "cannot-connect": {
    wrong: (layout) =>
      setVariable(layout, "shop", "CLUSTER_NODES", "shop@shop.organization.local,stok@stock.organization.local"),
    address: "aws_ecs_service.shop",
    says: "shop cannot connect to stock: basename differs: shop looks for stok@, stock's nodes are stock@",
    nearly: (layout) =>
      setVariable(layout, "shop", "CLUSTER_NODES", "shop@SHOP.organization.local, stock@stock.organization.local"),
  },
  "breaking-variable": {
    wrong: (layout) => setVariable(layout, "shop", "RELEASE_IP", "127.0.0.1"),
    address: "aws_ecs_task_definition.shop",
    says: "RELEASE_IP is 127.0.0.1: every task's node has this address in its name",
    nearly: all(
      (layout) => setVariable(layout, "shop", "ERL_EPMD_PORT", "4369"),
      (layout) => setVariable(layout, "shop", "ERL_EPMD_ADDRESS", "0.0.0.0,127.0.0.1"),
    ),
  },
  "two-discoveries": {
    wrong: (layout) =>
      setVariable(layout, "shop", "DNS_CLUSTER_QUERY", "Shop.organization.local,stock@stock.organization.local"),
    address: "aws_ecs_task_definition.shop",
    says: "shop has CLUSTER_NODES and DNS_CLUSTER_QUERY: libcluster and DNSCluster both look for its peers",
    nearly: all(
      (layout) => setVariable(layout, "shop", "DNS_CLUSTER_QUERY", ""),
      (layout) => setVariable(layout, "stock", "CLUSTER_NODES", undefined),
      (layout) =>
        setVariable(layout, "stock", "DNS_CLUSTER_QUERY", "stock.organization.local,shop@shop.organization.local"),
    ),
  },
  "no-self-rule": {
    wrong: (layout) => delete layout.resource[ingress]!.mail_from_mail_range,
    address: "aws_security_group.mail",
    says: "tasks of mail cannot connect to each other: no rule for 9000–9010 from aws_security_group.mail to aws_security_group.mail",
    nearly: set(ingress, "mail_from_mail_range", {
      from_port: 8000,
      to_port: 9500,
    }),
  },
  "database-not-reachable": {
    wrong: database,
    address: "aws_db_instance.shop",
    says: "the groups of aws_db_instance.shop have no rule for port 5432 from shop, whose environment names its address",
    nearly: all(
      database,
      rule("database_from_shop", {
        security_group_id: group("database"),
        referenced_security_group_id: group("shop"),
        from_port: 5432,
        to_port: 5432,
      }),
      (layout) =>
        put(layout, "aws_vpc_security_group_egress_rule", "database", {
          security_group_id: group("shop"),
          referenced_security_group_id: group("database"),
          ip_protocol: "tcp",
          from_port: 5432,
          to_port: 5432,
        }),
    ),
  },
  "dns-answer-limit": {
    wrong: all(
      (layout) => setVariable(layout, "shop", "CLUSTER_DISCOVERY", "dnspoll"),
      set("aws_ecs_service", "shop", { desired_count: 5 }),
    ),
    address: "aws_ecs_service.shop",
    says: "shop registers up to 10 tasks during a deployment (5 × 200 %), and a DNS answer holds 8",
    nearly: all(
      (layout) => setVariable(layout, "shop", "CLUSTER_DISCOVERY", "dnspoll"),
      set("aws_ecs_service", "shop", { desired_count: 4 }),
    ),
  },
  "overlapping-partitions": {
    wrong: all(
      (layout) =>
        setVariable(layout, "mail", "CLUSTER_NODES", "mail@mail.organization.local,shop@shop.organization.local"),
      rule("shop_from_mail", {
        referenced_security_group_id: group("mail"),
        from_port: 4369,
        to_port: 9010,
      }),
      (layout) =>
        put(layout, "aws_vpc_security_group_egress_rule", "mail_to_shop", {
          security_group_id: group("mail"),
          referenced_security_group_id: group("shop"),
          ip_protocol: "tcp",
          from_port: 4369,
          to_port: 9010,
        }),
    ),
    address: "aws_ecs_service.shop",
    says: "mail and stock both cluster with shop, but no packet passes between them",
    nearly: (layout) =>
      setVariable(layout, "mail", "CLUSTER_NODES", "mail@mail.organization.local,shop@shop.organization.local"),
  },
  "different-cookies": {
    wrong: (layout) => changeContainer(layout, "stock", ({ secrets }) => (secrets[0]!.valueFrom += "-2")),
    address: "aws_ecs_service.stock",
    says: "shop, stock are one cluster, and their cookies come from different places: shop from /organization/release-cookie; stock from /organization/release-cookie-2",
    // Mail is a cluster of its own, and one parameter may be named in two ways.
    nearly: all(
      (layout) => changeContainer(layout, "mail", ({ secrets }) => (secrets[0]!.valueFrom += "-2")),
      (layout) =>
        changeContainer(layout, "stock", ({ secrets }) => (secrets[0]!.valueFrom = "/organization/release-cookie")),
    ),
  },
  "node-certificates": {
    wrong: all(encrypted("shop", "stock"), (layout) =>
      changeContainer(layout, "stock", (stock) => (stock.secrets = stock.secrets.slice(0, 1))),
    ),
    address: "aws_ecs_service.stock",
    says: "stock has no DISTRIBUTION_CERTIFICATES: its nodes don't start",
    nearly: encrypted("shop", "stock"),
  },
  "deployment-parts-nodes": {
    wrong: planned(() => undefined),
    address: "aws_ecs_service.mail",
    says: "old and new tasks of mail are two clusters until the deployment ends",
    nearly: planned((_, at) =>
      Object.assign(at("aws_ecs_service.mail").after!, {
        deployment_maximum_percent: 100,
        deployment_minimum_healthy_percent: 0,
      }),
    ),
  },
  "deleted-while-used": {
    wrong: planned(() => undefined),
    address: "aws_security_group.mail",
    says: "is deleted before the services move that run in it: aws_ecs_service.mail",
    nearly: planned((_, at) => {
      at("aws_security_group.mail").actions = ["create", "delete"];
      at("aws_service_discovery_service.stock").actions = ["create", "delete"];
    }),
  },
  "name-taken": {
    wrong: planned((_, at) => {
      const stock = at("aws_service_discovery_service.stock");
      stock.actions = ["create", "delete"];
      stock.after!.name = stock.before!.name;
    }),
    address: "aws_service_discovery_service.stock",
    says: "is created as stock before the old one of that name is deleted",
    nearly: planned((_, at) => {
      const stock = at("aws_service_discovery_service.stock");
      stock.after!.name = stock.before!.name;
    }),
  },
  "image-repository-deleted": {
    wrong: planned((plan) =>
      plan.resource_changes.push(repository("123456789012.dkr.ecr.eu-west-1.amazonaws.com/stock")),
    ),
    address: "aws_ecr_repository.shop",
    says: "is deleted with the image that aws_ecs_task_definition.stock runs",
    nearly: planned((plan) =>
      plan.resource_changes.push(repository("123456789012.dkr.ecr.eu-west-1.amazonaws.com/sto")),
    ),
  },
  "unseen-peer": {
    wrong: (layout) =>
      setVariable(layout, "mail", "CLUSTER_NODES", "mail@mail.organization.local,billing@billing.other.local"),
    address: "aws_ecs_service.mail",
    says: "mail polls billing@billing.other.local, which nothing in this plan registers",
    nearly: (layout) =>
      setVariable(layout, "mail", "CLUSTER_NODES", "mail@mail.organization.local,shop@shop.organization.local"),
  },
  "distribution-open-to-cidr": {
    wrong: rule("world", { cidr_ipv6: "::/0", from_port: 8000, to_port: 9000 }),
    address: `${ingress}.world`,
    says: "distribution port 9000 of shop is open to the world, ::/0 (8000–9000)",
    nearly: rule("web", {
      cidr_ipv4: "0.0.0.0/0",
      from_port: 4370,
      to_port: 8999,
    }),
  },
  "distribution-range-partly-open": {
    wrong: set(ingress, "stock_from_shop_range", { to_port: 9004 }),
    address: "aws_ecs_service.stock",
    says: "shop can reach stock on 9000–9004 of 9000–9010; 9005–9010 is closed",
    nearly: all(set(ingress, "stock_from_shop_range", { to_port: 9004 }), (layout) =>
      put(layout, ingress, "rest", {
        ...at(layout, ingress, "stock_from_shop_range"),
        from_port: 9005,
        to_port: 9010,
      }),
    ),
  },
  "any-port-rule": {
    wrong: rule("any", {
      referenced_security_group_id: group("stock"),
      ip_protocol: "-1",
    }),
    address: `${ingress}.any`,
    says: "any protocol on any port into aws_security_group.shop from aws_security_group.stock",
    nearly: rule("most", {
      referenced_security_group_id: group("stock"),
      from_port: 1024,
      to_port: 65535,
    }),
  },
  "egress-unguarded": {
    wrong: (layout) =>
      put(layout, "aws_vpc_security_group_egress_rule", "any", {
        security_group_id: group("shop"),
        cidr_ipv4: "0.0.0.0/0",
        ip_protocol: "-1",
      }),
    address: "aws_vpc_security_group_egress_rule.any",
    says: "aws_security_group.shop may connect to distribution ports at 0.0.0.0/0",
    nearly: (layout) =>
      put(layout, "aws_vpc_security_group_egress_rule", "https", {
        security_group_id: group("shop"),
        cidr_ipv4: "0.0.0.0/0",
        ip_protocol: "tcp",
        from_port: 443,
        to_port: 443,
      }),
  },
  "inline-and-separate-rules": {
    wrong: set("aws_security_group", "shop", {
      ingress: [{ protocol: "tcp", from_port: 4000, to_port: 4000, self: true }],
    }),
    address: "aws_security_group.shop",
    says: "it has inline ingress blocks, and aws_vpc_security_group_ingress_rule.shop_from_shop_epmd adds to them",
    nearly: set("aws_security_group", "shop", { ingress: [] }),
  },
  "too-many-security-groups": {
    wrong: network({
      security_groups: ["shop", "a", "b", "c", "d", "e"].map((name) => (name === "shop" ? group(name) : `sg-0${name}`)),
    }),
    address: "aws_ecs_service.shop",
    says: "shop has 6 security groups",
    nearly: network({
      security_groups: ["shop", "a", "b", "c", "d"].map((name) => (name === "shop" ? group(name) : `sg-0${name}`)),
    }),
  },
  "public-ip": {
    wrong: network({ assign_public_ip: true }),
    address: "aws_ecs_service.shop",
    says: "shop assigns public IP addresses",
    nearly: network({ assign_public_ip: false }),
  },
  "missing-vpc-endpoints": {
    wrong: isolated("ecr.api", "s3", "logs", "ssm", "ssmmessages"),
    address: "aws_ecs_service.mail",
    says: "mail's subnets have no internet egress, and the VPC has no endpoint for ecr.dkr",
    nearly: all(isolated("ecr.api"), route),
  },
  "image-beyond-vpc": {
    wrong: all(isolated(...startEndpoints), foreignImage),
    address: "aws_ecs_service.shop",
    says: "shop's subnets have no internet egress, and its image ghcr.io/acme/shop:1.0 isn't in ECR: no endpoint leads to its registry",
    nearly: all(isolated(), route, foreignImage),
  },
  "discovery-health-check": {
    wrong: set("aws_service_discovery_service", "shop", {
      health_check_custom_config: {},
    }),
    address: "aws_service_discovery_service.shop",
    says: "no failure_threshold: every plan will replace it",
    nearly: set("aws_service_discovery_service", "shop", {
      health_check_custom_config: [{ failure_threshold: 1 }],
    }),
  },
  "discovery-routing": {
    wrong: (layout) =>
      Object.assign(at(layout, "aws_service_discovery_service", "shop").dns_config as Block, {
        routing_policy: "WEIGHTED",
      }),
    address: "aws_service_discovery_service.shop",
    says: "routing policy WEIGHTED",
    nearly: (layout) =>
      Object.assign(at(layout, "aws_service_discovery_service", "shop").dns_config as Block, {
        dns_records: [
          { type: "A", ttl: 10 },
          { type: "SRV", ttl: 10 },
        ],
      }),
  },
  "secret-in-environment": {
    wrong: (layout) => setVariable(layout, "shop", "SIGNING_SALT", random),
    address: "aws_ecs_task_definition.shop",
    says: "SIGNING_SALT is plain environment, and its value looks like a generated one",
    nearly: all(
      (layout) =>
        setVariable(layout, "shop", "SECRET_KEY_BASE_ARN", "arn:aws:ssm:eu-west-1:123456789012:parameter/key"),
      (layout) => setVariable(layout, "shop", "COOKIE_DOMAIN", "shop.example.com"),
      (layout) => setVariable(layout, "shop", "TOKEN_TTL", "3600"),
      (layout) => setVariable(layout, "shop", "DATABASE_URL", "postgres://database.organization.local/shop"),
      (layout) => setVariable(layout, "shop", "IMAGE_NAME", "a-long-name-of-words-with-hyphens-in-it"),
    ),
  },
  "secret-in-plan": {
    wrong: all(
      (layout) =>
        Object.assign(layout, {
          data: {
            aws_ssm_parameter: {
              cookie: { name: "/organization/release-cookie" },
            },
          },
        }),
      container(({ secrets }) => (secrets[0]!.valueFrom = "${data.aws_ssm_parameter.cookie.arn}")),
    ),
    address: "data.aws_ssm_parameter.cookie",
    says: "with_decryption defaults to true",
    nearly: all(
      (layout) =>
        Object.assign(layout, {
          data: {
            aws_ssm_parameter: {
              cookie: {
                name: "/organization/release-cookie",
                with_decryption: false,
              },
            },
          },
        }),
      container(({ secrets }) => (secrets[0]!.valueFrom = "${data.aws_ssm_parameter.cookie.arn}")),
    ),
  },
  "secret-not-readable": {
    wrong: container(({ secrets }) =>
      secrets.push({
        name: "DATABASE_URL",
        valueFrom: "/organization/database-url",
      }),
    ),
    address: "aws_iam_role.shop_execution",
    says: "shop injects /organization/database-url, which aws_iam_role.shop_execution may not read: its tasks never start",
    nearly: container(({ secrets }) => (secrets[0]!.valueFrom = "/organization/release-cookie")),
  },
  "environment-file-not-readable": {
    wrong: container((shop) => {
      shop.environmentFiles = [{ type: "s3", value: "arn:aws:s3:::acme-config/shop.env" }];
    }),
    address: "aws_iam_role.shop_execution",
    says: "aws_iam_role.shop_execution may not s3:GetObject on arn:aws:s3:::acme-config/shop.env and s3:GetBucketLocation on arn:aws:s3:::acme-config for arn:aws:s3:::acme-config/shop.env: shop's tasks never start",
    nearly: container((shop) => (shop.environmentFiles = [])),
  },
  "image-not-pullable": {
    wrong: container((shop) => (shop.image = `210987654321${shop.image.slice(12)}`)),
    address: "aws_iam_role.shop_execution",
    says: "aws_iam_role.shop_execution may not ecr:BatchGetImage, ecr:GetDownloadUrlForLayer for 210987654321.dkr.ecr",
    nearly: container((shop) => (shop.image = "ghcr.io/acme/shop:1")),
  },
  "role-not-assumable": {
    wrong: trusted({ StringEquals: { "aws:SourceAccount": "210987654321" } }),
    address: "aws_iam_role.shop_task",
    says: "the trust policy of aws_iam_role.shop_task doesn't allow ECS to assume it for shop's tasks (account 123456789012, eu-west-1)",
    nearly: trusted({ StringEquals: { "aws:SourceAccount": "123456789012" } }),
  },
  "exec-permissions": {
    wrong: set("aws_iam_role_policy", "shop_task", {
      policy: policy({
        Effect: "Allow",
        Action: ["ecs:ExecuteCommand", "ssmmessages:Create*"],
        Resource: "arn:aws:ecs:::x",
      }),
    }),
    address: "aws_iam_role.shop_task",
    says: "its task role may not ssmmessages:OpenControlChannel, ssmmessages:OpenDataChannel",
    nearly: set("aws_iam_role_policy", "shop_task", {
      policy: policy({
        Effect: "Allow",
        Action: ["ssmmessages:Create*", "ssmmessages:Open*"],
        Resource: "*",
      }),
    }),
  },
  "exec-read-only-root": {
    wrong: container((json) => (json.readonlyRootFilesystem = true)),
    address: "aws_ecs_task_definition.shop",
    says: "container shop can't write to /var/lib/amazon/ssm and /var/log/amazon/ssm",
    nearly: container((json) => {
      json.readonlyRootFilesystem = true;
      json.mountPoints = ["lib", "log"].map((name) => ({
        sourceVolume: name,
        containerPath: `/var/${name}/amazon`,
        readOnly: false,
      }));
    }),
  },
  "execution-role-too-wide": {
    wrong: set("aws_iam_role_policy", "shop_execution", {
      policy: policy({
        Effect: "Allow",
        Action: "ssm:GetParameters",
        Resource: "arn:aws:ssm:eu-west-1:123456789012:parameter/organization/*",
      }),
    }),
    address: "aws_iam_role_policy.shop_execution",
    says: "aws_iam_role.shop_execution may read arn:aws:ssm:eu-west-1:123456789012:parameter/organization/*, which shop doesn't inject",
    nearly: container(({ secrets }) => (secrets[0]!.valueFrom = "/organization/release-cookie")),
  },
  "one-role": {
    wrong: set("aws_ecs_task_definition", "shop", {
      execution_role_arn: "${aws_iam_role.shop_task.arn}",
    }),
    address: "aws_ecs_task_definition.shop",
    says: "are both aws_iam_role.shop_task",
    nearly: set("aws_ecs_task_definition", "shop", {
      execution_role_arn: "${aws_iam_role.stock_execution.arn}",
    }),
  },
  "iam-wildcard": {
    wrong: set("aws_iam_role_policy", "shop_task", {
      policy: policy({
        Effect: "Allow",
        Action: "s3:GetObject",
        Resource: "*",
      }),
    }),
    address: "aws_iam_role_policy.shop_task",
    says: "aws_iam_role.shop_task allows s3:GetObject on any resource",
    nearly: set("aws_iam_role_policy", "shop_task", {
      policy: policy(
        {
          Effect: "Allow",
          Action: ["ssmmessages:CreateControlChannel", "ec2:DescribeInstances"],
          Resource: "*",
        },
        { Effect: "Deny", Action: "*", Resource: "*" },
      ),
    }),
  },
  "mutable-image-tag": {
    wrong: container((json) => (json.image = "localhost:5000/shop")),
    address: "aws_ecs_task_definition.shop",
    says: "container shop runs localhost:5000/shop, which is :latest",
    nearly: container((json) => (json.image = "localhost:5000/latest:1.4.2")),
  },
  "fargate-size": {
    wrong: set("aws_ecs_task_definition", "shop", {
      cpu: "256",
      memory: "4096",
    }),
    address: "aws_ecs_task_definition.shop",
    says: "4096 MiB with 256 CPU units",
    nearly: set("aws_ecs_task_definition", "shop", {
      cpu: "4096",
      memory: "30720",
    }),
  },
  "container-dependencies": {
    wrong: before("SUCCESS", { essential: true }),
    address: "aws_ecs_task_definition.shop",
    says: "container shop waits for the SUCCESS of migrate, which is essential: its end would end the task",
    nearly: before("SUCCESS", { entryPoint: ["bin/shop"], command: ["eval", "Shop.Release.migrate()"] }),
  },
  "circuit-breaker": {
    wrong: set("aws_ecs_service", "shop", {
      deployment_circuit_breaker: { enable: true, rollback: false },
    }),
    address: "aws_ecs_service.shop",
    says: "stops a failed deployment but doesn't roll it back",
    nearly: set("aws_ecs_service", "shop", {
      deployment_circuit_breaker: [],
      deployment_controller: { type: "CODE_DEPLOY" },
    }),
  },
  "minimum-healthy": {
    wrong: set("aws_ecs_service", "shop", {
      deployment_minimum_healthy_percent: 99,
    }),
    address: "aws_ecs_service.shop",
    says: "shop may run 99 % of its tasks",
    nearly: (layout) => delete at(layout, "aws_ecs_service", "shop").deployment_minimum_healthy_percent,
  },
  "spot-only": {
    wrong: set("aws_ecs_service", "mail", {
      capacity_provider_strategy: [
        { capacity_provider: "FARGATE", base: 0, weight: 0 },
        { capacity_provider: "FARGATE_SPOT", base: 0, weight: 1 },
      ],
    }),
    address: "aws_ecs_service.mail",
    says: "all tasks of mail run on Fargate Spot: AWS may take the last node of the cluster",
    nearly: all(
      set("aws_ecs_service", "mail", {
        capacity_provider_strategy: [
          { capacity_provider: "FARGATE", base: 1, weight: 0 },
          { capacity_provider: "FARGATE_SPOT", base: 0, weight: 1 },
        ],
      }),
      // In a cluster with one that has a launch type.
      set("aws_ecs_service", "shop", {
        capacity_provider_strategy: [{ capacity_provider: "FARGATE_SPOT", base: 0, weight: 1 }],
      }),
    ),
  },
  "grace-period-without-load-balancer": {
    wrong: set("aws_ecs_service", "shop", {
      health_check_grace_period_seconds: 60,
    }),
    address: "aws_ecs_service.shop",
    says: "shop has a grace period of 60 s and no load balancer",
    nearly: set("aws_ecs_service", "shop", {
      health_check_grace_period_seconds: 60,
      load_balancer: {
        container_name: "shop",
        container_port: 4000,
        target_group_arn: "arn:aws:elasticloadbalancing:::x",
      },
    }),
  },
  "stop-timeout": {
    wrong: container((json) => (json.stopTimeout = 10)),
    address: "aws_ecs_task_definition.shop",
    says: "shop has a stopTimeout of 10 s, and is found in DNS for up to 11 s (TTL 10 s + polling 1 s)",
    nearly: container((json) => (json.stopTimeout = 11)),
  },
  "log-retention": {
    wrong: (layout) => delete at(layout, "aws_cloudwatch_log_group", "shop").retention_in_days,
    address: "aws_cloudwatch_log_group.shop",
    says: "retention_in_days isn't set",
    nearly: set("aws_cloudwatch_log_group", "shop", { retention_in_days: 1 }),
  },
  "alarm-without-action": {
    wrong: alarm({ alarm_actions: [] }),
    address: "aws_cloudwatch_metric_alarm.cpu",
    says: "prod-shop-cpu has no alarm_actions",
    nearly: all(alarm({ alarm_actions: [] }), (layout) =>
      put(layout, "aws_cloudwatch_composite_alarm", "all", { alarm_rule: 'ALARM("prod-shop-cpu")' }),
    ),
  },
  "alarm-without-data": {
    wrong: all(reporting, alarm({ namespace: "ElixirCluster", dimensions: { Environment: "prod", Cluster: "shpo" } })),
    address: "aws_cloudwatch_metric_alarm.cpu",
    says: "no container has a CLUSTER_METRICS with Environment prod, Cluster shpo",
    nearly: all(reporting, alarm({ namespace: "ElixirCluster", dimensions: { Cluster: "shop", Environment: "prod" } })),
  },
  "schedule-role": {
    wrong: schedule({ statements: [runTask("shop:*"), passRoles("shop-execution")] }),
    address: "aws_scheduler_schedule.nightly",
    says: "schedule nightly: aws_iam_role.schedule lacks iam:PassRole on role shop-task",
    nearly: schedule(),
  },
  "scheduled-node-cut-off": {
    wrong: schedule({
      containers: [
        {
          name: "shop",
          command: ["bin/shop", "eval", "1"],
          environment: [{ name: "EVAL_DISTRIBUTION", value: "name" }],
        },
      ],
      network: { security_groups: ["${aws_security_group.mail.id}"] },
    }),
    address: "aws_scheduler_schedule.nightly",
    says: "schedule nightly joins the cluster (EVAL_DISTRIBUTION=name), but its security groups don't let it connect to shop, stock",
    nearly: schedule({
      containers: [{ name: "shop", command: ["bin/shop", "eval", "1"] }],
      network: { security_groups: ["${aws_security_group.mail.id}"] },
    }),
  },
  "schedule-revision": {
    wrong: schedule({ definition: "shop:12" }),
    address: "aws_scheduler_schedule.nightly",
    says: "schedule nightly runs revision 12 of shop, whatever is deployed later",
    nearly: schedule(),
  },
  "log-mode": {
    wrong: logs({ mode: "non-blocking" }),
    address: "aws_ecs_task_definition.shop",
    says: "container shop: awslogs has no max-buffer-size",
    nearly: all(logs({ mode: "blocking" }), logs({ mode: "non-blocking", "max-buffer-size": "1m" })),
  },
  "log-router-missing": {
    wrong: container((shop) => Object.assign(shop, { logConfiguration: { logDriver: "awsfirelens" } })),
    address: "aws_ecs_task_definition.shop",
    says: "container shop has the log driver awsfirelens, and no container of the task has a firelensConfiguration",
    // The router is one container of several.
    nearly: before(
      "START",
      { firelensConfiguration: { type: "fluentbit" } },
      { logConfiguration: { logDriver: "awsfirelens" } },
    ),
  },
  "efs-not-encrypted": {
    wrong: set("aws_ecs_task_definition", "shop", { volume: [efsVolume({})] }),
    address: "aws_ecs_task_definition.shop",
    says: "volume uploads has no transit_encryption",
    nearly: set("aws_ecs_task_definition", "shop", {
      volume: [efsVolume({ transit_encryption: "ENABLED", authorization_config: { iam: "ENABLED" } }), { name: "tmp" }],
    }),
  },
  "state-locking": {
    wrong: backend({ encrypt: true }),
    address: "terraform.backend.s3",
    says: "neither use_lockfile nor dynamodb_table is set",
    nearly: backend({ encrypt: true, dynamodb_table: "locks" }),
  },
  "state-bucket": {
    wrong: bucket({ ...goodBucket, aws_s3_bucket_versioning: { versioning_configuration: { status: "Suspended" } } }),
    address: "aws_s3_bucket.state",
    says: "has no versioning",
    nearly: bucket(goodBucket),
  },
};

describe("checks", () => {
  it("find nothing in the good layout", () => {
    expect(reviewPlan(goodLayout()).findings).toEqual([]);
  });

  it("have a case each", () => {
    expect(Object.keys(cases).sort()).toEqual(checks.map(({ id }) => id).sort());
  });

  describe.each(checks)("$id", ({ id, severity }) => {
    const { wrong, address, says, nearly } = cases[id]!;

    it("finds what is wrong", () => {
      const [finding] = found(wrong, id);
      expect(finding).toMatchObject({ address, severity });
      expect(finding?.message).toContain(says);
    });

    it("lets pass what comes near", () => {
      expect(found(nearly, id)).toEqual([]);
    });

    it("has a page that says the same", () => {
      const file = path.join(__dirname, "../../docs/checks", `${id}.md`);
      expect(existsSync(file)).toBe(true);
      expect(readFileSync(file, "utf8")).toBe(pageOf(checks.find((check) => check.id === id)!));
    });
  });

  it("never shows a secret's value", () => {
    const layout = goodLayout();
    setVariable(layout, "shop", "API_KEY", random);
    const { findings } = reviewPlan(layout);
    expect(findings.map(({ check }) => check.id)).toContain("secret-in-environment");
    expect(JSON.stringify(findings)).not.toContain(random);
  });
});
