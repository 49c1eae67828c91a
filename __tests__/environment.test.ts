import { readFileSync } from "node:fs";
import { ConfigurationError, parseEnvironments } from "../src/environment";
import { exampleFile, exampleNames } from "./examples";
import { changed, example } from "./environment/example";

/** The messages about a file, a line for each problem. */
function saidOf(file: unknown): string[] {
  try {
    parseEnvironments(typeof file === "string" ? file : JSON.stringify(file), "environments.json");
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const [summary, ...lines] = error.message.split("\n");
    expect(summary).toMatch(/^environments\.json: (1 problem|\d+ problems)$/);
    return lines.map((line) => line.replace(/^ {2}/, ""));
  }
  return [];
}

const textOf = (name: string) => readFileSync(exampleFile(name), "utf8");

describe("an environments file that is right", () => {
  it.each(exampleNames)("examples/%s is read", (name) => {
    expect(() => parseEnvironments(textOf(name), name)).not.toThrow();
  });

  it("may have flags of the VM and build arguments that aren't secrets", () => {
    const file = changed({
      "prod/services/myapp/environment": {
        ERL_FLAGS: "+P 100000 -proto_dist inet_tls -kernel logger_level debug -env ERL_MAX_PORTS 1024",
      },
      "prod/services/myapp/image": {
        build: { context: "x", buildArgs: { MIX_ENV: "prod", OTP_VERSION: "29.0", CACHE_KEY: "v1" } },
      },
    });
    expect(saidOf(file)).toEqual([]);
  });

  it("gets every default", () => {
    // GIVEN the least that an environment says
    // WHEN it is read
    const { prod } = parseEnvironments(textOf("minimal"), "minimal");

    // THEN it has all the rest
    expect(prod).toEqual({
      region: "eu-west-1",
      state: { local: {} },
      vpc: { id: "vpc-0abc1234def567890" },
      subnets: { private: true },
      publicIp: false,
      ecsCluster: { name: "my-cluster" },
      namespace: { create: "organization.local" },
      dnsTtlSeconds: 10,
      releaseCookie: { ssmParameter: "/my-org/prod/release-cookie" },
      distribution: { epmd: { from: 9000, to: 9010 } },
      egress: "guarded",
      distributionRules: "group",
      versions: "together",
      peers: {},
      services: {
        myapp: {
          image: { uri: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/myapp:1.4.2" },
          tasks: 1,
          waitForSteadyState: true,
          cpu: 512,
          memory: 1024,
          architecture: "X86_64",
          httpPort: 4000,
          healthCheck: {
            path: "/health",
            intervalSeconds: 10,
            timeoutSeconds: 5,
            retries: 3,
            startPeriodSeconds: 30,
          },
          stopTimeoutSeconds: 40,
          executeCommand: true,
          readonlyRootFilesystem: false,
          environment: {},
          secrets: {},
          environmentFiles: [],
          connectsTo: {},
          schedule: {},
          taskRoleStatements: [],
          taskProtection: false,
          autoscaled: false,
          dependsOn: {},
          sidecars: {},
          volumes: {},
          ulimits: { nofile: 65536 },
          logs: { driver: { awslogs: { nonBlocking: { bufferMiB: 25 } } }, retentionDays: 30 },
          discovery: "dns",
          pollingIntervalMs: 1000,
          netTicktimeSeconds: 15,
          extraPorts: [],
          extraSecurityGroups: [],
        },
      },
      tags: {},
    });
  });

  it("may have services that are one cluster, and share a release", () => {
    const file = changed({
      "prod/services/myapp/cluster": "web",
      "prod/services/myapp2/cluster": "web",
      "prod/services/myapp2/releaseName": "myapp",
      "prod/services/myapp/web": {
        targetGroup: {
          arn: "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/myapp/0123456789abcdef",
          securityGroupId: "sg-0abc1234",
        },
        domain: "shop.example.com",
        healthCheckGracePeriodSeconds: 90,
        drainerSeconds: 20,
      },
      "prod/services/myapp/httpPort": 8080,
    });
    expect(saidOf(file)).toEqual([]);
  });

  it("leaves a cookie in plain environment to the service's own check", () => {
    const environment = { RELEASE_COOKIE: "secret", SECRET_KEY_BASE: "secret", constructor: "no option" };
    expect(saidOf(changed({ "prod/services/myapp/environment": environment }))).toEqual([]);
  });

  it("may stop all tasks of a service, whatever a deployment may start", () => {
    const app = {
      ...example.prod.services.myapp,
      tasks: 0,
      deployment: { strategy: { rolling: { maximumPercent: 100 } } },
    };
    expect(saidOf(changed({ "prod/services/myapp": app }))).toEqual([]);
  });

  it("may begin with a byte-order mark", () => {
    expect(saidOf(`\uFEFF${JSON.stringify(example)}`)).toEqual([]);
  });

  it("lets environments share a bucket, a namespace's name in other VPCs, and services' names", () => {
    const state = { s3: { bucket: "acme-terraform-state", key: "elixir-cluster/staging.tfstate" } };
    const own = { state, vpc: { id: "vpc-0abc1234" }, ecsCluster: { name: "staging" } };
    expect(saidOf(changed({ staging: { ...example.prod, ...own } }))).toEqual([]);
  });
});

const tasksAllowed =
  "a whole number from 0 to 1000, or an object with the keys min, max, cpuPercent, memoryPercent, requestsPerTask, schedule, cooldownSeconds";

describe("a wrong value is reported with its place, what was found, and what is allowed", () => {
  const at = "prod/services/myapp";
  const app = "environments.prod.services.myapp";
  const environmentKeys =
    "account, region, state, vpc, subnets, publicIp, ecsCluster, namespace, loadBalancer, alarms, dnsTtlSeconds, releaseCookie, distribution, egress, distributionRules, versions, peers, services, tags, assumeRole, iam, names, kmsKeys, execSessions, defaultTags, awsProviderVersion";
  const serviceKeys =
    "image, registryCredentials, entryPoint, command, dependsOn, sidecars, volumes, ephemeralStorageGiB, ulimits, restartPolicy, tasks, cpu, memory, architecture, httpPort, healthCheck, stopTimeoutSeconds, executeCommand, readonlyRootFilesystem, environment, secrets, environmentFiles, connectsTo, beforeStart, schedule, taskRoleStatements, taskProtection, web, capacity, autoscaled, deployment, waitForSteadyState, logs, names, releaseName, cluster, discovery, pollingIntervalMs, netTicktimeSeconds, distribution, extraPorts, egress, extraSecurityGroups";

  it.each<[string, Record<string, unknown>, ...string[]]>([
    [
      "a misspelt key",
      { "prod/regoin": "eu-west-1" },
      `environments.prod.regoin: unknown key. Allowed: ${environmentKeys}. Did you mean "region"?`,
    ],
    [
      "a misspelt key of a service",
      { [`${at}/memroy`]: 2048 },
      `${app}.memroy: unknown key. Allowed: ${serviceKeys}. Did you mean "memory"?`,
    ],
    [
      "a public name with a dot at its end, which isn't missing",
      { [`${at}/web`]: { domain: "shop.example.com." }, "prod/loadBalancer": { create: { zone: "example.com" } } },
      `${app}.web.domain: "shop.example.com.". Allowed: a public name in lower case, such as "shop.example.com" or "*.example.com": at most 64 characters, no dot at its end.`,
    ],
    [
      "a cluster's name that isn't allowed, and that other services name",
      { [`${at}/cluster`]: "My App", "prod/services/other": { image: { variable: "other" }, cluster: "myapp" } },
      `${app}.cluster: "My App". Allowed: a DNS label: 1 to 63 lower-case letters, digits and hyphens, starting with a letter, no hyphen at its end, not "constructor".`,
    ],
    [
      "a region in upper case",
      { "prod/region": "EU-WEST-1" },
      'environments.prod.region: "EU-WEST-1". Allowed: an AWS region such as "eu-west-1". Did you mean "eu-west-1"?',
    ],
    [
      "a key that isn't known at all",
      { "prod/colour": "red" },
      `environments.prod.colour: unknown key. Allowed: ${environmentKeys}.`,
    ],
    [
      "a region that is missing",
      { "prod/region": undefined },
      'environments.prod.region: is missing. Allowed: an AWS region such as "eu-west-1".',
    ],
    [
      "an availability zone for a region",
      { "prod/region": "eu-west-1a" },
      'environments.prod.region: "eu-west-1a". Allowed: an AWS region such as "eu-west-1". Did you mean "eu-west-1"?',
    ],
    [
      "a region of no direction",
      { "prod/region": "eu-wset-1" },
      'environments.prod.region: "eu-wset-1". Allowed: an AWS region such as "eu-west-1". Did you mean "eu-west-1"?',
    ],
    [
      "an environment that isn't an object",
      { prod: 5 },
      `environments.prod: 5. Allowed: an object with the keys ${environmentKeys}.`,
    ],
    [
      "an environment's name in capitals",
      { Prod: example.prod, prod: undefined },
      'environments.Prod: "Prod" as a name. Allowed: a name: 1 to 32 lower-case letters, digits and hyphens, starting with a letter, no hyphen at its end, not "constructor", not beginning with "state-bucket-".',
    ],
    [
      "an environment's name that is too long",
      { ["p".repeat(33)]: example.prod, prod: undefined },
      'environments.ppppppppppppppppppppppppppppppppp: "ppppppppppppppppppppppppppppppppp" as a name. Allowed: a name: 1 to 32 lower-case letters, digits and hyphens, starting with a letter, no hyphen at its end, not "constructor", not beginning with "state-bucket-".',
    ],
    [
      "an environment called like a state bucket's stack",
      { "state-bucket-a": example.prod, prod: undefined },
      'environments.state-bucket-a: "state-bucket-a" as a name. Allowed: a name: 1 to 32 lower-case letters, digits and hyphens, starting with a letter, no hyphen at its end, not "constructor", not beginning with "state-bucket-".',
    ],
    [
      "a service's name with an underscore",
      { "prod/services/my_app": example.prod.services.myapp },
      'environments.prod.services.my_app: "my_app" as a name. Allowed: a DNS label: 1 to 63 lower-case letters, digits and hyphens, starting with a letter, no hyphen at its end, not "constructor".',
    ],
    [
      "a service's name that makes a role's too long",
      { [`prod/services/${"a".repeat(50)}`]: example.prod.services.myapp },
      'environments.prod.services.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" as a name. Allowed: at most 49 characters here: the IAM role "prod-<service>-execution" has 64 at most.',
    ],
    [
      "a service to build whose name can't be a repository's",
      { "prod/services/my--app": { image: { build: "elixir-app" } } },
      'environments.prod.services.my--app: "my--app" as a name. Allowed: no two hyphens in a row: the ECR repository "prod/my--app" can\'t have them.',
    ],
    ["no services", { "prod/services": {} }, "environments.prod.services: {}. Allowed: at least one service."],
    ["a list of services", { "prod/services": [] }, "environments.prod.services: []. Allowed: an object."],
    [
      "no image",
      { [`${at}/image`]: undefined },
      `${app}.image: is missing. Allowed: an object with exactly one of the keys build, uri, variable, sameAs.`,
    ],
    [
      "two images",
      { [`${at}/image`]: { uri: "a/b", variable: "image" } },
      `${app}.image: {"uri":"a/b","variable":"image"}. Allowed: an object with exactly one of the keys build, uri, variable, sameAs.`,
    ],
    [
      "no kind of image",
      { [`${at}/image`]: {} },
      `${app}.image: {}. Allowed: an object with exactly one of the keys build, uri, variable, sameAs.`,
    ],
    [
      "a misspelt kind of image",
      { [`${at}/image`]: { url: "a/b" } },
      `${app}.image.url: unknown key. Allowed: build, uri, variable, sameAs. Did you mean "uri"?`,
    ],
    [
      "an image with a scheme",
      { [`${at}/image/uri`]: "https://ghcr.io/acme/myapp" },
      `${app}.image.uri: "https://ghcr.io/acme/myapp". Allowed: an image such as "123456789012.dkr.ecr.eu-west-1.amazonaws.com/myapp@sha256:…" (64 hexadecimal digits) or "…/myapp:1.4.2".`,
    ],
    [
      "an image in capitals",
      { [`${at}/image/uri`]: "ghcr.io/Acme/myapp" },
      `${app}.image.uri: "ghcr.io/Acme/myapp". Allowed: an image such as "123456789012.dkr.ecr.eu-west-1.amazonaws.com/myapp@sha256:…" (64 hexadecimal digits) or "…/myapp:1.4.2".`,
    ],
    [
      "an image with two tags",
      { [`${at}/image/uri`]: "ghcr.io/acme/myapp:1:2" },
      `${app}.image.uri: "ghcr.io/acme/myapp:1:2". Allowed: an image such as "123456789012.dkr.ecr.eu-west-1.amazonaws.com/myapp@sha256:…" (64 hexadecimal digits) or "…/myapp:1.4.2".`,
    ],
    [
      "an image with a short digest",
      { [`${at}/image/uri`]: "ghcr.io/acme/myapp@sha256:abc" },
      `${app}.image.uri: "ghcr.io/acme/myapp@sha256:abc". Allowed: an image such as "123456789012.dkr.ecr.eu-west-1.amazonaws.com/myapp@sha256:…" (64 hexadecimal digits) or "…/myapp:1.4.2".`,
    ],
    [
      "a variable that Terraform keeps for itself",
      { [`${at}/image`]: { variable: "version" } },
      `${app}.image.variable: "version". Allowed: a Terraform variable's name: letters, digits, _ and -, starting with a letter, none of Terraform's own such as version.`,
    ],
    [
      "a folder to build that is empty",
      { [`${at}/image`]: { build: "" } },
      `${app}.image.build: "". Allowed: a folder, at most 4095 characters.`,
    ],
    [
      "a build argument that isn't text",
      { [`${at}/image`]: { build: { context: ".", buildArgs: { A: 1 } } } },
      `${app}.image.build.buildArgs.A: 1. Allowed: text, in quotes.`,
    ],
    [
      "a folder to build with a wrong type",
      { [`${at}/image`]: { build: 1 } },
      `${app}.image.build: 1. Allowed: a folder that contains a Dockerfile, or { context, dockerfile, buildArgs, deleteImages }.`,
    ],
    [
      "a build in a remote run",
      {
        [`${at}/image`]: { build: "elixir-app" },
        "prod/state": { cloud: { organization: "acme", workspaces: { name: "prod" } } },
      },
      `${app}.image: {"build":"elixir-app"}. Allowed: uri or variable: a remote run in Terraform Cloud has neither this folder nor a Docker engine. Build in your pipeline and pass the image in a variable, or set state.cloud.execution to "local".`,
    ],
    ["tasks below 0", { [`${at}/tasks`]: -1 }, `${app}.tasks: -1. Allowed: a whole number from 0 to 1000.`],
    [
      "more tasks than Cloud Map lists",
      { [`${at}/tasks`]: 1001 },
      `${app}.tasks: 1001. Allowed: a whole number from 0 to 1000.`,
    ],
    ["half a task", { [`${at}/tasks`]: 1.5 }, `${app}.tasks: 1.5. Allowed: ${tasksAllowed}.`],
    [
      "a cpu that Fargate hasn't",
      { [`${at}/cpu`]: 300 },
      `${app}.cpu: 300. Allowed: one of 256, 512, 1024, 2048, 4096, 8192, 16384 (CPU units).`,
    ],
    [
      "cpu as text",
      { [`${at}/cpu`]: "512" },
      `${app}.cpu: "512". Allowed: one of 256, 512, 1024, 2048, 4096, 8192, 16384 (CPU units).`,
    ],
    [
      "memory that doesn't go with the default cpu",
      { [`${at}/memory`]: 8192 },
      `${app}.memory: 8192. Allowed: 1024, 2048, 3072, 4096 MiB with cpu 512.`,
    ],
    [
      "memory that doesn't go with 16 vCPU",
      { [`${at}/cpu`]: 16384, [`${at}/memory`]: 40000 },
      `${app}.memory: 40000. Allowed: 32768 to 122880 MiB in steps of 8192 with cpu 16384.`,
    ],
    [
      "memory that doesn't go with 1 vCPU, left out",
      { [`${at}/cpu`]: 1024 },
      `${app}.memory: 1024, the default. Allowed: 2048 to 8192 MiB in steps of 1024 with cpu 1024.`,
    ],
    [
      "a default port inside the distribution range",
      { "prod/distribution": { epmd: { from: 3990, to: 4010 } } },
      `${app}.httpPort: 4000, the default. Allowed: a port that Erlang distribution doesn't use; it uses 4369 and 3990 to 4010.`,
      "environments.prod.services.myapp2.httpPort: 4000, the default. Allowed: a port that Erlang distribution doesn't use; it uses 4369 and 3990 to 4010.",
    ],
    [
      "memory below all sizes, which breaks two rules",
      { [`${at}/memory`]: 100 },
      `${app}.memory: 100. Allowed: 1024, 2048, 3072, 4096 MiB with cpu 512.`,
    ],
    [
      "memory as text",
      { [`${at}/memory`]: "1 GB" },
      `${app}.memory: "1 GB". Allowed: a whole number from 512 to 122880 (MiB).`,
    ],
    [
      "a misspelt architecture",
      { [`${at}/architecture`]: "ARM46" },
      `${app}.architecture: "ARM46". Allowed: "X86_64" or "ARM64". Did you mean "ARM64"?`,
    ],
    [
      "a release name with a hyphen",
      { [`${at}/releaseName`]: "my-app" },
      `${app}.releaseName: "my-app". Allowed: a release name: 1 to 63 lower-case letters, digits and underscores, starting with a letter.`,
    ],
    [
      "a cluster that isn't a name",
      { [`${at}/cluster`]: ["web"] },
      `${app}.cluster: ["web"]. Allowed: a DNS label: 1 to 63 lower-case letters, digits and hyphens, starting with a letter, no hyphen at its end, not "constructor".`,
    ],
    [
      "the cluster of a service that names none",
      { [`${at}/cluster`]: undefined, "prod/services/myapp2/cluster": "myapp" },
      `${app}.cluster: is missing. Allowed: "myapp", the cluster of myapp2; or another name there, since a service that states no cluster is one of its own.`,
    ],
    [
      "a peer of a service that names no cluster",
      {
        [`${at}/cluster`]: undefined,
        "prod/peers": { billing: { cluster: "myapp", node: "a@b.local", securityGroup: { id: "sg-0abc1234" } } },
      },
      `${app}.cluster: is missing. Allowed: "myapp", the cluster of billing; or another name there, since a service that states no cluster is one of its own.`,
    ],
    [
      "a misspelt discovery",
      { [`${at}/discovery`]: "dnscluster" },
      `${app}.discovery: "dnscluster". Allowed: "dns" or "dnspoll" or "dns_cluster" or "none". Did you mean "dns_cluster"?`,
    ],
    [
      "an interval that DNSCluster wouldn't read",
      { [`${at}/discovery`]: "dns_cluster", [`${at}/pollingIntervalMs`]: 1000 },
      `${app}.pollingIntervalMs: 1000. Allowed: no interval with "discovery": "dns_cluster": DNSCluster polls every 5000 ms, unless its child has an interval:.`,
    ],
    [
      "an interval where nothing polls",
      { [`${at}/discovery`]: "none", [`${at}/pollingIntervalMs`]: 2000 },
      `${app}.pollingIntervalMs: 2000. Allowed: no interval with "discovery": "none": the application finds its peers by itself.`,
    ],
    [
      "plain DNSPoll by its former name",
      { [`${at}/resolver`]: "stock" },
      `${app}.resolver: "stock". Allowed: "discovery": "dnspoll" instead.`,
    ],
    [
      "the members' resolver by its former name",
      { [`${at}/resolver`]: "members" },
      `${app}.resolver: "members". Allowed: "discovery": "dns" instead, which is the default.`,
    ],
    [
      "a polling interval in seconds",
      { [`${at}/pollingIntervalMs`]: 5 },
      `${app}.pollingIntervalMs: 5. Allowed: a whole number from 100 to 600000 (milliseconds).`,
    ],
    [
      "a net tick time of a second",
      { [`${at}/netTicktimeSeconds`]: 1 },
      `${app}.netTicktimeSeconds: 1. Allowed: a whole number from 4 to 3600 (seconds).`,
    ],
    [
      "two kinds of distribution",
      { "prod/distribution": { epmd: { from: 9000, to: 9010 }, singlePort: 9000 } },
      'environments.prod.distribution: {"epmd":{"from":9000,"to":9010},"singlePort":9000}. Allowed: an object with exactly one of the keys epmd, singlePort, tls.',
    ],
    [
      "distribution over TLS without certificates",
      { "prod/distribution": { tls: { port: 9000 } } },
      "environments.prod.distribution.tls.certificates: is missing. Allowed: an object with the keys ssmParameter, check, kmsKeyArn.",
    ],
    [
      "distribution over TLS on epmd's port",
      { "prod/distribution": { tls: { port: 4369, certificates: { ssmParameter: "/prod/nodes" } } } },
      "environments.prod.distribution.tls.port: 4369. Allowed: a port other than 4369, which is epmd's own.",
    ],
    [
      "a distribution range upside down",
      { "prod/distribution": { epmd: { from: 9010, to: 9000 } } },
      'environments.prod.distribution.epmd: {"from":9010,"to":9000}. Allowed: a range whose "to" is not below its "from".',
    ],
    [
      "a distribution range with epmd's port",
      { "prod/distribution": { epmd: { from: 4360, to: 4370 } } },
      'environments.prod.distribution.epmd: {"from":4360,"to":4370}. Allowed: a range without 4369, which is epmd\'s own port.',
    ],
    [
      "epmd's port as the single one",
      { "prod/distribution": { singlePort: 4369 } },
      "environments.prod.distribution.singlePort: 4369. Allowed: a port other than 4369, which is epmd's own.",
    ],
    [
      "a privileged distribution port",
      { [`${at}/distribution`]: { singlePort: 80 } },
      `${app}.distribution.singlePort: 80. Allowed: a whole number from 1024 to 65535.`,
    ],
    [
      "HTTP on a distribution port",
      { [`${at}/httpPort`]: 9005 },
      `${app}.httpPort: 9005. Allowed: a port that Erlang distribution doesn't use; it uses 4369 and 9000 to 9010.`,
    ],
    [
      "HTTP on the single port",
      { [`${at}/httpPort`]: 9000, [`${at}/distribution`]: { singlePort: 9000 } },
      `${app}.httpPort: 9000. Allowed: a port that Erlang distribution doesn't use; it uses 9000.`,
    ],
    [
      "HTTP on epmd's port",
      { [`${at}/httpPort`]: 4369 },
      `${app}.httpPort: 4369. Allowed: a port that Erlang distribution doesn't use; it uses 4369 and 9000 to 9010.`,
    ],
    [
      "a port that doesn't exist",
      { [`${at}/httpPort`]: 70000 },
      `${app}.httpPort: 70000. Allowed: a whole number from 1 to 65535.`,
    ],
    [
      "an extra port without an end",
      { [`${at}/extraPorts`]: [{ from: 80 }] },
      `${app}.extraPorts.0.to: is missing. Allowed: a whole number from 1 to 65535.`,
    ],
    [
      "an extra range upside down",
      { [`${at}/extraPorts`]: [{ from: 81, to: 80 }] },
      `${app}.extraPorts.0: {"from":81,"to":80}. Allowed: a range whose "to" is not below its "from".`,
    ],
    [
      "a misspelt egress",
      { "prod/egress": "gaurded" },
      'environments.prod.egress: "gaurded". Allowed: "guarded", "open" or a list of egress rules { protocol, ports, cidr }. Did you mean "guarded"?',
    ],
    [
      "an egress rule to an address in a network",
      { [`${at}/egress`]: [{ cidr: "10.0.0.1/16" }] },
      `${app}.egress.0.cidr: "10.0.0.1/16". Allowed: a network such as "10.0.0.0/16" or "2001:db8::/32", with no bit set beyond its prefix.`,
    ],
    [
      "an egress rule to half an address",
      { [`${at}/egress`]: [{ cidr: "10.0.0/16" }] },
      `${app}.egress.0.cidr: "10.0.0/16". Allowed: a network such as "10.0.0.0/16" or "2001:db8::/32", with no bit set beyond its prefix.`,
    ],
    [
      "an egress rule for all protocols with ports",
      { [`${at}/egress`]: [{ protocol: "all", ports: { from: 1, to: 2 }, cidr: "::/0" }] },
      `${app}.egress.0.ports: {"from":1,"to":2}. Allowed: no ports with protocol "all": choose "tcp" or "udp".`,
    ],
    [
      "a health check with a long timeout",
      { [`${at}/healthCheck`]: { intervalSeconds: 10, timeoutSeconds: 10 } },
      `${app}.healthCheck.timeoutSeconds: 10. Allowed: fewer seconds than intervalSeconds, which is 10.`,
    ],
    [
      "a health check with an interval of the default timeout",
      { [`${at}/healthCheck`]: { intervalSeconds: 5 } },
      `${app}.healthCheck.timeoutSeconds: 5, the default. Allowed: fewer seconds than intervalSeconds, which is 5.`,
    ],
    [
      "a health check's path for a shell to run",
      { [`${at}/healthCheck`]: { path: "/health; rm -rf /" } },
      `${app}.healthCheck.path: "/health; rm -rf /". Allowed: a path such as "/health": letters, digits and - . _ ~ % : @ + , = / ?.`,
    ],
    [
      "a misspelt key next to a wrong value in a health check",
      { [`${at}/healthCheck`]: { retires: 3, startPeriodSeconds: -1 } },
      `${app}.healthCheck.startPeriodSeconds: -1. Allowed: a whole number from 0 to 300 (seconds).`,
      `${app}.healthCheck.retires: unknown key. Allowed: path, intervalSeconds, timeoutSeconds, retries, startPeriodSeconds. Did you mean "retries"?`,
    ],
    [
      "a misspelt key of an egress rule",
      { [`${at}/egress`]: [{ cdir: "0.0.0.0/0" }] },
      `${app}.egress.0.cidr: is missing. Allowed: a network such as "10.0.0.0/16" or "2001:db8::/32", with no bit set beyond its prefix.`,
      `${app}.egress.0.cdir: unknown key. Allowed: protocol, ports, cidr. Did you mean "cidr"?`,
    ],
    [
      "a health check of a wrong type",
      { [`${at}/healthCheck`]: true },
      `${app}.healthCheck: true. Allowed: false or an object.`,
    ],
    [
      "a stop timeout beyond Fargate's",
      { [`${at}/stopTimeoutSeconds`]: 121 },
      `${app}.stopTimeoutSeconds: 121. Allowed: a whole number from 2 to 120 (seconds).`,
    ],
    ["a flag as text", { [`${at}/executeCommand`]: "true" }, `${app}.executeCommand: "true". Allowed: true or false.`],
    [
      "an environment variable of a wrong name",
      { [`${at}/environment`]: { "MY-VAR": "1" } },
      `${app}.environment.MY-VAR: "MY-VAR" as a name. Allowed: an environment variable's name: letters, digits and underscores.`,
    ],
    [
      "an environment variable that is a number",
      { [`${at}/environment`]: { POOL_SIZE: 10 } },
      `${app}.environment.POOL_SIZE: 10. Allowed: text, in quotes.`,
    ],
    [
      "a variable that an option sets",
      { [`${at}/environment`]: { PORT: "80" } },
      `${app}.environment.PORT: the variable PORT. Allowed: any other: the option httpPort sets it.`,
    ],
    [
      "a secret that an option sets",
      { [`${at}/secrets`]: { CLUSTER_NODES: { ssmParameter: "/a" } } },
      `${app}.secrets.CLUSTER_NODES: the variable CLUSTER_NODES. Allowed: any other: the option cluster sets it.`,
    ],
    [
      "the cookie among the secrets",
      { [`${at}/secrets`]: { RELEASE_COOKIE: { ssmParameter: "/a" } } },
      `${app}.secrets.RELEASE_COOKIE: the variable RELEASE_COOKIE. Allowed: any other: the cookie comes from the environment's releaseCookie.`,
    ],
    ...(
      [
        [
          "ERL_EPMD_PORT",
          "4370",
          "security groups open only epmd's default port; for another port, set distribution to singlePort",
        ],
        ["ERL_EPMD_ADDRESS", "127.0.0.1", "epmd must listen on the task's address, where peers connect to it"],
        [
          "RELEASE_IP",
          "127.0.0.1",
          "each node is named after its task's address, which env.sh reads from the metadata endpoint",
        ],
        ["RELEASE_DISTRIBUTION", "none", "nodes have long names, which env.sh sets"],
        ["ECS_CONTAINER_METADATA_URI_V4", "http://169.254.170.2", "ECS sets it"],
      ] as const
    ).flatMap(([name, value, because]): [string, Record<string, unknown>, string][] => [
      [
        `${name}, which keeps nodes from connecting`,
        { [`${at}/environment`]: { [name]: value } },
        `${app}.environment.${name}: the variable ${name}. Allowed: any other: ${because}.`,
      ],
      [
        `${name} among the secrets`,
        { [`${at}/secrets`]: { [name]: { ssmParameter: "/a" } } },
        `${app}.secrets.${name}: the variable ${name}. Allowed: any other: ${because}.`,
      ],
    ]),
    ...(
      [
        [
          "ERL_FLAGS",
          "+P 100 -setcookie hunter2",
          "-setcookie",
          "the release already sets the cookie. With two the VM takes neither, and each node gets a random one. The cookie comes from releaseCookie",
        ],
        [
          "ERL_AFLAGS",
          "-proto_dist inet6_tcp",
          "-proto_dist inet6_tcp",
          "nodes would connect over IPv6, but DNS has only IPv4 addresses (A records)",
        ],
        ["ERL_OTP29_FLAGS", "-hidden", "-hidden", "a hidden node isn't in the cluster"],
        [
          "ERL_ZFLAGS",
          "-kernel net_ticktime 60",
          "-kernel net_ticktime",
          "it overrides NET_TICKTIME; the option netTicktimeSeconds sets it",
        ],
        [
          "ELIXIR_ERL_OPTIONS",
          "-kernel  shell_history enabled inet_dist_listen_min 9100",
          "-kernel inet_dist_listen_min",
          "security groups open the ports of the option distribution, not these",
        ],
        ["ERL_FLAGS", "-epmd_module Elixir.My.Epmd", "-epmd_module", "the option distribution sets it"],
        ["ERL_FLAGS", "-name shop@10.0.0.1", "-name", "the node's name comes from releaseName and the task's address"],
      ] as const
    ).map(([name, value, flag, because]): [string, Record<string, unknown>, string] => [
      `${flag} in ${name}`,
      { [`${at}/environment`]: { [name]: value } },
      `${app}.environment.${name}: the flag ${flag}. Allowed: other flags: ${because}.`,
    ]),
    [
      "flags among the secrets",
      { [`${at}/secrets`]: { ERL_AFLAGS: { ssmParameter: "/a" } } },
      `${app}.secrets.ERL_AFLAGS: the variable ERL_AFLAGS. Allowed: any other: flags of the Erlang VM belong in environment, where they can be checked.`,
    ],
    [
      "a name for DNSCluster that is left from elsewhere",
      { [`${at}/environment`]: { DNS_CLUSTER_QUERY: "shop.internal" } },
      `${app}.environment.DNS_CLUSTER_QUERY: the variable DNS_CLUSTER_QUERY. Allowed: any other: the option discovery, with the value "dns_cluster", sets it.`,
    ],
    [
      "DNSCluster's name as a secret",
      { [`${at}/secrets`]: { DNS_CLUSTER_QUERY: { ssmParameter: "/a" } } },
      `${app}.secrets.DNS_CLUSTER_QUERY: the variable DNS_CLUSTER_QUERY. Allowed: any other: the option discovery, with the value "dns_cluster", sets it.`,
    ],
    ...(
      [
        ["HEX_API_KEY", "abc", "its name says that it is a secret"],
        ["OBAN_LICENSE_KEY", "abc", "its name says that it is a secret"],
        ["GITHUB_TOKEN", "abc", "its name says that it is a secret"],
        ["DB_PASS", "abc", "its name says that it is a secret"],
        ["REPO_URL", "https://me:hunter2@hex.example", "its URL contains a password"],
        ["EXTRA", "f3A9kQ2x7Zp1Lw8Tn5Vb0Rs6Yd4Hg", "its value looks like a generated one"],
      ] as const
    ).map(([name, value, because]): [string, Record<string, unknown>, string] => [
      `the secret ${name} as a build argument`,
      { [`${at}/image`]: { build: { context: "x", buildArgs: { [name]: value } } } },
      `${app}.image.build.buildArgs.${name}: the argument ${name}, and ${because}. Allowed: arguments that anyone may read: they stay in the image's history, in the plan and in the state. Build such an image in your pipeline with docker build --secret id=${name} and pass it by image.variable or image.uri.`,
    ]),
    [
      "a variable both plain and secret",
      { [`${at}/environment`]: { KEY: "1" }, [`${at}/secrets`]: { KEY: { ssmParameter: "/a" } } },
      `${app}.secrets.KEY: the variable KEY, which is in environment too. Allowed: each variable once.`,
    ],
    [
      "no cookie",
      { "prod/releaseCookie": undefined },
      "environments.prod.releaseCookie: is missing. Allowed: an object with the keys ssmParameter, secretsManager, key, versionStage, check, kmsKeyArn.",
    ],
    [
      "a parameter without its slash",
      { "prod/releaseCookie/ssmParameter": "my-org/cookie" },
      'environments.prod.releaseCookie.ssmParameter: "my-org/cookie". Allowed: an SSM parameter name such as "/my-org/prod/release-cookie": letters, digits and _ . - in at most 15 levels, not starting with aws or ssm; or its ARN.',
    ],
    [
      "a parameter that AWS keeps for itself",
      { "prod/releaseCookie/ssmParameter": "/aws/cookie" },
      'environments.prod.releaseCookie.ssmParameter: "/aws/cookie". Allowed: an SSM parameter name such as "/my-org/prod/release-cookie": letters, digits and _ . - in at most 15 levels, not starting with aws or ssm; or its ARN.',
    ],
    [
      "a parameter's ARN of another region, checked",
      {
        "prod/releaseCookie/ssmParameter": "arn:aws:ssm:eu-central-1:123456789012:parameter/a",
        "prod/releaseCookie/check": "data",
      },
      'environments.prod.releaseCookie.check: "data". Allowed: "none": the secret is in eu-central-1, and Terraform looks secrets up in eu-west-1.',
    ],
    [
      "a secret in two places",
      { "prod/releaseCookie": { ssmParameter: "/a", secretsManager: "a" } },
      'environments.prod.releaseCookie: {"ssmParameter":"/a","secretsManager":"a"}. Allowed: an object with exactly one of the keys ssmParameter, secretsManager.',
    ],
    [
      "a secret in no place",
      { [`${at}/secrets`]: { KEY: { key: "url" } } },
      `${app}.secrets.KEY: {"key":"url"}. Allowed: an object with exactly one of the keys ssmParameter, secretsManager.`,
    ],
    [
      "a misspelt place of a secret",
      { [`${at}/secrets`]: { KEY: { secretManager: "a" } } },
      `${app}.secrets.KEY.secretManager: unknown key. Allowed: ssmParameter, secretsManager, key, versionStage, check, kmsKeyArn. Did you mean "secretsManager"?`,
    ],
    [
      "a key of a parameter",
      { [`${at}/secrets`]: { KEY: { ssmParameter: "/a", key: "url" } } },
      `${app}.secrets.KEY.key: "url". Allowed: no key next to ssmParameter: a parameter has one value.`,
    ],
    [
      "a stage of a parameter",
      { [`${at}/secrets`]: { KEY: { ssmParameter: "/a", versionStage: "AWSCURRENT" } } },
      `${app}.secrets.KEY.versionStage: "AWSCURRENT". Allowed: no versionStage next to ssmParameter: only secretsManager has stages.`,
    ],
    [
      "a secret of Secrets Manager by name that nothing looks up",
      { [`${at}/secrets`]: { KEY: { secretsManager: "prod/shop", check: "none" } } },
      `${app}.secrets.KEY.check: "none". Allowed: "data" or "ephemeral" with a name: ECS takes only the full ARN, which the check looks up. Or set secretsManager to the full ARN.`,
    ],
    [
      "an environment file twice",
      { [`${at}/environmentFiles`]: [{ s3: "arn:aws:s3:::acme/a.env" }, { s3: "arn:aws:s3:::acme/a.env" }] },
      `${app}.environmentFiles.1.s3: "arn:aws:s3:::acme/a.env". Allowed: each file once.`,
    ],
    [
      "more environment files than ECS takes",
      {
        [`${at}/environmentFiles`]: Array.from({ length: 11 }, (_, index) => ({
          s3: `arn:aws:s3:::acme/${index}.env`,
        })),
      },
      `${app}.environmentFiles: [{"s3":"arn:aws:s3:::acme/0.env"},{"s3":"arn:aws:s3:::acme/1.env"},{"s3":"arn…. Allowed: at most 10 files.`,
    ],
    [
      "a server twice",
      {
        [`${at}/connectsTo`]: {
          database: { securityGroup: { name: "db" }, port: 5432 },
          replica: { securityGroup: { name: "db" }, port: 5432 },
        },
      },
      `${app}.connectsTo.replica: the security group and port of "database". Allowed: each group and port once.`,
    ],
    [
      "a misspelt check",
      { "prod/releaseCookie/check": "ephemral" },
      'environments.prod.releaseCookie.check: "ephemral". Allowed: "data" or "ephemeral" or "none". Did you mean "ephemeral"?',
    ],
    [
      "a KMS alias as the secret's key",
      { "prod/releaseCookie/kmsKeyArn": "arn:aws:kms:eu-west-1:123456789012:alias/a" },
      'environments.prod.releaseCookie.kmsKeyArn: "arn:aws:kms:eu-west-1:123456789012:alias/a". Allowed: an ARN such as "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab".',
    ],
    [
      "an action without its service",
      { [`${at}/taskRoleStatements`]: [{ actions: ["GetObject"], resources: ["*"] }] },
      `${app}.taskRoleStatements.0.actions.0: "GetObject". Allowed: an IAM action such as "s3:GetObject", "s3:Get*" or "*".`,
    ],
    [
      "a resource that isn't an ARN",
      { [`${at}/taskRoleStatements`]: [{ actions: ["s3:*"], resources: ["my-bucket"] }] },
      `${app}.taskRoleStatements.0.resources.0: "my-bucket". Allowed: an ARN such as "arn:aws:s3:::my-bucket/*", or "*".`,
    ],
    [
      "a statement about nothing",
      { [`${at}/taskRoleStatements`]: [{ actions: [], resources: ["*"] }] },
      `${app}.taskRoleStatements.0.actions: []. Allowed: a list of IAM actions, at least one.`,
    ],
    [
      "a load balancer's ARN for a target group's",
      {
        [`${at}/web`]: {
          targetGroup: {
            arn: "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/a/0123456789abcdef",
            securityGroupId: "sg-0abc1234",
          },
        },
      },
      `${app}.web.targetGroup.arn: "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/a/01234…. Allowed: an ARN such as "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/myapp/0123456789abcdef".`,
    ],
    [
      "a service in the web without a load balancer",
      { [`${at}/web`]: { domain: "shop.example.com" } },
      `${app}.web: {"domain":"shop.example.com"}. Allowed: only with a load balancer of the environment, such as "loadBalancer": { "create": { "zone": "example.com" } }, or with a targetGroup that another project owns.`,
    ],
    [
      "a service in the web without a name",
      { "prod/loadBalancer": { create: { zone: "example.com" } }, [`${at}/web`]: {} },
      `${app}.web.domain: is missing. Allowed: the public name, such as "shop.example.com".`,
    ],
    [
      "paths of a target group whose owner decides them",
      {
        [`${at}/web`]: {
          targetGroup: {
            arn: "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/a/0123456789abcdef",
            securityGroupId: "sg-0abc1234",
          },
          paths: ["/api/*"],
        },
      },
      `${app}.web.paths: ["/api/*"]. Allowed: nothing next to targetGroup: the project that owns the target group decides this. Allowed with it: domain, healthCheckGracePeriodSeconds, drainerSeconds.`,
    ],
    [
      "a load balancer without a zone",
      { "prod/loadBalancer": { create: {} } },
      'environments.prod.loadBalancer.create.zone: is missing. Allowed: a public Route 53 zone of the account such as "example.com", or false.',
    ],
    [
      "an idle timeout below the heartbeat",
      { "prod/loadBalancer": { create: { zone: false, idleTimeoutSeconds: 30 } } },
      "environments.prod.loadBalancer.create.idleTimeoutSeconds: 30. Allowed: a whole number from 31 to 4000 (seconds).",
    ],
    [
      "a maximum percent without room for a new task",
      { [`${at}/deployment`]: { strategy: { rolling: { maximumPercent: 120 } } } },
      `${app}.deployment.strategy.rolling.maximumPercent: 120. Allowed: 150 to 200 with 2 tasks, or a lower healthyPercent: below that no new task can start while 100 % of the old ones run.`,
    ],
    [
      "a maximum percent of one task",
      { [`${at}/tasks`]: 1, [`${at}/deployment`]: { strategy: { rolling: { maximumPercent: 150 } } } },
      `${app}.deployment.strategy.rolling.maximumPercent: 150. Allowed: 200 with 1 task, or a lower healthyPercent: below that no new task can start while 100 % of the old ones run.`,
    ],
    [
      "a retention that CloudWatch hasn't",
      { [`${at}/logs`]: { retentionDays: 31 } },
      `${app}.logs.retentionDays: 31. Allowed: one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653 (days).`,
    ],
    [
      "a log buffer that doesn't fit into the smallest task",
      { [`${at}/logs`]: { driver: { awslogs: { nonBlocking: { bufferMiB: 257 } } } } },
      `${app}.logs.driver.awslogs.nonBlocking.bufferMiB: 257. Allowed: a whole number from 1 to 256 (MiB).`,
    ],
    [
      "a buffer of a log driver that blocks",
      { [`${at}/logs`]: { driver: { awslogs: { blocking: { bufferMiB: 4 } } } } },
      `${app}.logs.driver.awslogs.blocking.bufferMiB: unknown key. Allowed: an empty object, {}.`,
    ],
    [
      "a variable's repository that ECR doesn't have",
      { [`${at}/image`]: { variable: { name: "myapp_image", repositoryArn: "myapp" } } },
      `${app}.image.variable.repositoryArn: "myapp". Allowed: the ARN of an ECR repository, such as "arn:aws:ecr:eu-west-1:123456789012:repository/myapp".`,
    ],
    [
      "names of other things, and such as AWS doesn't take",
      {
        [`${at}/names`]: {
          taskRole: "arn:aws:iam::123456789012:role/mine",
          logGroup: "aws/mine",
          service: "my service",
        },
      },
      `${app}.names.service: "my service". Allowed: 1 to 255 letters, digits, hyphens and underscores.`,
      `${app}.names.taskRole: "arn:aws:iam::123456789012:role/mine". Allowed: a role's name, not its ARN: 1 to 64 letters, digits and _+=,.@-.`,
      `${app}.names.logGroup: "aws/mine". Allowed: a log group's name: 1 to 512 letters, digits and _-/.#, not beginning with aws/.`,
    ],
    [
      "a security group's name for its id",
      { [`${at}/extraSecurityGroups`]: ["default"] },
      `${app}.extraSecurityGroups.0: "default". Allowed: "sg-" and 8 or 17 hexadecimal digits.`,
    ],
    [
      "no state",
      { "prod/state": undefined },
      "environments.prod.state: is missing. Allowed: an object with exactly one of the keys s3, cloud, local.",
    ],
    [
      "a bucket in capitals",
      { "prod/state/s3/bucket": "Acme" },
      'environments.prod.state.s3.bucket: "Acme". Allowed: an S3 bucket name: 3 to 63 lower-case letters, digits, dots and hyphens, none of the forms that S3 reserves.',
    ],
    [
      "a bucket of a form that S3 reserves",
      { "prod/state/s3/bucket": "acme--x-s3" },
      'environments.prod.state.s3.bucket: "acme--x-s3". Allowed: an S3 bucket name: 3 to 63 lower-case letters, digits, dots and hyphens, none of the forms that S3 reserves.',
    ],
    [
      "a state key from the root",
      { "prod/state/s3/key": "/prod.tfstate" },
      'environments.prod.state.s3.key: "/prod.tfstate". Allowed: a key inside the bucket such as "elixir-cluster/prod.tfstate", no slash at its start or end.',
    ],
    [
      "a role's name for its ARN",
      { "prod/state/s3/roleArn": "terraform" },
      'environments.prod.state.s3.roleArn: "terraform". Allowed: an ARN such as "arn:aws:iam::123456789012:role/terraform".',
    ],
    [
      "local state with options",
      { "prod/state": { local: { path: "x" } } },
      "environments.prod.state.local.path: unknown key. Allowed: an empty object, {}.",
    ],
    [
      "a cloud workspace by name and by tags",
      { "prod/state": { cloud: { organization: "acme", workspaces: { name: "a", tags: ["b"] } } } },
      'environments.prod.state.cloud.workspaces: {"name":"a","tags":["b"]}. Allowed: an object with exactly one of the keys name, tags.',
    ],
    [
      "no workspace tags",
      { "prod/state": { cloud: { organization: "acme", workspaces: { tags: [] } } } },
      "environments.prod.state.cloud.workspaces.tags: []. Allowed: a list of workspace tags, at least one.",
    ],
    [
      "a VPC's id that is cut",
      { "prod/vpc/id": "vpc-0abc" },
      'environments.prod.vpc.id: "vpc-0abc". Allowed: "vpc-" and 8 or 17 hexadecimal digits.',
    ],
    [
      "a VPC by no tags",
      { "prod/vpc": { tags: {} } },
      "environments.prod.vpc.tags: {}. Allowed: at least one tag to look for.",
    ],
    [
      "more subnets than awsvpc takes",
      { "prod/subnets": { ids: Array(17).fill("subnet-0abc1234") } },
      'environments.prod.subnets.ids: ["subnet-0abc1234","subnet-0abc1234","subnet-0abc1234","subnet-0abc1234","sub…. Allowed: a list of subnet ids, at most 16.',
    ],
    [
      "subnets that are not private",
      { "prod/subnets": { private: false } },
      "environments.prod.subnets.private: false. Allowed: true.",
    ],
    [
      "a namespace with a trailing dot",
      { "prod/namespace/create": "organization.local." },
      'environments.prod.namespace.create: "organization.local.". Allowed: a DNS name of lower-case labels such as "organization.local".',
    ],
    [
      "a namespace that makes names too long",
      { "prod/namespace/create": `${"abcdefg.".repeat(30)}${"z".repeat(8)}` },
      'environments.prod.namespace.create: "abcdefg.abcdefg.abcdefg.abcdefg.abcdefg.abcdefg.abcdefg.abcdefg.abcdefg.abcd…. Allowed: at most 246 characters: "<service>.<namespace>" is a DNS name, which has 253 at most.',
    ],
    [
      "a service's name that is longer than any namespace allows",
      { "prod/services": { ["a".repeat(300)]: { image: { variable: "image" } } } },
      `environments.prod.services.${"a".repeat(300)}: "${"a".repeat(76)}… as a name. Allowed: at most 49 characters here: the IAM role "prod-<service>-execution" has 64 at most.`,
    ],
    [
      "a namespace that is neither",
      { "prod/namespace": {} },
      "environments.prod.namespace: {}. Allowed: an object with exactly one of the keys create, existing.",
    ],
    [
      "a peer without a basename",
      { "prod/peers": { billing: { cluster: "web", node: "billing.local", securityGroup: { id: "sg-0abc1234" } } } },
      'environments.prod.peers.billing.node: "billing.local". Allowed: "basename@dns-name" such as "billing@billing.other.local".',
    ],
    [
      "a peer's security group by an id as name",
      { "prod/peers": { billing: { cluster: "web", node: "a@b.local", securityGroup: { name: "sg-0abc1234" } } } },
      'environments.prod.peers.billing.securityGroup.name: "sg-0abc1234". Allowed: a security group\'s name: 1 to 255 characters, not beginning with "sg-" (an id goes under id).',
    ],
    [
      "a peer called like a service",
      { "prod/peers": { myapp2: { cluster: "web", node: "a@b.local", securityGroup: { id: "sg-0abc1234" } } } },
      "environments.prod.peers.myapp2: the name of a service of this environment. Allowed: a different name: messages and rules name both.",
    ],
    [
      "misspelt rules",
      { "prod/distributionRules": "pair" },
      'environments.prod.distributionRules: "pair". Allowed: "group", "all-traffic", "pairs" or { "groups": { "<cluster>": "sg-…" } }. Did you mean "pairs"?',
    ],
    [
      "an existing group that is none",
      { "prod/distributionRules": { groups: { web: "web" } } },
      'environments.prod.distributionRules.groups.web: "web". Allowed: "sg-" and 8 or 17 hexadecimal digits.',
    ],
    [
      "an existing group of a cluster that no service names",
      { "prod/distributionRules": { groups: { wbe: "sg-0abc1234" } } },
      'environments.prod.distributionRules.groups.wbe: "wbe" as a cluster. Allowed: web (clusters of this environment\'s services). Did you mean "web"?',
    ],
    [
      "versions that are neither",
      { "prod/versions": "separate" },
      'environments.prod.versions: "separate". Allowed: "together", "apart" or { "<cluster>": "apart" }.',
    ],
    [
      "versions of a cluster that are neither",
      { "prod/versions": { web: true } },
      'environments.prod.versions.web: true. Allowed: "together" or "apart".',
    ],
    [
      "versions of a cluster that no service names",
      { "prod/versions": { wbe: "apart" } },
      'environments.prod.versions.wbe: "wbe" as a cluster. Allowed: web (clusters of this environment\'s services). Did you mean "web"?',
    ],
    [
      "a peer without a cluster",
      { "prod/peers": { billing: { node: "a@b.local", securityGroup: { id: "sg-0abc1234" } } } },
      'environments.prod.peers.billing.cluster: is missing. Allowed: a DNS label: 1 to 63 lower-case letters, digits and hyphens, starting with a letter, no hyphen at its end, not "constructor".',
    ],
    [
      "a peer of a cluster that no service names",
      { "prod/peers": { billing: { cluster: "wbe", node: "a@b.local", securityGroup: { id: "sg-0abc1234" } } } },
      'environments.prod.peers.billing.cluster: "wbe". Allowed: web (clusters of this environment\'s services). Did you mean "web"?',
    ],
    [
      "a tag that AWS keeps for itself",
      { "prod/tags": { "aws:team": "a" } },
      'environments.prod.tags.aws:team: "aws:team" as a name. Allowed: a tag\'s key: 1 to 128 letters, digits, spaces and _ . : / = + @ -, not beginning with "aws:".',
    ],
    [
      "a tag that differs from one of ours in case alone",
      { "prod/tags": { environment: "production" } },
      'environments.prod.tags.environment: the key "environment" next to "Environment". Allowed: only one of the two: to IAM they are the same key.',
    ],
    [
      "a tag that is a number",
      { "prod/tags": { cost: 4711 } },
      "environments.prod.tags.cost: 4711. Allowed: a tag's value: up to 256 letters, digits, spaces and _ . : / = + @ -.",
    ],
    [
      "a version that is none",
      { "prod/awsProviderVersion": "latest" },
      'environments.prod.awsProviderVersion: "latest". Allowed: a Terraform version constraint such as "~> 6.25".',
    ],
    [
      "two environments in one S3 state",
      { staging: { ...example.prod, vpc: { id: "vpc-0abc1234" }, ecsCluster: { name: "staging" } } },
      'environments.staging.state: {"s3":{"bucket":"acme-terraform-state","key":"elixir-cluster/prod.tfstate"}}. Allowed: a state of its own: "prod" has the same, and each apply would destroy what the other one created.',
    ],
    [
      "two environments in one workspace",
      {
        "prod/state": { cloud: { organization: "acme", workspaces: { name: "a" } } },
        staging: {
          ...example.prod,
          vpc: { id: "vpc-0abc1234" },
          ecsCluster: { name: "staging" },
          state: { cloud: { organization: "acme", hostname: "app.terraform.io", workspaces: { name: "a" } } },
        },
      },
      'environments.staging.state: {"cloud":{"organization":"acme","hostname":"app.terraform.io","workspaces":{"…. Allowed: a state of its own: "prod" has the same, and each apply would destroy what the other one created.',
    ],
    [
      "two environments that create one namespace",
      { staging: { ...example.prod, state: { local: {} }, ecsCluster: { name: "staging" } } },
      'environments.staging.namespace.create: "organization.local". Allowed: another name: "prod" creates this one in the same VPC.',
    ],
    [
      "a list for an object",
      { "prod/vpc": ["vpc-0abc1234"] },
      'environments.prod.vpc: ["vpc-0abc1234"]. Allowed: an object with exactly one of the keys id, tags, create.',
    ],
    ["a null", { "prod/region": null }, 'environments.prod.region: null. Allowed: an AWS region such as "eu-west-1".'],
  ])("%s", (_, changes, ...messages) => {
    expect(saidOf(changed(changes))).toEqual(messages);
  });

  it("a number beyond all numbers", () => {
    const text = JSON.stringify(changed({ "prod/services/myapp/tasks": "BIG" })).replace('"BIG"', "1e999");
    expect(saidOf(text)).toEqual([`${app}.tasks: Infinity. Allowed: ${tasksAllowed}.`]);
  });
});

describe("a file that isn't an environments file", () => {
  it.each([
    ["nothing", "", "environments: not JSON at line 1, column 1, the file's end. Allowed: JSON (value expected)."],
    [
      "UTF-16",
      Buffer.from(`\uFEFF${JSON.stringify(example)}`, "utf16le").toString("utf8"),
      "environments: not UTF-8 at line 1, column 1. Allowed: JSON in UTF-8: save the file in that encoding.",
    ],
    [
      "Latin-1",
      Buffer.from('{\n  "größe": {} }', "latin1").toString("utf8"),
      "environments: not UTF-8 at line 2, column 6. Allowed: JSON in UTF-8: save the file in that encoding.",
    ],
    [
      "a missing comma",
      '{\n  "a": 1\n  "b": 2\n}',
      'environments: not JSON at line 3, column 3: "\\"b\\"". Allowed: JSON (comma expected).',
    ],
    [
      "a trailing comma",
      '{"a": {},}',
      'environments: not JSON at line 1, column 10: "}". Allowed: JSON (property name expected).',
    ],
    [
      "a comment",
      "{} // none",
      'environments: not JSON at line 1, column 4: "// none". Allowed: JSON (invalid comment token).',
    ],
    [
      "a missing bracket",
      '{"a": [',
      "environments: not JSON at line 1, column 8, the file's end. Allowed: JSON (close bracket expected).",
    ],
    [
      "no environment",
      '{"$schema": "x"}',
      'environments: {"$schema":"x"}. Allowed: an object with at least one environment.',
    ],
    ["a list of environments", "[{}]", "environments: [{}]. Allowed: an object with at least one environment."],
    ["a list", "[]", "environments: []. Allowed: an object with at least one environment."],
    ["null", "null", "environments: null. Allowed: an object with at least one environment."],
    [
      "a key twice",
      '{"a": {"b": 1,\n "b": 2}}',
      'environments.a.b: the key "b" a second time (line 2, column 2). Allowed: each key once.',
    ],
    [
      "a key that can't be one",
      '{"__proto__": {}}',
      'environments.__proto__: the key "__proto__" (line 1, column 2). Allowed: any other key.',
    ],
    [
      "a bottomless pit",
      "[".repeat(100_000),
      "environments: nested too deeply to be read. Allowed: environments by name.",
    ],
  ])("%s", (_, text, message) => {
    expect(saidOf(text)).toEqual([message]);
  });
});

it("tells all problems of a file at once, of every environment and of both kinds", () => {
  // GIVEN mistakes of single fields and between fields, in two environments
  const file = changed({
    "prod/regoin": "eu-west-1",
    "prod/services/myapp/cpu": 300,
    "prod/services/myapp2/memory": 9999,
    "prod/services/myapp2/cluster": "My App",
    staging: { region: "Mars", state: { s3: { bucket: "B", key: "k" } }, services: { a: { image: { uri: "a b" } } } },
  });

  // WHEN it is read
  const places = saidOf(file).map((line) => line.slice(0, line.indexOf(": ")));

  // THEN each is there, once
  expect(places.sort()).toEqual([
    "environments.prod.regoin",
    "environments.prod.services.myapp.cpu",
    "environments.prod.services.myapp2.cluster",
    "environments.prod.services.myapp2.memory",
    "environments.staging.ecsCluster",
    "environments.staging.namespace",
    "environments.staging.region",
    "environments.staging.releaseCookie",
    "environments.staging.services.a.image.uri",
    "environments.staging.state.s3.bucket",
    "environments.staging.vpc",
  ]);
});
