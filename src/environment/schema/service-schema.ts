import { z } from "zod";
import { buildDefaults, loadBalancerDefaults, serviceDefaults, statementDefaults } from "../../aws/defaults";
import { fargateCpus, fargateMemoryRange } from "../../aws/fargate-sizes";
import { maxSecurityGroups } from "../../aws/limits";
import { dnsRecordLimit } from "../../distribution";
import { distribution, egress, portRange, secret } from "./distribution-schema";
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
import { choice, filledList, flag, list, mapOf, object, oneNumberOf, oneOf, wholeNumber, withDefault } from "./shapes";

const folder = filePath("a folder");
const build = z.union(
  [
    folder,
    object({
      context: folder.describe("The folder, relative to the project that contains environments.json."),
      dockerfile: withDefault(
        filePath("a Dockerfile's path inside the folder"),
        buildDefaults.dockerfile,
        "The Dockerfile, relative to the folder",
      ),
      buildArgs: withDefault(mapOf(environmentVariable, anyText), {}, "Docker build arguments"),
      deleteImages: withDefault(
        flag,
        buildDefaults.deleteImages,
        "Whether Terraform may delete the ECR repository while it contains images",
      ),
    }),
  ],
  { error: "a folder that contains a Dockerfile, or { context, dockerfile, buildArgs, deleteImages }" },
);

const image = choice({
  build: build.describe(
    "A folder with a Dockerfile: Terraform builds the image and pushes it to an ECR repository of its own. The registry's password is then in plan and state; prefer variable.",
  ),
  uri: imageUri.describe("An existing image, best by digest."),
  variable: variableName.describe("A Terraform variable that a pipeline sets to the image (TF_VAR_<name>)."),
});

const checkDefaults = serviceDefaults.healthCheck;
/** Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html */
const healthCheck = object({
  path: withDefault(httpPath, checkDefaults.path, "Path that curl requests inside the container"),
  intervalSeconds: withDefault(wholeNumber(5, 300, "seconds"), checkDefaults.intervalSeconds, "Seconds between checks"),
  timeoutSeconds: withDefault(
    wholeNumber(2, 60, "seconds"),
    checkDefaults.timeoutSeconds,
    "Seconds until a check counts as failed, below the interval",
  ),
  retries: withDefault(wholeNumber(1, 10), checkDefaults.retries, "Failed checks that make a task unhealthy"),
  startPeriodSeconds: withDefault(
    wholeNumber(0, 300, "seconds"),
    checkDefaults.startPeriodSeconds,
    "Seconds after the start in which failed checks don't count",
  ),
});

const loadBalancer = object({
  targetGroupArn: targetGroupArn.describe("ARN of the target group, of target type ip, that tasks register with."),
  securityGroupId: securityGroupId.describe("The load balancer's security group: it may reach httpPort."),
  healthCheckGracePeriodSeconds: withDefault(
    wholeNumber(0, 2147483647, "seconds"),
    loadBalancerDefaults.healthCheckGracePeriodSeconds,
    "Seconds after a task's start in which the target group's health checks don't count",
  ),
});

const statement = object({
  effect: withDefault(oneOf("Allow", "Deny"), statementDefaults.effect, '"Allow" or "Deny"'),
  actions: filledList(iamAction, "IAM actions").describe('IAM actions such as "s3:GetObject".'),
  resources: filledList(iamResource, "ARNs").describe('ARNs, with * and ? as wildcards, or "*".'),
});

/** AWS can't rename these, so a resource that you import keeps its name. */
const names = object({
  service: ecsServiceName.optional().describe("The ECS service's name; default: the service's name here."),
  executionRole: roleName
    .optional()
    .describe("The name of the role that ECS itself assumes; default: <environment>-<service>-execution."),
  taskRole: roleName
    .optional()
    .describe("The name of the role that the application assumes; default: <environment>-<service>-task."),
  logGroup: logGroupName.optional().describe("The log group's name; default: /ecs/<environment>-<service>."),
});

/** Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const { least, most } = fargateMemoryRange;
/** Which sizes are allowed depends on the cpu: `checks/service.ts` compares the two. Editors get the range. */
const memory = z
  .int({ error: `a whole number from ${least} to ${most} (MiB)` })
  .meta({ minimum: least, maximum: most });

