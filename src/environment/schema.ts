import { z } from "zod";
import {
  arn,
  bucketName,
  choice,
  cidr,
  dnsLabel,
  dnsName,
  ecsClusterName,
  environmentName,
  environmentVariable,
  filledText,
  imageUri,
  mapOf,
  nodeAddress,
  object,
  oneOf,
  port,
  region,
  releaseName,
  roleArn,
  securityGroupId,
  ssmParameter,
  stateKey,
  subnetId,
  variableName,
  vpcId,
  wholeNumber,
} from "./formats";
import { fargateCpus } from "./fargate-sizes";

const flag = z.boolean({ error: "true or false" });
const list = <Item extends z.ZodType>(item: Item, what: string) => z.array(item, { error: `a list of ${what}` });
const filledList = <Item extends z.ZodType>(item: Item, what: string) =>
  list(item, what).min(1, { error: `a list of at least one of ${what}` });
const tags = mapOf(filledText("a tag's key"), z.string({ error: "a tag's value: text" }));
const filter = tags.refine((value) => Object.keys(value).length > 0, { error: "at least one tag to look for" });

const portRange = object({ from: port, to: port }).refine(({ from, to }) => from <= to, {
  error: 'a range whose "to" is not below its "from"',
});
/** A node's own ports lie above the privileged ones: the release doesn't run as root. */
const nodePort = wholeNumber(1024, 65535);
const nodePortRange = object({ from: nodePort, to: nodePort }).refine(({ from, to }) => from <= to, {
  error: 'a range whose "to" is not below its "from"',
});

const distribution = choice({ epmd: nodePortRange, singlePort: nodePort });
const egress = z.union(
  [
    oneOf("guarded", "open"),
    list(
      object({ protocol: oneOf("tcp", "udp", "all").default("tcp"), ports: portRange.optional(), cidr }),
      "egress rules { protocol, ports, cidr }",
    ),
  ],
  { error: '"guarded", "open" or a list of egress rules { protocol, ports, cidr }' },
);

const secret = object({
  ssmParameter,
  check: oneOf("data", "ephemeral", "none").default("data"),
  kmsKeyArn: arn("kms", "arn:aws:kms:eu-west-1:123456789012:key/…").optional(),
});

const s3State = object({
  bucket: bucketName,
  key: stateKey,
  region: region.optional(),
  kmsKeyId: filledText("a KMS key's id, ARN or alias").optional(),
  dynamodbTable: filledText("a DynamoDB table's name").optional(),
  roleArn: roleArn.optional(),
  bucketStack: oneOf("local", "bucket").optional(),
});
const cloudState = object({
  organization: filledText("a Terraform Cloud organization's name"),
  hostname: dnsName.optional(),
  workspaces: choice({
    name: filledText("a workspace's name"),
    tags: filledList(filledText("a workspace tag"), "workspace tags"),
  }),
  execution: oneOf("remote", "local").default("remote"),
});
const state = choice({ s3: s3State, cloud: cloudState, local: object({}) });

const image = choice({
  build: z.union(
    [
      filledText("a folder"),
      object({
        context: filledText("a folder"),
        dockerfile: filledText("a Dockerfile's path inside the folder").default("Dockerfile"),
        buildArgs: mapOf(environmentVariable, z.string()).default({}),
      }),
    ],
    { error: "a folder that holds a Dockerfile, or { context, dockerfile, buildArgs }" },
  ),
  uri: imageUri,
  variable: variableName,
});

const healthCheck = object({
  path: filledText("the path of an HTTP endpoint").default("/health"),
  intervalSeconds: wholeNumber(5, 300, "seconds").default(10),
  timeoutSeconds: wholeNumber(2, 60, "seconds").default(5),
  retries: wholeNumber(1, 10).default(3),
  startPeriodSeconds: wholeNumber(0, 300, "seconds").default(30),
});

