/** Options of a service where nothing sets them: the file's schema, its checks and the constructs take them from here. */
export const serviceDefaults = {
  /** Tasks that run. */
  tasks: 1,
  /** CPU units, 1024 to a vCPU. */
  cpu: 512,
  /** MiB of memory. */
  memory: 1024,
  /** TCP port of HTTP. */
  httpPort: 4000,
  /** Seconds from SIGTERM to SIGKILL. */
  stopTimeoutSeconds: 30,
  /** Days that logs are kept. */
  logRetentionDays: 30,
  /** The container's health check: path, seconds, attempts. */
  healthCheck: { path: "/health", intervalSeconds: 10, timeoutSeconds: 5, retries: 3, startPeriodSeconds: 30 },
  /** Seconds after a task's start in which a load balancer's health checks don't count. */
  healthCheckGracePeriodSeconds: 60,
} as const;
