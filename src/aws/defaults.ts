import { defaultDnsTtl, defaultNetTicktime, defaultPollingIntervalMs } from "../distribution";

// Values of options that nothing sets. The schema of the file and the constructs take them from here.

/** Options of a service. */
export const serviceDefaults = {
  /** Tasks that run. */
  tasks: 1,
  /** CPU units, 1024 to a vCPU. */
  cpu: 512,
  /** MiB of memory. */
  memory: 1024,
  /** What the image runs on. */
  architecture: "X86_64",
  /** TCP port of HTTP. */
  httpPort: 4000,
  /** The container's health check: path, seconds, attempts. */
  healthCheck: { path: "/health", intervalSeconds: 10, timeoutSeconds: 5, retries: 3, startPeriodSeconds: 30 },
  /** Seconds from SIGTERM to SIGKILL. */
  stopTimeoutSeconds: 30,
  /** Whether ECS Exec is on. */
  executeCommand: true,
  readonlyRootFilesystem: false,
  /** Whether something else sets the number of tasks. */
  autoscaled: false,
  /** Days that logs are kept. */
  logRetentionDays: 30,
  /** What the application does with a DNS answer. */
  resolver: "members",
  pollingIntervalMs: defaultPollingIntervalMs.ours,
  netTicktimeSeconds: defaultNetTicktime.ours,
  dnsTtlSeconds: defaultDnsTtl,
  /** What tasks may connect to outside the environment. */
  egress: "guarded",
} as const;

/** Options of a load balancer in front of a service. */
export const loadBalancerDefaults = {
  /** Seconds after a task's start in which the target group's health checks don't count. */
  healthCheckGracePeriodSeconds: 60,
} as const;

/** Options of the network. */
export const networkDefaults = { subnets: { private: true }, publicIp: false } as const;

/** Options of an image that Terraform builds. */
export const buildDefaults = { dockerfile: "Dockerfile", deleteImages: false } as const;

/** Options of a secret: how a plan checks it. */
export const secretDefaults = { check: "data" } as const;

/** Options of a rule that opens a network to tasks. */
export const egressRuleDefaults = { protocol: "tcp" } as const;

/** Options of a statement in a task role's policy. */
export const statementDefaults = { effect: "Allow" } as const;

type Defined<Options> = { [Key in keyof Options]: Exclude<Options[Key], undefined> };

/** `options` without those that are `undefined`, so that they don't replace a default. */
export const defined = <Options extends object>(options: Options): Defined<Options> =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Defined<Options>;
