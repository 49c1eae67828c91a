import { z } from "zod";
import { serviceDefaults as defaults, statementDefaults } from "../../../aws/defaults";
import { fargateCpus, fargateMemoryRange } from "../../../aws/ecs/fargate-sizes";
import { maxEnvironmentFiles, maxSecurityGroups, stopTimeoutSeconds } from "../../../aws/limits";
import { discoveries } from "../../../discovery";
import { dnsRecordLimit } from "../../../distribution";
import { connection } from "./connection-schema";
import { deployment, waitForSteadyState } from "./deployment-schema";
import { distribution, egress, portRange } from "./distribution-schema";
import { memoryOfEachCpu } from "./fargate-sizes-schema";
import { containerParts } from "./container-schema";
import * as format from "../formats";
import { image } from "./image-schema";
import { logs } from "./log-schema";
import { environmentFile, secret } from "./secret-schema";
import {
  allowing,
  either,
  filledList,
  flag,
  list,
  mapOf,
  object,
  oneNumberOf,
  oneOf,
  wholeNumber,
  option,
  seconds,
} from "../shapes";
import { healthCheckTimes } from "./container-formats";
import { schedule } from "./schedule-schema";
import { serviceSnippets } from "../snippets";
import { capacity, tasks } from "./tasks-schema";
import { web } from "./web-schema";

const check = defaults.healthCheck;
const healthCheck = object({
  path: option(format.httpPath, check.path, "Path that curl requests inside the container"),
  intervalSeconds: option(
    healthCheckTimes.interval.meta({ examples: [15] }),
    check.intervalSeconds,
    "Seconds between checks",
  ),
  timeoutSeconds: option(
    healthCheckTimes.timeout.meta({ examples: [10] }),
    check.timeoutSeconds,
    "Seconds until a check fails, below the interval",
  ),
  retries: option(
    healthCheckTimes.retries.meta({ examples: [5] }),
    check.retries,
    "Failed checks that make a task unhealthy",
  ),
  startPeriodSeconds: option(
    healthCheckTimes.startPeriod.meta({ examples: [60] }),
    check.startPeriodSeconds,
    "Seconds in which failed checks don't count",
  ),
});

const statement = object({
  effect: option(oneOf("Allow", "Deny"), statementDefaults.effect, 'Whether it allows or denies: "Allow" or "Deny"'),
  actions: filledList(format.iamAction, "IAM actions").describe("IAM actions, with * and ? as wildcards."),
  resources: filledList(format.iamResource, "ARNs").describe('ARNs, with * and ? as wildcards, or "*".'),
});

/** AWS can't rename these, so a resource that you import keeps its name. */
const names = object({
  service: format.ecsServiceName.optional().describe("The ECS service's name; default: the service's name here."),
  executionRole: format.roleName
    .optional()
    .describe("The name of the role that ECS itself assumes; default: <environment>-<service>-execution."),
  taskRole: format.roleName
    .optional()
    .describe("The name of the role that the application assumes; default: <environment>-<service>-task."),
  logGroup: format.logGroupName.optional().describe("The log group's name; default: /ecs/<environment>-<service>."),
});

const { least, most } = fargateMemoryRange;
/** Which sizes are allowed depends on the cpu: `checks/service.ts` compares the two. Editors get the range. */
const memoryRange = `a whole number from ${least} to ${most} (MiB)`;
const memory = allowing(z.int({ error: memoryRange }), memoryRange).meta({ minimum: least, maximum: most });