const loadBalancer = object({
  targetGroupArn: arn("elasticloadbalancing", "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/…"),
  securityGroupId,
  healthCheckGracePeriodSeconds: wholeNumber(0, 2147483647, "seconds").default(60),
});

const statement = object({
  effect: oneOf("Allow", "Deny").default("Allow"),
  actions: filledList(filledText("an IAM action"), "IAM actions"),
  resources: filledList(filledText("an ARN"), "ARNs"),
});

/** Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];
const oneNumberOf = (numbers: readonly number[], unit: string) => {
  const allowed = `one of ${numbers.join(", ")} (${unit})`;
  return z.literal(numbers as number[], { error: allowed });
};

const service = object({
  image,
  tasks: wholeNumber(0, 1000).default(1),
  cpu: oneNumberOf(fargateCpus, "CPU units").default(512),
  memory: wholeNumber(512, 122880, "MiB").default(1024),
  architecture: oneOf("X86_64", "ARM64").default("X86_64"),
  releaseName: releaseName.optional(),
  clustersWith: list(dnsLabel, "names of services or peers").default([]),
  resolver: oneOf("members", "stock").default("members"),
  pollingIntervalMs: wholeNumber(100, 600000, "milliseconds").default(1000),
  netTicktimeSeconds: wholeNumber(4, 3600, "seconds").default(15),
  distribution: distribution.optional(),
  extraPorts: list(portRange, "port ranges { from, to }").default([]),
  egress: egress.optional(),
  httpPort: port.default(4000),
  healthCheck: z.union([healthCheck, z.literal(false)], { error: "false or an object" }).prefault({}),
  stopTimeoutSeconds: wholeNumber(2, 120, "seconds").default(30),
  executeCommand: flag.default(true),
  readonlyRootFilesystem: flag.default(false),
  environment: mapOf(environmentVariable, z.string({ error: "text" })).default({}),
  secrets: mapOf(environmentVariable, secret).default({}),
  taskRoleStatements: list(statement, "IAM statements { effect, actions, resources }").default([]),
  extraSecurityGroups: list(securityGroupId, "security-group ids").default([]),
  loadBalancer: loadBalancer.optional(),
  autoscaled: flag.default(false),
  maximumPercent: wholeNumber(100, 200, "percent").optional(),
  logRetentionDays: oneNumberOf(retentionDays, "days").default(30),
});

const environment = object({
  region,
  state,
  vpc: choice({ id: vpcId, tags: filter }),
  subnets: choice({
    ids: filledList(subnetId, "subnet ids"),
    tags: filter,
    private: z.literal(true, { error: "true" }),
  }).default({
    private: true,
  }),
  publicIp: flag.default(false),
  ecsCluster: choice({ name: ecsClusterName, create: ecsClusterName }),
  namespace: choice({ create: dnsName, existing: dnsName }),
  dnsTtlSeconds: wholeNumber(1, 86400, "seconds").default(10),
  releaseCookie: secret,
  distribution: distribution.default({ epmd: { from: 9000, to: 9010 } }),
  egress: egress.default("guarded"),
  sharedSecurityGroup: choice({ create: oneOf("distribution", "all-traffic"), id: securityGroupId }).optional(),
  peers: mapOf(
    dnsLabel,
    object({
      node: nodeAddress,
      securityGroup: choice({ id: securityGroupId, name: filledText("a security group's name") }),
      distribution: distribution.optional(),
    }),
  ).default({}),
  services: mapOf(dnsLabel, service).refine((value) => Object.keys(value).length > 0, {
    error: "at least one service",
  }),
  tags: tags.default({}),
  awsProviderVersion: filledText('a Terraform version constraint such as "~> 5.100"').optional(),
});

/** The whole file: environments by name, and `$schema` for editors. */
export const environmentsSchema = z.object({ $schema: z.string().optional() }).catchall(environment);

export { environment as environmentSchema, environmentName };
export type Environment = z.output<typeof environment>;
export type ServiceOptions = z.output<typeof service>;
