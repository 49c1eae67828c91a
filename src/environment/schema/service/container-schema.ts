import { mountDefaults, serviceDefaults, sidecarDefaults } from "../../../aws/defaults";
import { ephemeralStorageGiB, maxOpenFiles, restartPolicySeconds } from "../../../aws/limits";
import { dependencyConditions } from "../../../containers/task-containers";
import { accessPointId, containerPath, fileSystemId, healthCheckTimes, volumeName } from "./container-formats";
import * as format from "../formats";
import { otherImage } from "./image-schema";
import { secret } from "./secret-schema";
import { filledList, flag, list, mapOf, object, oneOf, option, seconds, wholeNumber } from "../shapes";

const words = (what: string, example: readonly string[]) =>
  filledList(format.anyText, what).meta({ examples: [example] });

const entryPoint = words('words such as ["/usr/bin/tini", "--"]', ["/usr/bin/tini", "--"]);
const command = words('words such as ["bin/server"]', ["bin/server"]);

/** Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerRestartPolicy.html */
const restartPolicy = object({
  ignoredExitCodes: option(
    list(wholeNumber(0, 255), "exit codes")
      .max(50, { error: "at most 50 exit codes" })
      .meta({ examples: [[0]] }),
    [],
    "Exit codes after which ECS doesn't restart the container",
  ),
  attemptPeriodSeconds: option(
    seconds(restartPolicySeconds.min, restartPolicySeconds.max).meta({ examples: [60] }),
    restartPolicySeconds.default,
    "Seconds that the container must have run before ECS restarts it",
  ),
});

/** Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/private-auth.html */
const registryCredentials = object({
  secretsManager: format.secretsManager.describe(
    'A secret in Secrets Manager, by name or full ARN: { "username": …, "password": … }. It must exist.',
  ),
  check: oneOf("data", "none")
    .optional()
    .describe('How a plan checks that it exists, as for secrets; default: "data" for a name, "none" for an ARN.'),
  kmsKeyArn: format.kmsKeyArn
    .optional()
    .describe("ARN of the customer key that encrypts it; default: the account's aws/secretsmanager key."),
});

const dependsOn = mapOf(format.dnsLabel, oneOf(...dependencyConditions));

const mount = object({
  path: containerPath.describe("The path inside the container."),
  readOnly: option(flag, mountDefaults.readOnly, "Whether the container can only read it"),
});

/** Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_EFSVolumeConfiguration.html */
const efs = object({
  fileSystem: fileSystemId.describe("The file system's id."),
  accessPoint: accessPointId.describe(
    "The access point's id. The access point sets the folder, and the user that owns the files.",
  ),
});

const volume = object({
  efs: efs
    .optional()
    .describe(
      "An EFS file system in the environment's account and region, mounted through an access point with encryption in transit. connectsTo opens its port 2049; default: none, an empty folder that lasts as long as the task.",
    ),
  mount: mount.optional().describe("Where the node's container mounts it: { path, readOnly }; default: nowhere."),
});

const sidecarHealthCheck = object({
  command: words('words such as ["CMD-SHELL", "curl -f http://127.0.0.1:8125/ || exit 1"]', [
    "CMD-SHELL",
    "curl -f http://127.0.0.1:8125/ || exit 1",
  ]).describe("The command, which begins with CMD or CMD-SHELL; exit code 0 is healthy."),
  intervalSeconds: option(
    healthCheckTimes.interval.meta({ examples: [10] }),
    sidecarDefaults.healthCheck.intervalSeconds,
    "Seconds between checks",
  ),
  timeoutSeconds: option(
    healthCheckTimes.timeout.meta({ examples: [3] }),
    sidecarDefaults.healthCheck.timeoutSeconds,
    "Seconds until a check fails",
  ),
  retries: option(
    healthCheckTimes.retries.meta({ examples: [5] }),
    sidecarDefaults.healthCheck.retries,
    "Failed checks that make it unhealthy",
  ),
  startPeriodSeconds: option(
    healthCheckTimes.startPeriod.meta({ examples: [20] }),
    sidecarDefaults.healthCheck.startPeriodSeconds,
    "Seconds in which failed checks don't count",
  ),
});

/** Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html */
const sidecar = object({
  image: otherImage.describe("Its image: uri, variable, or sameAs a service."),
  registryCredentials: registryCredentials
    .optional()
    .describe("Credentials of a private registry other than ECR; default: none."),
  entryPoint: entryPoint.optional().describe("Replaces the image's entry point; default: the image's."),
  command: command.optional().describe("Replaces the image's command; default: the image's."),
  environment: option(
    mapOf(format.environmentVariable, format.anyText),
    {},
    "Plain environment variables, never secrets",
  ),
  secrets: option(
    mapOf(format.environmentVariable, secret).meta({
      examples: [{ DD_API_KEY: { secretsManager: "prod/datadog", key: "api_key" } }],
    }),
    {},
    "Variables that ECS reads from SSM or Secrets Manager",
  ),
  essential: option(flag, sidecarDefaults.essential, "Whether the task ends when this container does"),
  dependsOn: option(
    dependsOn.meta({ examples: [{ agent: "HEALTHY" }] }),
    {},
    "Containers of the task that it waits for, by name: START, COMPLETE, SUCCESS or HEALTHY. The node has the service's name",
  ),
  healthCheck: sidecarHealthCheck
    .optional()
    .describe(
      "Its health check: { command, intervalSeconds, timeoutSeconds, retries, startPeriodSeconds }; default: none.",
    ),
  ports: option(
    list(format.port, "TCP ports").meta({ examples: [[8125]] }),
    [],
    "TCP ports on which it listens. Other containers of the task reach them at 127.0.0.1; extraPorts opens one to the cluster's other members",
  ),
  cpu: wholeNumber(1, 16384, "CPU units")
    .meta({ examples: [64] })
    .optional()
    .describe("CPU units that are reserved for it, out of the task's; default: none."),
  memory: wholeNumber(6, 122880, "MiB")
    .meta({ examples: [128] })
    .optional()
    .describe("Limit in MiB, out of the task's memory. ECS kills the container if it needs more; default: all of it."),
  mounts: option(
    mapOf(volumeName, mount).meta({ examples: [{ uploads: { path: "/uploads", readOnly: true } }] }),
    {},
    "The service's volumes that it mounts, by name: { path, readOnly }",
  ),
  restartPolicy: restartPolicy
    .optional()
    .describe(
      "Restarts it in the same task when it ends: { ignoredExitCodes, attemptPeriodSeconds }; default: no restart.",
    ),
  readonlyRootFilesystem: option(flag, sidecarDefaults.readonlyRootFilesystem, "Whether its root is read-only"),
}).meta({ id: "sidecar" });

/** What concerns a task's containers: of the node's own, and those next to it. */
export const containerParts = {
  registryCredentials: registryCredentials
    .optional()
    .describe("Credentials of a private registry other than ECR, see docs/containers.md; default: none.")
    .meta({ examples: [{ secretsManager: "prod/registry" }] }),
  entryPoint: entryPoint.optional().describe("Replaces the entry point of the node's image; default: the image's."),
  command: command
    .optional()
    .describe(
      "Replaces the command of the node's image, which must start the release and get SIGTERM; default: the image's.",
    ),
  dependsOn: option(
    dependsOn.meta({ examples: [{ agent: "HEALTHY" }] }),
    {},
    "Sidecars that the node and beforeStart wait for, by name: START, COMPLETE, SUCCESS or HEALTHY",
  ),
  sidecars: option(
    mapOf(format.dnsLabel, sidecar).meta({
      examples: [{ agent: { image: { uri: "public.ecr.aws/datadog/agent:7.60.0" }, memory: 256 } }],
    }),
    {},
    "Containers next to the node in each task, by name, see docs/containers.md",
  ),
  volumes: option(
    mapOf(volumeName, volume).meta({
      examples: [
        {
          uploads: {
            efs: { fileSystem: "fs-0123456789abcdef0", accessPoint: "fsap-0123456789abcdef0" },
            mount: { path: "/app/uploads" },
          },
        },
      ],
    }),
    {},
    "Folders that the task's containers share, by name: in EFS, or empty when a task starts",
  ),
  ephemeralStorageGiB: wholeNumber(ephemeralStorageGiB.min, ephemeralStorageGiB.max, "GiB")
    .meta({ examples: [50] })
    .optional()
    .describe(`Size of a task's disk in GiB; default: Fargate's ${ephemeralStorageGiB.default}, which are free.`),
  ulimits: object({
    nofile: option(
      wholeNumber(1024, maxOpenFiles).meta({ examples: [maxOpenFiles] }),
      serviceDefaults.ulimits.nofile,
      "Number of files and sockets that the node may have open at once",
    ),
  })
    .prefault({})
    .describe(`Limits of the node's container: { nofile }; default: ${serviceDefaults.ulimits.nofile} open files.`)
    .meta({ examples: [{ nofile: maxOpenFiles }] }),
  restartPolicy: restartPolicy
    .optional()
    .describe(
      "Restarts the node's container in the same task when it ends: { ignoredExitCodes, attemptPeriodSeconds }; default: ECS replaces the task.",
    )
    .meta({ examples: [{ attemptPeriodSeconds: 60 }] }),
};