const running = {
  image: image.describe("The container's image: build, uri or variable."),
  // Cloud Map lists 1000 instances of a service. Source: https://docs.aws.amazon.com/cloud-map/latest/dg/cloud-map-limits.html
  tasks: withDefault(wholeNumber(0, 1000), serviceDefaults.tasks, "Tasks that run"),
  cpu: withDefault(oneNumberOf(fargateCpus, "CPU units"), serviceDefaults.cpu, "CPU units, 1024 to a vCPU"),
  memory: withDefault(memory, serviceDefaults.memory, "Memory in MiB, one of Fargate's sizes for this cpu"),
  architecture: withDefault(
    oneOf("X86_64", "ARM64"),
    serviceDefaults.architecture,
    "The processor that the image runs on",
  ),
  httpPort: withDefault(port, serviceDefaults.httpPort, "TCP port of HTTP, the container's PORT"),
  healthCheck: z
    .union([healthCheck, z.literal(false)], { error: "false or an object" })
    .prefault({})
    .describe(
      `The container's health check, or false for none; default: curl ${checkDefaults.path} every ${checkDefaults.intervalSeconds} s.`,
    ),
  stopTimeoutSeconds: withDefault(
    wholeNumber(2, 120, "seconds"),
    serviceDefaults.stopTimeoutSeconds,
    "Seconds from SIGTERM to SIGKILL",
  ),
  executeCommand: withDefault(flag, serviceDefaults.executeCommand, "Whether ECS Exec is on, which remote shells need"),
  readonlyRootFilesystem: withDefault(
    flag,
    serviceDefaults.readonlyRootFilesystem,
    "Whether the container's root is read-only, with volumes for what must be writable",
  ),
  environment: withDefault(mapOf(environmentVariable, anyText), {}, "Plain environment variables, never secrets"),
  secrets: withDefault(
    mapOf(environmentVariable, secret),
    {},
    "Environment variables whose values ECS reads from SSM, such as SECRET_KEY_BASE",
  ),
  taskRoleStatements: withDefault(
    list(statement, "IAM statements { effect, actions, resources }"),
    [],
    "What the application itself may do in AWS",
  ),
  loadBalancer: loadBalancer.optional().describe("A load balancer that sends it HTTP; default: none."),
  autoscaled: withDefault(
    flag,
    serviceDefaults.autoscaled,
    "Whether autoscaling sets the number of tasks, so that a plan leaves it alone",
  ),
  maximumPercent: wholeNumber(100, 200, "percent")
    .optional()
    .describe(
      `Most tasks during a deployment in percent of tasks, 100 to 200; default 200, or what keeps them within the ${dnsRecordLimit} records of one DNS answer.`,
    ),
  logRetentionDays: withDefault(
    oneNumberOf(retentionDays, "days"),
    serviceDefaults.logRetentionDays,
    "Days that CloudWatch keeps logs",
  ),
  names: names.optional().describe("Names of resources that you import, which AWS can't rename; default: none."),
};

const clustering = {
  releaseName: releaseName
    .optional()
    .describe("The release's name, left of @ in node names; default: the service's name, hyphens as underscores."),
  clustersWith: withDefault(
    list(dnsLabel, "names of services or peers"),
    [],
    "Services and peers of this environment to cluster with, in both directions",
  ),
  resolver: withDefault(
    oneOf("members", "stock"),
    serviceDefaults.resolver,
    `"members" keeps living nodes that are missing from a DNS answer, "stock" is for an app with plain DNSPoll, up to ${dnsRecordLimit} tasks`,
  ),
  pollingIntervalMs: withDefault(
    wholeNumber(100, 600000, "milliseconds"),
    serviceDefaults.pollingIntervalMs,
    "Milliseconds between DNS polls",
  ),
  netTicktimeSeconds: withDefault(
    wholeNumber(4, 3600, "seconds"),
    serviceDefaults.netTicktimeSeconds,
    "Erlang's net_ticktime: seconds after which a node gives up a silent peer",
  ),
  distribution: distribution.optional().describe("Where its nodes listen; default: the environment's."),
  extraPorts: withDefault(list(portRange, "port ranges { from, to }"), [], "Further TCP ports that peers may reach"),
  egress: egress.optional().describe("What its tasks may connect to outside; default: the environment's."),
  extraSecurityGroups: withDefault(
    list(securityGroupId, "security-group ids"),
    [],
    `Further security groups of its tasks, ${maxSecurityGroups} in all`,
  ),
};

/** One service: what it runs, and how its nodes cluster. */
export const service = object({ ...running, ...clustering }).meta({ id: "service" });
