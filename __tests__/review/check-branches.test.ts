import {
  all,
  at,
  backend,
  before,
  bucket,
  container,
  found,
  goodBucket,
  managed,
  policy,
  put,
  random,
  rule,
  set,
  type Block,
  type Edit,
} from "./edits";
import { setVariable } from "./layouts";

type Branch = readonly [id: string, what: string, edit: Edit, says: string | undefined];

/** A state bucket that lacks one resource. */
const bucketWithout = (type: string): Edit =>
  bucket(Object.fromEntries(Object.entries(goodBucket).filter(([name]) => name !== type)));

/** Reads a data source. */
const read =
  (type: string): Edit =>
  (layout) =>
    Object.assign(layout, { data: { [type]: { token: {} } } });

/** What else a check finds than its case in checks.test.ts, or comes near; `undefined` where it must say nothing. */
const others: readonly Branch[] = [
  [
    "dns-answer-limit",
    "in quiet times",
    all(
      (layout) => setVariable(layout, "shop", "CLUSTER_DISCOVERY", "dnspoll"),
      set("aws_ecs_service", "shop", { desired_count: 9 }),
    ),
    "shop registers 9 tasks, and a DNS answer holds 8",
  ],
  [
    "discovery-health-check",
    "no block at all",
    (layout) => delete at(layout, "aws_service_discovery_service", "shop").health_check_custom_config,
    "a task that fails its health check stays in DNS",
  ],
  [
    "discovery-routing",
    "records without an address",
    (layout) =>
      Object.assign(at(layout, "aws_service_discovery_service", "shop").dns_config as Block, {
        dns_records: [{ type: "SRV", ttl: 10 }],
      }),
    "it registers SRV records, no A",
  ],
  [
    "distribution-open-to-cidr",
    "a prefix list",
    rule("list", { prefix_list_id: "pl-0123456789abcdef0", from_port: 4369, to_port: 4369 }),
    "epmd 4369 of shop is open to the prefix list pl-0123456789abcdef0 (4369)",
  ],
  [
    "breaking-variable",
    "another port of epmd",
    (layout) => setVariable(layout, "shop", "ERL_EPMD_PORT", "4370"),
    "ERL_EPMD_PORT is 4370: its nodes look for every peer's epmd there, and the review checks the rules for 4369",
  ],
  [
    "breaking-variable",
    "epmd on loopback",
    (layout) => setVariable(layout, "shop", "ERL_EPMD_ADDRESS", "127.0.0.1"),
    "ERL_EPMD_ADDRESS is 127.0.0.1: epmd listens where no peer reaches it",
  ],
  [
    "breaking-variable",
    "no distribution",
    (layout) => setVariable(layout, "shop", "RELEASE_DISTRIBUTION", "none"),
    "RELEASE_DISTRIBUTION is none: its nodes start without distribution",
  ],
  [
    "breaking-variable",
    "long names",
    (layout) => setVariable(layout, "shop", "RELEASE_DISTRIBUTION", "name"),
    undefined,
  ],
  [
    "breaking-variable",
    "a whole name",
    (layout) => setVariable(layout, "shop", "RELEASE_NODE", "shop@10.0.1.11"),
    "RELEASE_NODE is shop@10.0.1.11: every task's node has this one name",
  ],
  [
    "two-discoveries",
    "a name for DNSCluster that CLUSTER_NODES doesn't have",
    (layout) => setVariable(layout, "shop", "DNS_CLUSTER_QUERY", "shop.organization.local,shop.internal"),
    "look for its peers, and DNSCluster for shop.internal, which CLUSTER_NODES doesn't have",
  ],
  ...(
    [
      ["aws_ecr_authorization_token", "ECR's password can be read in the plan and the state: for 12 hours"],
      ["aws_ecrpublic_authorization_token", "the public registry's password can be read"],
      ["aws_codeartifact_authorization_token", "CodeArtifact's token can be read"],
      ["aws_eks_cluster_auth", "the cluster's token can be read"],
    ] as const
  ).map(([type, says]): Branch => ["secret-in-plan", `a password by ${type}`, read(type), says]),
  [
    "secret-in-plan",
    "a secret among build arguments",
    (layout) =>
      put(layout, "docker_image", "shop", { name: "shop", build: { build_args: { HEX_API_KEY: "hunter2" } } }),
    "build argument HEX_API_KEY can be read in the plan and the image, and its name says that it is a secret",
  ],
  [
    "secret-in-plan",
    "plain build arguments",
    (layout) => put(layout, "docker_image", "shop", { name: "shop", build: [{ build_args: { MIX_ENV: "prod" } }] }),
    undefined,
  ],
  [
    "secret-in-environment",
    "a cookie among the flags",
    (layout) => setVariable(layout, "shop", "ERL_FLAGS", "+P 100000 -setcookie monster"),
    "ERL_FLAGS is plain environment, and its flag -setcookie contains the cookie",
  ],
  [
    "secret-in-environment",
    "a password in a URL",
    (layout) => setVariable(layout, "shop", "DATABASE_URL", "postgres://shop:pa55@db.local/shop"),
    "DATABASE_URL is plain environment, and its URL contains a password",
  ],
  [
    "secret-in-environment",
    "a name that says it",
    (layout) => setVariable(layout, "shop", "RELEASE_COOKIE", "monster"),
    "RELEASE_COOKIE is plain environment, and its name says that it is a secret",
  ],
  [
    "secret-in-plan",
    "a cookie that Terraform stores",
    (layout) => put(layout, "aws_ssm_parameter", "cookie", { name: "/c", type: "SecureString", value: random }),
    "its value can be read in the plan and the state",
  ],
  [
    "secret-in-plan",
    "a cookie of type String",
    (layout) =>
      put(layout, "aws_ssm_parameter", "cookie", { name: "/o/release-cookie", type: "String", value: "monster" }),
    "it looks like a secret of type String",
  ],
  [
    "secret-in-plan",
    "a plain parameter",
    (layout) =>
      put(layout, "aws_ssm_parameter", "domain", { name: "/o/cookie-domain", type: "String", value: "o.example" }),
    undefined,
  ],
  [
    "secret-in-plan",
    "a password that Terraform makes",
    (layout) => put(layout, "random_password", "cookie", { length: 64 }),
    "Terraform creates this password, so the state contains it",
  ],
  [
    "exec-permissions",
    "no task role",
    (layout) => delete at(layout, "aws_ecs_task_definition", "shop").task_role_arn,
    "shop has ECS Exec on, and its task has no task role",
  ],
  [
    "execution-role-too-wide",
    "a policy of AWS",
    managed("shop_execution", "SecretsManagerReadWrite"),
    "aws_iam_role.shop_execution may read any secret through AWS's SecretsManagerReadWrite",
  ],
  [
    "execution-role-too-wide",
    "the policy of AWS that is meant for it",
    managed("shop_execution", "service-role/AmazonECSTaskExecutionRolePolicy"),
    undefined,
  ],
  [
    "iam-wildcard",
    "a policy of AWS",
    managed("shop_task", "AdministratorAccess"),
    "aws_iam_role.shop_task has AWS's AdministratorAccess, with its wildcards",
  ],
  [
    "iam-wildcard",
    "a policy of AWS without wildcards for actions",
    managed("shop_task", "CloudWatchAgentServerPolicy"),
    undefined,
  ],
  [
    "iam-wildcard",
    "every action but some",
    set("aws_iam_role_policy", "shop_task", {
      policy: policy({ Effect: "Allow", NotAction: "iam:*", NotResource: "arn:aws:s3:::secret/*" }),
    }),
    "aws_iam_role.shop_task allows *",
  ],
  [
    "fargate-size",
    "a number of CPU units that isn't offered",
    set("aws_ecs_task_definition", "shop", { cpu: "300" }),
    "300 CPU units; Fargate offers 256, 512, 1024, 2048, 4096, 8192, 16384",
  ],
  [
    "fargate-size",
    "containers that reserve more CPU than their task has",
    before("SUCCESS", { cpu: 256 }, { cpu: 257 }),
    "its containers reserve 513 CPU units (shop 257, migrate 256); the task has 512",
  ],
  [
    "fargate-size",
    "containers that reserve more memory than their task has",
    before("SUCCESS", { memoryReservation: 512, memory: 2048 }, { memory: 1024 }),
    "its containers reserve 1536 MiB (shop 1024, migrate 512); the task has 1024",
  ],
  ["fargate-size", "containers that fit", before("SUCCESS", { cpu: 256, memory: 512 }, { memory: 512 }), undefined],
  [
    "container-dependencies",
    "one that doesn't exist",
    before("START", { name: "other" }),
    "container shop waits for the START of migrate, which isn't in the task definition",
  ],
  [
    "container-dependencies",
    "the end of an essential one",
    before("COMPLETE", { essential: true }),
    "container shop waits for the COMPLETE of migrate, which is essential",
  ],
  [
    "container-dependencies",
    "health without a check",
    before("HEALTHY", {}),
    "container shop waits for the HEALTHY of migrate, which has no health check",
  ],
  ["container-dependencies", "health", before("HEALTHY", { healthCheck: { command: ["CMD", "true"] } }), undefined],
  ["container-dependencies", "an essential one that has started", before("START", { essential: true }), undefined],
  [
    "container-dependencies",
    "a circle",
    before("START", { dependsOn: [{ containerName: "shop", condition: "START" }] }),
    "containers shop and migrate wait for each other",
  ],
  [
    "container-dependencies",
    "a node that doesn't end",
    before("SUCCESS", { entryPoint: ["/app/bin/shop"], command: ["start"] }),
    "whose command start runs a node and doesn't end",
  ],
  [
    "container-dependencies",
    "a command that needs a node",
    before("SUCCESS", { command: ["rpc", "Shop.Release.migrate()"] }),
    "whose command rpc needs a running node",
  ],
  [
    "container-dependencies",
    "the image's own command",
    before("SUCCESS", { command: undefined }),
    "which has the command of its image, so it runs a node and doesn't end",
  ],
  [
    "container-dependencies",
    "start of another image",
    before("SUCCESS", { image: "i", command: ["start"] }),
    undefined,
  ],
  [
    "container-dependencies",
    "a migration that may fail",
    before("COMPLETE", { command: ["eval", "Shop.Release.migrate()"] }),
    "the node also starts after a failure. With SUCCESS it doesn't",
  ],
  [
    "container-dependencies",
    "more seconds than Fargate waits",
    before("SUCCESS", { startTimeout: 121 }),
    "container migrate has a startTimeout of 121 s; Fargate allows 2 to 120 s",
  ],
  [
    "container-dependencies",
    "a limit for a migration",
    before("SUCCESS", { startTimeout: 120 }),
    "container migrate has a startTimeout of 120 s: the task fails if it takes longer",
  ],
  [
    "container-dependencies",
    "a limit that nothing waits for",
    container((json) => (json.startTimeout = 60)),
    undefined,
  ],
  [
    "circuit-breaker",
    "none",
    (layout) => delete at(layout, "aws_ecs_service", "shop").deployment_circuit_breaker,
    "shop has no deployment circuit breaker",
  ],
  [
    "stop-timeout",
    "more than Fargate allows",
    container((json) => (json.stopTimeout = 121)),
    "Fargate allows 120 s at most",
  ],
  ["state-bucket", "the backend", backend({ use_lockfile: true }), "encrypt isn't true"],
  [
    "state-bucket",
    "a public access block of three settings",
    bucket({
      ...goodBucket,
      aws_s3_bucket_public_access_block: {
        block_public_acls: true,
        block_public_policy: true,
        ignore_public_acls: true,
      },
    }),
    "doesn't block public access in all four ways",
  ],
  [
    "state-bucket",
    "no encryption",
    bucketWithout("aws_s3_bucket_server_side_encryption_configuration"),
    "has no encryption configuration",
  ],
  [
    "state-bucket",
    "a bucket that only the backend names",
    all(
      bucketWithout("aws_s3_bucket_versioning"),
      set("aws_s3_bucket", "state", { bucket: "acme-infra" }),
      backend({ bucket: "acme-infra", encrypt: true }),
    ),
    "has no versioning",
  ],
  [
    "state-bucket",
    "a bucket that neither the backend nor its own name calls a state bucket",
    all(
      bucketWithout("aws_s3_bucket_versioning"),
      set("aws_s3_bucket", "state", { bucket: "acme-uploads" }),
      backend({ bucket: "acme-infra", encrypt: true }),
    ),
    undefined,
  ],
  [
    "state-bucket",
    "a policy that only allows",
    bucket({
      ...goodBucket,
      aws_s3_bucket_policy: { policy: policy({ Effect: "Allow", Principal: "*", Action: "s3:*", Resource: "*" }) },
    }),
    "no bucket policy denies plain HTTP",
  ],
];

it.each(others)("%s: %s", (id, _, edit, says) => {
  const messages = found(edit, id).map(({ message }) => message);
  expect(messages).toEqual(says === undefined ? [] : [expect.stringContaining(says)]);
});
