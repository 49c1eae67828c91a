import { phoenixDrainerSeconds, serverIdleSeconds } from "../web-times";
import { defaultDnsTtl, defaultNetTicktime, defaultPollingIntervalMs } from "../distribution";

// Values of options that nothing sets. The schema of the file and the constructs take them from here; the constructs' props
// document units and meanings.

/** Options of a service's logs. */
export const logDefaults = {
  retentionDays: 30,
  // With a full buffer, blocking stops the node's output and with it the node; the tests of AWS lose nothing with 25 MiB.
  // Source: https://aws.amazon.com/blogs/containers/preventing-log-loss-with-non-blocking-mode-in-the-awslogs-container-log-driver/
  driver: { awslogs: { nonBlocking: { bufferMiB: 25 } } },
  // Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/firelens-docker-buffer-limit.html
  routerMemory: 128,
} as const;

/** Options of a service. */
export const serviceDefaults = {
  tasks: 1,
  cpu: 512,
  memory: 1024,
  architecture: "X86_64",
  httpPort: 4000,
  healthCheck: { path: "/health", intervalSeconds: 10, timeoutSeconds: 5, retries: 3, startPeriodSeconds: 30 },
  // The release ends 5 s earlier, after Phoenix's drainer, which takes 30 s at most.
  stopTimeoutSeconds: 40,
  executeCommand: true,
  readonlyRootFilesystem: false,
  taskProtection: false,
  autoscaled: false,
  // As many as the ports of the BEAM, each socket one (+Q). Source: https://www.erlang.org/doc/apps/erts/erl_cmd
  ulimits: { nofile: 65536 },
  logs: logDefaults,
  discovery: "dns",
  pollingIntervalMs: defaultPollingIntervalMs.ours,
  netTicktimeSeconds: defaultNetTicktime.ours,
  dnsTtlSeconds: defaultDnsTtl,
  egress: "guarded",
} as const;

/** Options of a service that autoscaling scales; the cooldown is AWS's own. */
export const scalingDefaults = { min: 1, cooldownSeconds: 300, timezone: "UTC" } as const;

/** Shares of a service's capacity. */
export const capacityDefaults = { base: 0, weight: 1 } as const;

/** Options of a container next to the node. Times of the health check: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html */
export const sidecarDefaults = {
  essential: false,
  readonlyRootFilesystem: false,
  healthCheck: { intervalSeconds: 30, timeoutSeconds: 5, retries: 3, startPeriodSeconds: 0 },
} as const;

/** Options of a volume in a container. */
export const mountDefaults = { readOnly: false } as const;

/** Options of a load balancer that is created. Its idle timeout is below that of Phoenix's servers: see `serverIdleSeconds`. */
export const loadBalancerDefaults = {
  scheme: "public",
  addresses: "ipv4",
  idleTimeoutSeconds: serverIdleSeconds - 5,
  deletionProtection: true,
} as const;

/** Options of a service that a load balancer sends HTTP. */
export const webDefaults = {
  paths: [],
  extraDomains: [],
  healthCheck: {
    intervalSeconds: 10,
    timeoutSeconds: 5,
    healthyThreshold: 2,
    unhealthyThreshold: 3,
    statusCodes: "200",
  },
  healthCheckGracePeriodSeconds: 60,
  deregistrationDelaySeconds: 30,
  slowStartSeconds: 0,
  drainerSeconds: phoenixDrainerSeconds,
} as const;

/** Options of a VPC that is created. */
export const createdVpcDefaults = { zones: 3, nat: "one", endpoints: false, flowLogRetentionDays: 30 } as const;

/** How the services of a cluster may reach each other. */
export const defaultDistributionRules = "group";

/** Whether old and new tasks of a cluster connect during a deployment. */
export const defaultVersions = "together";

/** Options of the network. */
export const networkDefaults = { subnets: { private: true }, publicIp: false } as const;

/** Options of an image that Terraform builds. */
export const buildDefaults = { dockerfile: "Dockerfile", deleteImages: false } as const;

/** How a plan checks a secret: one that is named must be in the environment's account and region, where Terraform can look it up. */
export const secretDefaults = { check: { name: "data", arn: "none" } } as const;

/** Options of an environment file in S3. */
export const environmentFileDefaults = { check: "data" } as const;

/** Options of a connection to a database. Source: https://hexdocs.pm/phoenix/Mix.Tasks.Phx.New.html, which generates POOL_SIZE || "10" */
export const connectionDefaults = { allowIngress: true, poolSize: 10 } as const;

/** Options of a rule that opens a network to tasks. */
export const egressRuleDefaults = { protocol: "tcp" } as const;

/** Options of a statement in a task role's policy. */
export const statementDefaults = { effect: "Allow" } as const;

/** Options of a scheduled task. A run that is an hour late would often meet the next one. */
export const scheduleDefaults = {
  timezone: "UTC",
  join: false,
  retry: { attempts: 185, seconds: 3600 },
} as const;

type Defined<Options> = { [Key in keyof Options]: Exclude<Options[Key], undefined> };

/** `options` without those that are `undefined`, so that they don't replace a default. */
export const defined = <Options extends object>(options: Options): Defined<Options> =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Defined<Options>;
