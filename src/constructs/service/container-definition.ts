import { literal } from "../literal";
import { serviceDefaults } from "../../aws/defaults";
import type { LogDriver, ServiceSettings } from "./elixir-service-props";
import type { EnvironmentFile } from "./environment-file";
import type { ReleaseSecret } from "./release-secret";

/** What a task's containers have in common: all of them run the service's image. */
export interface CommonProps extends Pick<
  ServiceSettings,
  "region" | "logDriver" | "stopTimeoutSeconds" | "readonlyRootFilesystem"
> {
  /** Also the prefix of its log streams. */
  readonly name: string;
  readonly image: string;
  /** Plain variables; never a secret. */
  readonly environment: Readonly<Record<string, string>>;
  /** Variables whose values ECS takes from SSM or Secrets Manager. */
  readonly secrets: Readonly<Record<string, ReleaseSecret>>;
  /** Files in S3 that contain further variables. */
  readonly environmentFiles: readonly EnvironmentFile[];
  /** Writable volumes by name, each with its path in the container. */
  readonly volumes: Readonly<Record<string, string>>;
  readonly logGroup: string;
}

/** The parts of the node's container definition. */
export interface NodeContainerProps extends CommonProps, Pick<ServiceSettings, "httpPort" | "healthCheck"> {
  /** Name of the container that must succeed before this one starts. */
  readonly startsAfter: string | undefined;
}

/**
 * Paths that must stay writable under a read-only root: ECS Exec's agent keeps its state and logs in the first two, and a
 * release writes its rendered configuration to `/tmp`.
 * Source: https://github.com/aws/containers-roadmap/issues/1359
 */
export const writableVolumes: Readonly<Record<string, string>> = {
  "ssm-agent-state": "/var/lib/amazon",
  "ssm-agent-log": "/var/log/amazon",
  tmp: "/tmp",
};

/**
 * The container of the node, as ECS's JSON has it. Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
 */
export function nodeContainer(props: NodeContainerProps): object {
  const { healthCheck, startsAfter } = props;
  return {
    ...commonParts(props),
    essential: true,
    ...(startsAfter === undefined ? {} : { dependsOn: [{ containerName: startsAfter, condition: "SUCCESS" }] }),
    portMappings: [{ containerPort: props.httpPort, hostPort: props.httpPort, protocol: "tcp" }],
    ...(healthCheck
      ? {
          healthCheck: {
            command: [
              "CMD-SHELL",
              `curl -fsS http://127.0.0.1:${props.httpPort}${literal(healthCheck.path)} || exit 1`,
            ],
            interval: healthCheck.intervalSeconds,
            timeout: healthCheck.timeoutSeconds,
            retries: healthCheck.retries,
            startPeriod: healthCheck.startPeriodSeconds,
          },
        }
      : {}),
  };
}

/** What every container of the task has. Lists are in a fixed order, so that plans show only what changed. */
export function commonParts(props: CommonProps) {
  return {
    name: props.name,
    image: literal(props.image),
    environment: sorted(props.environment).map(([name, value]) => ({ name, value })),
    secrets: sorted(props.secrets).map(([name, { valueFrom }]) => ({ name, valueFrom })),
    ...(props.environmentFiles.length > 0
      ? { environmentFiles: props.environmentFiles.map(({ arn }) => ({ value: arn, type: "s3" })) }
      : {}),
    // An init process reaps processes that ECS Exec sessions leave, and forwards SIGTERM.
    linuxParameters: { initProcessEnabled: true },
    stopTimeout: props.stopTimeoutSeconds,
    readonlyRootFilesystem: props.readonlyRootFilesystem,
    mountPoints: sorted(props.volumes).map(([sourceVolume, containerPath]) => ({
      sourceVolume,
      containerPath,
      readOnly: false,
    })),
    logConfiguration: {
      logDriver: "awslogs",
      options: {
        "awslogs-group": props.logGroup,
        "awslogs-region": props.region,
        "awslogs-stream-prefix": props.name,
        ...deliveryOptions(props.logDriver),
      },
    },
  };
}

/** Always stated: the account decides otherwise, and its default drops output beyond 10 MiB. */
function deliveryOptions(driver: LogDriver): Record<string, string> {
  if ("blocking" in driver) return { mode: "blocking" };
  const { bufferMiB = serviceDefaults.logDriver.nonBlocking.bufferMiB } = driver.nonBlocking;
  return { mode: "non-blocking", "max-buffer-size": `${bufferMiB}m` };
}

const sorted = <Value>(values: Readonly<Record<string, Value>>): [string, Value][] =>
  Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