const running = {
  image: image.describe("The container's image: build, uri, variable, or sameAs."),
  ...containerParts,
  tasks: option(tasks, defaults.tasks, "Number of tasks, or the limits of autoscaling"),
  cpu: option(
    oneNumberOf(fargateCpus, "CPU units").meta({ examples: [1024] }),
    defaults.cpu,
    "CPU units; 1024 are one vCPU",
  ),
  memory: option(
    memory.meta({ examples: [2048] }),
    defaults.memory,
    `Memory in MiB, one of Fargate's sizes for this cpu, ${least} to ${most}`,
  ),
  architecture: option(oneOf("X86_64", "ARM64"), defaults.architecture, "The processor that the image runs on"),
  httpPort: option(
    format.port.meta({ examples: [8080] }),
    defaults.httpPort,
    "TCP port for HTTP, in the container's PORT",
  ),
  healthCheck: either([healthCheck, z.literal(false)], "false or an object")
    .prefault({})
    .describe(
      `The container's health check, or false for none; default: curl ${check.path} every ${check.intervalSeconds} s.`,
    )
    .meta({ examples: [{ path: "/healthz", startPeriodSeconds: 60 }] }),
  stopTimeoutSeconds: option(
    seconds(stopTimeoutSeconds.min, stopTimeoutSeconds.max).meta({ examples: [120] }),
    defaults.stopTimeoutSeconds,
    "Seconds from SIGTERM to SIGKILL; the release ends its applications 5 s earlier",
  ),
  executeCommand: option(flag, defaults.executeCommand, "Whether ECS Exec is on, which remote shells need"),
  readonlyRootFilesystem: option(
    flag,
    defaults.readonlyRootFilesystem,
    "Whether the root is read-only, with volumes for the folders that must be writable",
  ),
  environment: option(
    mapOf(format.environmentVariable, format.anyText),
    {},
    "Plain environment variables, never secrets. Values are literal: ${…} and %{…} aren't expanded",
  ),
  secrets: option(
    mapOf(format.environmentVariable, secret).meta({
      examples: [{ SECRET_KEY_BASE: { ssmParameter: "/my-org/prod/secret-key-base" } }],
    }),
    {},
    "Variables that ECS reads from SSM or Secrets Manager, such as SECRET_KEY_BASE",
  ),
  environmentFiles: option(
    list(environmentFile, "files { s3, check, kmsKeyArn }").max(maxEnvironmentFiles, {
      error: `at most ${maxEnvironmentFiles} files`,
    }),
    [],
    "Files in S3 with lines VARIABLE=value that ECS adds to the container's environment. Variables that are set elsewhere or in an earlier file take precedence. Put secrets into secrets",
  ),
  connectsTo: option(
    mapOf(format.dnsLabel, connection).meta({
      examples: [{ database: { securityGroup: { name: "shop-database" }, port: 5432 } }],
    }),
    {},
    "Databases, caches and other servers that its tasks connect to, by names that you choose",
  ),
  beforeStart: filledList(format.anyText, 'words such as ["eval", "Shop.Release.migrate()"]')
    .optional()
    .describe(
      'A command that must succeed in each task before its node starts, such as a migration: ["eval", "Shop.Release.migrate()"] runs the release\'s script, ["bin/migrate"] a program of the image. If it fails, the task stops, and the circuit breaker rolls the deployment back, see docs/migrations.md; default: none.',
    )
    .meta({ examples: [["eval", "Shop.Release.migrate()"]] }),
  schedule: option(schedule, {}, "Tasks that run a command at certain times, by name; see docs/tasks.md").meta({
    examples: [{ nightly: { cron: "0 3 * * ? *", timezone: "Europe/Berlin", command: ["eval", "Shop.Report.run()"] } }],
  }),
  taskRoleStatements: option(
    list(statement, "IAM statements { effect, actions, resources }"),
    [],
    "What the application itself may do in AWS",
  ),
  taskProtection: option(
    flag,
    defaults.taskProtection,
    "Whether a task may protect itself while it is busy, so that neither scaling in nor a deployment stops it, see docs/scaling.md",
  ),
  web: web
    .optional()
    .describe("Its public names and paths on the environment's load balancer, or a targetGroup; default: none."),
  capacity: capacity.optional().describe("Shares of its tasks on Fargate Spot and on Fargate; default: Fargate only."),
  autoscaled: option(
    flag,
    defaults.autoscaled,
    "Whether something outside of this file sets the number of tasks: plans then don't change it",
  ),
  deployment: deployment
    .optional()
    .describe(
      "How ECS replaces its tasks, and which alarms roll a deployment back, see docs/deployments.md; default: rolling, no alarms.",
    ),
  waitForSteadyState,
  logs: logs
    .prefault({})
    .describe(
      "Where the output of its containers goes, and how long CloudWatch keeps it: { driver, retentionDays, kmsKeyArn }, see docs/containers.md; default: CloudWatch, non-blocking, for 30 days.",
    )
    .meta({ examples: [{ retentionDays: 365, driver: { awslogs: { blocking: {} } } }] }),
  names: names
    .optional()
    .describe("Names of resources that you import, which AWS can't rename, see docs/from-aws-cdk.md; default: none."),
};

const clustering = {
  releaseName: format.releaseName
    .optional()
    .describe(
      "The release's name: left of @ in node names, and bin/<name> in the image. Two services may run the same release; default: the service's name, with underscores instead of hyphens.",
    ),
  cluster: format.dnsLabel
    .optional()
    .describe(
      "The cluster's name. Nodes of all services and peers with the same name form one cluster; default: a cluster of this service only.",
    ),
  discovery: option(
    oneOf(...discoveries),
    defaults.discovery,
    `How its nodes find each other: "dns" is the strategy that adopt adds, "dnspoll" libcluster's own DNSPoll for up to ${dnsRecordLimit} tasks, "dns_cluster" what Phoenix generates, "none" the application's own way, see docs/discovery.md`,
  ),
  pollingIntervalMs: option(
    wholeNumber(100, 600000, "milliseconds").meta({ examples: [2000] }),
    defaults.pollingIntervalMs,
    'Milliseconds between DNS polls, with discovery "dns" or "dnspoll"',
  ),
  netTicktimeSeconds: option(
    seconds(4, 3600).meta({ examples: [30] }),
    defaults.netTicktimeSeconds,
    "Erlang's net_ticktime, in seconds: nodes disconnect a silent peer after 0.75 to 1.25 times this",
  ),
  distribution: distribution
    .optional()
    .describe(
      "The TCP ports that its nodes listen on. All services of a cluster need the same mode, and without epmd the same port; default: the environment's.",
    ),
  extraPorts: option(
    list(portRange, "port ranges { from, to }").meta({ examples: [[{ from: 9568, to: 9568 }]] }),
    [],
    "Further TCP ports that members of its cluster may reach",
  ),
  egress: egress.optional().describe("What its tasks may connect to outside the cluster; default: the environment's."),
  extraSecurityGroups: option(
    list(format.securityGroupId, "security-group ids"),
    [],
    `Further security groups of its tasks; a task can have ${maxSecurityGroups}, including its own, its cluster's and the one for egress`,
  ),
};

/** One service: what it runs, and how its nodes cluster. */
export const service = object({ ...running, ...clustering }).meta({
  id: "service",
  allOf: memoryOfEachCpu,
  defaultSnippets: serviceSnippets,
});
