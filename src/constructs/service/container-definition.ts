import { literal } from "../literal";
import { serviceDefaults } from "../../aws/defaults";
import type { LogDriver, ServiceSettings } from "./elixir-service-props";
import type { ReleaseSecret } from "./release-secret";

type Taken =
  "name" | "region" | "httpPort" | "logDriver" | "healthCheck" | "stopTimeoutSeconds" | "readonlyRootFilesystem";

/** The parts of a container definition. */
export interface ContainerDefinitionProps extends Pick<ServiceSettings, Taken> {
  readonly image: string;
  /** Plain variables; never a secret. */
  readonly environment: Readonly<Record<string, string>>;
  /** Variables whose values ECS takes from SSM. */
  readonly secrets: Readonly<Record<string, ReleaseSecret>>;
  /** Writable volumes by name, each with its path in the container. */
  readonly volumes: Readonly<Record<string, string>>;
  readonly logGroup: string;
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
 * The one container of a task as ECS's JSON, keys and lists in a fixed order so that plans show only what changed. Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
 */
export function containerDefinition(props: ContainerDefinitionProps): string {
  const { healthCheck } = props;
  const definition = {
    name: props.name,
    image: literal(props.image),
    essential: true,
    environment: sorted(props.environment).map(([name, value]) => ({ name, value })),
    secrets: sorted(props.secrets).map(([name, { arn }]) => ({ name, valueFrom: arn })),
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
  return JSON.stringify([definition]);
}

/** Always stated: the account decides otherwise, and its default drops output beyond 10 MiB. */
function deliveryOptions(driver: LogDriver): Record<string, string> {
  if ("blocking" in driver) return { mode: "blocking" };
  const { bufferMiB = serviceDefaults.logDriver.nonBlocking.bufferMiB } = driver.nonBlocking;
  return { mode: "non-blocking", "max-buffer-size": `${bufferMiB}m` };
}

const sorted = <Value>(values: Readonly<Record<string, Value>>): [string, Value][] =>
  Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
