import { serviceDefaults } from "../../aws/service-defaults";
import { defaultNetTicktime, defaultPollingIntervalMs } from "../../distribution";
import { z } from "zod";
import { distribution, egress, portRange, secret } from "./distribution-schema";
import { fargateCpus } from "../../aws/fargate-sizes";
import {
  anyText,
  dnsLabel,
  ecsServiceName,
  environmentVariable,
  filePath,
  httpPath,
  iamAction,
  iamResource,
  imageUri,
  logGroupName,
  port,
  releaseName,
  roleName,
  securityGroupId,
  targetGroupArn,
  variableName,
} from "./formats";
import { choice, filledList, flag, list, mapOf, object, oneNumberOf, oneOf, wholeNumber } from "./shapes";

const folder = filePath("a folder");
const build = z.union(
  [
    folder,
    object({
      context: folder.describe("The folder, relative to environments.json's project."),
      dockerfile: filePath("a Dockerfile's path inside the folder")
        .default("Dockerfile")
        .describe('The Dockerfile, relative to the folder; default "Dockerfile".'),
      buildArgs: mapOf(environmentVariable, anyText).default({}).describe("Docker build arguments; default: none."),
      deleteImages: flag
        .default(false)
        .describe("Whether Terraform may delete the ECR repository while it holds images; default false."),
    }),
  ],
  { error: "a folder that holds a Dockerfile, or { context, dockerfile, buildArgs, deleteImages }" },
);

const image = choice({
  build: build.describe(
    "A folder with a Dockerfile: built by Terraform and pushed to an ECR repository of its own. The registry's password is then in plan and state; prefer variable.",
  ),
  uri: imageUri.describe("An image that is there already, best by digest."),
  variable: variableName.describe("A Terraform variable that a pipeline sets to the image (TF_VAR_<name>)."),
});

/** Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html */
const healthCheck = object({
  path: httpPath
    .default(serviceDefaults.healthCheck.path)
    .describe(`Path that curl asks for inside the container; default "${serviceDefaults.healthCheck.path}".`),
  intervalSeconds: wholeNumber(5, 300, "seconds")
    .default(serviceDefaults.healthCheck.intervalSeconds)
    .describe(`Seconds between checks, 5 to 300; default ${serviceDefaults.healthCheck.intervalSeconds}.`),
  timeoutSeconds: wholeNumber(2, 60, "seconds")
    .default(serviceDefaults.healthCheck.timeoutSeconds)
    .describe(
      `Seconds until a check counts as failed, 2 to 60, below the interval; default ${serviceDefaults.healthCheck.timeoutSeconds}.`,
    ),
  retries: wholeNumber(1, 10)
    .default(serviceDefaults.healthCheck.retries)
    .describe(`Failed checks that make a task unhealthy, 1 to 10; default ${serviceDefaults.healthCheck.retries}.`),
  startPeriodSeconds: wholeNumber(0, 300, "seconds")
    .default(serviceDefaults.healthCheck.startPeriodSeconds)
    .describe(
      `Seconds after the start in which failed checks don't count, 0 to 300; default ${serviceDefaults.healthCheck.startPeriodSeconds}.`,
    ),
});

const loadBalancer = object({
  targetGroupArn: targetGroupArn.describe("ARN of the target group, of target type ip, that tasks register with."),
  securityGroupId: securityGroupId.describe("The load balancer's security group: it may reach httpPort."),
  healthCheckGracePeriodSeconds: wholeNumber(0, 2147483647, "seconds")
    .default(serviceDefaults.healthCheckGracePeriodSeconds)
    .describe(
      `Seconds after a task's start in which the target group's health checks don't count; default ${serviceDefaults.healthCheckGracePeriodSeconds}.`,
    ),
});

const statement = object({
  effect: oneOf("Allow", "Deny").default("Allow").describe('"Allow" or "Deny"; default "Allow".'),
  actions: filledList(iamAction, "IAM actions").describe('IAM actions such as "s3:GetObject".'),
  resources: filledList(iamResource, "ARNs").describe('ARNs, with * and ? as wildcards, or "*".'),
});

/** What AWS can't rename: what was made elsewhere keeps its name, so that it can be imported and not replaced. */
const names = object({
  service: ecsServiceName.optional().describe("The ECS service's name; default: the service's name here."),
  executionRole: roleName
    .optional()
    .describe("The name of the role that ECS itself takes; default: <environment>-<service>-execution."),
  taskRole: roleName
    .optional()
    .describe("The name of the role that the application takes; default: <environment>-<service>-task."),
  logGroup: logGroupName.optional().describe("The log group's name; default: /ecs/<environment>-<service>."),
});

/** Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const running = {
  image: image.describe("The container's image: build, uri or variable."),
  tasks: wholeNumber(0, 1000)
    .default(serviceDefaults.tasks)
    .describe(`Tasks that run, 0 to 1000 (Cloud Map's limit); default ${serviceDefaults.tasks}.`),
  cpu: oneNumberOf(fargateCpus, "CPU units")
    .default(serviceDefaults.cpu)
    .describe(`CPU units, 1024 to a vCPU; default ${serviceDefaults.cpu}.`),
  memory: wholeNumber(512, 122880, "MiB")
    .default(serviceDefaults.memory)
    .describe(`Memory in MiB, of the sizes that Fargate has for this cpu; default ${serviceDefaults.memory}.`),
  architecture: oneOf("X86_64", "ARM64").default("X86_64").describe('What the image runs on; default "X86_64".'),
  httpPort: port
    .default(serviceDefaults.httpPort)
    .describe(`TCP port of HTTP, the container's PORT; default ${serviceDefaults.httpPort}.`),
  healthCheck: z
    .union([healthCheck, z.literal(false)], { error: "false or an object" })
    .prefault({})
    .describe("The container's health check, or false for none; default: curl /health every 10 s."),
  stopTimeoutSeconds: wholeNumber(2, 120, "seconds")
    .default(serviceDefaults.stopTimeoutSeconds)
    .describe(`Seconds from SIGTERM to SIGKILL, 2 to 120; default ${serviceDefaults.stopTimeoutSeconds}.`),
  executeCommand: flag.default(true).describe("Whether ECS Exec is on: remote shells need it; default true."),
  readonlyRootFilesystem: flag
    .default(false)
    .describe("Whether the container's root is read-only, with volumes for what must be writable; default false."),
  environment: mapOf(environmentVariable, anyText)
    .default({})
    .describe("Plain environment variables, never secrets; default: none."),
  secrets: mapOf(environmentVariable, secret)
    .default({})
    .describe("Environment variables whose values ECS takes from SSM, such as SECRET_KEY_BASE; default: none."),
  taskRoleStatements: list(statement, "IAM statements { effect, actions, resources }")
    .default([])
    .describe("What the application itself may do in AWS; default: nothing."),
  loadBalancer: loadBalancer.optional().describe("A load balancer that sends it HTTP; default: none."),
  autoscaled: flag
    .default(false)
    .describe("Whether something else sets the number of tasks: a plan then leaves it alone; default false."),
  maximumPercent: wholeNumber(100, 200, "percent")
    .optional()
    .describe(
      "Most tasks during a deployment in percent of tasks, 100 to 200; default 200, or as many as one DNS answer holds.",
    ),
  logRetentionDays: oneNumberOf(retentionDays, "days")
    .default(serviceDefaults.logRetentionDays)
    .describe(`Days that logs are kept; default ${serviceDefaults.logRetentionDays}.`),
  names: names
    .optional()
    .describe("Names of what was made elsewhere and is taken over by import, as it can't be renamed; default: none."),
};

const clustering = {
  releaseName: releaseName
    .optional()
    .describe("The release's name, left of @ in node names; default: the service's name, hyphens as underscores."),
  clustersWith: list(dnsLabel, "names of services or peers")
    .default([])
    .describe("Services and peers of this environment to cluster with, in both directions; default: none."),
  resolver: oneOf("members", "stock")
    .default("members")
    .describe(
      '"members" keeps living nodes that a DNS answer leaves out, "stock" is for an app with plain DNSPoll, up to 8 tasks; default "members".',
    ),
  pollingIntervalMs: wholeNumber(100, 600000, "milliseconds")
    .default(defaultPollingIntervalMs.ours)
    .describe(`Milliseconds between DNS polls, 100 to 600000; default ${defaultPollingIntervalMs.ours}.`),
  netTicktimeSeconds: wholeNumber(4, 3600, "seconds")
    .default(defaultNetTicktime.ours)
    .describe(
      `Erlang's net_ticktime in seconds, 4 to 3600: a silent peer is given up after that; default ${defaultNetTicktime.ours}.`,
    ),
  distribution: distribution.optional().describe("Where its nodes listen; default: the environment's."),
  extraPorts: list(portRange, "port ranges { from, to }")
    .default([])
    .describe("Further TCP ports that peers may reach; default: none."),
  egress: egress.optional().describe("What its tasks may open to the rest of the world; default: the environment's."),
  extraSecurityGroups: list(securityGroupId, "security-group ids")
    .default([])
    .describe("Further security groups of its tasks, 5 in all; default: none."),
};

/** One service: what it runs, and how its nodes cluster. */
export const service = object({ ...running, ...clustering }).meta({ id: "service" });
