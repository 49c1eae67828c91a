import fc from "fast-check";
import { fargateCpus, fargateMemory } from "../../src/aws/ecs/fargate-sizes";

const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));
const id = (prefix: string) => fc.oneof(hex(8), hex(17)).map((digits) => `${prefix}-${digits}`);
const name = fc.stringMatching(/^[a-z][a-z0-9]{0,6}(-[a-z0-9]{1,4})?$/);
const flag = fc.boolean();
const within = (from: number, to: number) => fc.integer({ min: from, max: to });
/** Anything but control characters, which no field takes, and line breaks and tabs, which only some take. */
const text = fc
  .string({ unit: "binary", maxLength: 12 })
  .filter((value) => !/[\u0000-\u001f\u007f-\u009f]/.test(value));

const range = (from: number, to: number) =>
  fc.tuple(within(from, to), within(from, to)).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));
/** Away from epmd's port and from those of HTTP below. */
const distribution = fc.oneof(fc.record({ epmd: range(9000, 60000) }), fc.record({ singlePort: within(9000, 65535) }));
const ssmParameter = fc.oneof(
  fc.array(name, { minLength: 1, maxLength: 5 }).map((levels) => `/org-${levels.join("/")}`),
  name.map((level) => `cookie-${level}`),
);
const kmsKeyArn = hex(12).map((digits) => `arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-${digits}`);
const secret = fc.oneof(
  fc.record(
    { ssmParameter, check: fc.constantFrom("data", "ephemeral", "none"), kmsKeyArn },
    { requiredKeys: ["ssmParameter"] },
  ),
  fc.record(
    {
      secretsManager: fc.oneof(
        name.map((level) => `prod/${level}`),
        name.map((level) => `arn:aws:secretsmanager:eu-central-1:123456789012:secret:${level}-AbCdEf`),
      ),
      key: fc.constantFrom("url", "${key}", "a b"),
      versionStage: fc.constantFrom("AWSCURRENT", "AWSPREVIOUS"),
      kmsKeyArn,
    },
    { requiredKeys: ["secretsManager"] },
  ),
);
const cidr = fc.constantFrom("0.0.0.0/0", "10.1.0.0/16", "10.0.0.2/32", "::/0", "2001:db8::/32");
const egress = fc.oneof(
  fc.constantFrom("guarded", "open"),
  fc.array(
    fc.oneof(
      fc.record({ protocol: fc.constantFrom("tcp", "udp"), ports: range(1, 65535), cidr }, { requiredKeys: ["cidr"] }),
      fc.record({ protocol: fc.constant("all"), cidr }),
    ),
    { maxLength: 3 },
  ),
);
const variable = fc.stringMatching(/^MY_[A-Z0-9_]{1,8}$/);
const image = fc.oneof(
  fc.record({ uri: fc.constantFrom("myapp", "ghcr.io/acme/myapp:1.4.2", `a.io/b@sha256:${"0f".repeat(32)}`) }),
  fc.record({ variable: fc.stringMatching(/^[a-z]{1,8}_image$/) }),
  fc.record({
    variable: fc.record({
      name: fc.stringMatching(/^[a-z]{1,8}_image$/),
      repositoryArn: fc.constant("arn:aws:ecr:eu-west-1:123456789012:repository/acme/myapp"),
    }),
  }),
);
const size = fc
  .constantFrom(...fargateCpus)
  .chain((cpu) => fc.record({ cpu: fc.constant(cpu), memory: fc.constantFrom(...fargateMemory(cpu)) }));
const healthCheck = fc.oneof(
  fc.constant(false),
  fc.record(
    {
      path: fc.constantFrom("/", "/healthz?full=1"),
      intervalSeconds: within(61, 300),
      timeoutSeconds: within(2, 9),
      retries: within(1, 10),
      startPeriodSeconds: within(0, 300),
    },
    { requiredKeys: [] },
  ),
);
const webAcl = "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/a/1234abcd-12ab-34cd-56ef-1234567890ab";
const zone = fc.constantFrom("example.com", false);
const loadBalancer = fc.oneof(
  fc.record({
    create: fc.record(
      {
        zone,
        scheme: fc.constantFrom("public", "internal"),
        subnets: fc.oneof(
          fc.record({ ids: fc.array(id("subnet"), { minLength: 1, maxLength: 3 }) }),
          fc.record({ tags: fc.constant({ Tier: "public" }) }),
        ),
        addresses: fc.constantFrom("ipv4", "dual-stack"),
        allowedClients: fc.oneof(
          fc.record({ cidrs: fc.array(cidr, { minLength: 1, maxLength: 3 }) }),
          fc.record({ prefixList: id("pl") }),
        ),
        idleTimeoutSeconds: within(31, 4000),
        accessLogs: fc.record(
          { bucket: fc.constant("acme-logs"), prefix: fc.constant("web") },
          { requiredKeys: ["bucket"] },
        ),
        deletionProtection: flag,
        webAclArn: fc.constant(webAcl),
      },
      { requiredKeys: ["zone"] },
    ),
  }),
  fc.record({
    existing: fc.record(
      {
        listenerArn: fc
          .tuple(hex(16), hex(16))
          .map(([a, b]) => `arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/web/${a}/${b}`),
        securityGroupId: id("sg"),
        zone,
      },
      { requiredKeys: ["listenerArn", "securityGroupId"] },
    ),
  }),
);
/** A target group that another project owns: it goes with every environment. */
const web = fc.record(
  {
    targetGroup: fc.record({
      arn: hex(16).map((digits) => `arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/${digits}`),
      securityGroupId: id("sg"),
    }),
    domain: fc.constantFrom("shop.example.com", "*.example.com"),
    healthCheckGracePeriodSeconds: within(0, 2147483647),
    drainerSeconds: within(0, 119),
  },
  { requiredKeys: ["targetGroup"] },
);
const statement = fc.record(
  {
    effect: fc.constantFrom("Allow", "Deny"),
    actions: fc.array(fc.constantFrom("s3:Get*", "sqs:SendMessage", "*"), { minLength: 1, maxLength: 3 }),
    resources: fc.array(fc.constantFrom("*", "arn:aws:s3:::bucket/*"), { minLength: 1, maxLength: 3 }),
  },
  { requiredKeys: ["actions", "resources"] },
);

const service = fc
  .tuple(
    size,
    fc.record(
      {
        image,
        tasks: within(0, 1000),
        architecture: fc.constantFrom("X86_64", "ARM64"),
        releaseName: fc.stringMatching(/^[a-z][a-z0-9_]{0,9}$/),
        discovery: fc.constantFrom("dns", "dnspoll"),
        pollingIntervalMs: within(100, 600000),
        netTicktimeSeconds: within(4, 3600),
        distribution,
        extraPorts: fc.array(range(1, 65535), { maxLength: 2 }),
        egress,
        httpPort: within(80, 4368),
        healthCheck,
        stopTimeoutSeconds: within(2, 120),
        executeCommand: flag,
        readonlyRootFilesystem: flag,
        environment: fc.dictionary(variable, text, { maxKeys: 3 }),
        secrets: fc.dictionary(
          variable.map((key) => `${key}_SECRET`),
          secret,
          { maxKeys: 2 },
        ),
        taskRoleStatements: fc.array(statement, { maxLength: 2 }),
        extraSecurityGroups: fc.array(id("sg"), { maxLength: 3 }),
        web,
        taskProtection: flag,
        autoscaled: flag,
        deployment: fc.record({ strategy: fc.constant({ rolling: { maximumPercent: 200 } }) }, { requiredKeys: [] }),
        waitForSteadyState: fc.oneof(flag, fc.record({ minutes: within(5, 4320) })),
        logs: fc.record(
          {
            driver: fc.record({
              awslogs: fc.oneof(
                fc.record({
                  nonBlocking: fc.record({ bufferMiB: fc.integer({ min: 1, max: 256 }) }, { requiredKeys: [] }),
                }),
                fc.constant({ blocking: {} }),
              ),
            }),
            retentionDays: fc.constantFrom(1, 30, 365, 3653),
          },
          { requiredKeys: [] },
        ),
        ulimits: fc.record({ nofile: fc.integer({ min: 1024, max: 1048576 }) }, { requiredKeys: [] }),
        ephemeralStorageGiB: fc.integer({ min: 21, max: 200 }),
        sidecars: fc.constantFrom(
          {},
          { "x-agent": { image: { uri: "datadog/agent:7" }, ports: [1], cpu: 1, memory: 32, mounts: {} } },
        ),
        names: fc.record(
          {
            // Unique, as AWS wants them.
            service: fc.uuid().map((unique) => `My_Service-${unique}`),
            executionRole: fc.uuid().map((unique) => `ecs@acme+${unique}`),
            taskRole: fc.uuid().map((unique) => `EcsStack-mytaskrole${unique}`),
            logGroup: fc.uuid().map((unique) => `/ecs/my_app.prod#${unique}`),
          },
          { requiredKeys: [] },
        ),
      },
      { requiredKeys: ["image"] },
    ),
  )
  .map(([sizes, options]) => ({ ...sizes, ...options }));

const state = fc.oneof(
  fc.record({ local: fc.constant({}) }),
  fc.record({
    s3: fc.record(
      {
        bucket: fc.stringMatching(/^[a-z]{3,8}-state$/),
        key: fc.uuid(),
        region: fc.constant("eu-central-1"),
        kmsKeyId: kmsKeyArn,
        dynamodbTable: fc.constant("locks"),
        roleArn: fc.constant("arn:aws:iam::123456789012:role/terraform"),
        bucketStack: fc.constantFrom("local", "bucket"),
      },
      { requiredKeys: ["bucket", "key"] },
    ),
  }),
  fc.record({
    cloud: fc.record(
      {
        organization: name,
        hostname: fc.constant("tfe.acme.example"),
        workspaces: fc.oneof(
          fc.record({ name: fc.uuid() }),
          fc.record({ tags: fc.array(name, { minLength: 1, maxLength: 3 }) }),
        ),
        execution: fc.constantFrom("remote", "local"),
      },
      { requiredKeys: ["organization", "workspaces"] },
    ),
  }),
);

const filter = fc.dictionary(fc.constantFrom("Name", "tier", "aws:cloudformation:stack-name"), name, { minKeys: 1 });
const peer = fc.record(
  {
    node: name.map((basename) => `${basename}@${basename}.other.local`),
    securityGroup: fc.oneof(fc.record({ id: id("sg") }), fc.record({ name: name.map((group) => `group ${group}`) })),
    distribution,
  },
  { requiredKeys: ["node", "securityGroup"] },
);

const options = fc.record(
  {
    region: fc.constantFrom("eu-west-1", "us-gov-west-1", "cn-north-1"),
    state,
    vpc: fc.oneof(fc.record({ id: id("vpc") }), fc.record({ tags: filter })),
    subnets: fc.oneof(
      fc.record({ ids: fc.array(id("subnet"), { minLength: 1, maxLength: 16 }) }),
      fc.record({ tags: filter }),
      fc.record({ private: fc.constant(true) }),
    ),
    publicIp: flag,
    ecsCluster: fc.oneof(fc.record({ name }), fc.record({ create: name })),
    namespace: fc.oneof(
      fc.record({ create: name.map((label) => `${label}.local`) }),
      fc.record({ existing: name.map((label) => `${label}.local`) }),
    ),
    loadBalancer,
    dnsTtlSeconds: within(0, 86400),
    releaseCookie: secret,
    distribution,
    egress,
    peers: fc.dictionary(
      name.map((peerName) => `peer-${peerName}`),
      peer,
      { maxKeys: 2 },
    ),
    services: fc.dictionary(
      name.map((serviceName) => `app-${serviceName}`),
      service,
      { minKeys: 1, maxKeys: 4 },
    ),
    tags: fc.dictionary(
      name.map((key) => `tag-${key}`),
      name,
      { maxKeys: 3 },
    ),
    awsProviderVersion: fc.constantFrom("~> 5.100", ">= 5.0, < 6"),
  },
  {
    requiredKeys: ["region", "state", "vpc", "ecsCluster", "namespace", "releaseCookie", "services"],
  },
);

/** Any environment that is right, with any options left out; its services are in any of a few clusters, its peers in one. */
export const anyEnvironment = options.chain(({ peers, ...environment }) => {
  const services = Object.entries(environment.services);
  const cluster = fc.option(fc.constantFrom("one", "two"), { nil: undefined });
  return fc.tuple(...services.map(() => cluster)).chain((chosen) => {
    const [stated] = chosen.filter((name) => name !== undefined);
    const known = services.map(([service], index) => chosen[index] ?? service);
    const rules = fc.oneof(
      fc.constantFrom("group", "all-traffic", "pairs"),
      fc.dictionary(fc.constantFrom(...known), id("sg")).map((groups) => ({ groups })),
    );
    const version = fc.constantFrom("together", "apart");
    const versions = fc.option(fc.oneof(version, fc.dictionary(fc.constantFrom(...known), version)), {
      nil: undefined,
    });
    return fc.tuple(fc.option(rules, { nil: undefined }), versions).map(([distributionRules, versions]) => ({
      ...environment,
      ...(versions === undefined ? {} : { versions }),
      ...(distributionRules === undefined ? {} : { distributionRules }),
      // A service that states no cluster has no other members.
      ...(stated === undefined || peers === undefined ? {} : { peers: mapped(peers, () => ({ cluster: stated })) }),
      services: mapped(environment.services, (index) => {
        const name = chosen[index];
        return name === undefined ? {} : { cluster: name };
      }),
    }));
  });
});

/** `record` with more options in each of its values. */
const mapped = <Value extends object>(
  record: Readonly<Record<string, Value>>,
  more: (index: number) => { cluster?: string },
) => Object.fromEntries(Object.entries(record).map(([key, value], index) => [key, { ...value, ...more(index) }]));

/** Any file with one environment that is right. */
export const anyFile = fc
  .tuple(name, anyEnvironment)
  .map(([own, environment]): Record<string, unknown> => ({ [own]: environment }));
