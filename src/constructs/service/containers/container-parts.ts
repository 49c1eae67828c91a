import { defined, logDefaults, mountDefaults } from "../../../aws/defaults";
import { restartPolicySeconds } from "../../../aws/limits";
import type { DependencyCondition } from "../../../containers/task-containers";
import { literal } from "../../literal";
import type { ReleaseSecret } from "../secrets/release-secret";

// Parts of a container definition. Lists are in a fixed order, so that plans show only what changed.
// Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html

type Named<Value> = Readonly<Record<string, Value>>;

/** When ECS starts a container again in its task. Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerRestartPolicy.html */
export interface RestartPolicy {
  /** Exit codes after which it doesn't. @default none */
  readonly ignoredExitCodes?: readonly number[];
  /** Seconds that the container must have run, 60–1800. @default 300 */
  readonly attemptPeriodSeconds?: number;
}

/** Where a container has a volume. */
export interface Mount {
  /** An absolute path. */
  readonly path: string;
  /** @default false */
  readonly readOnly?: boolean;
}

/** What a container depends on, by the other container's name. */
export type Dependencies = Named<DependencyCondition>;

export const sortedEntries = <Value>(values: Named<Value>): [string, Value][] =>
  Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));

/** @param environment values as Terraform takes them */
export const plainVariables = (environment: Named<string>) =>
  sortedEntries(environment).map(([name, value]) => ({ name, value }));

export const secretVariables = (secrets: Named<ReleaseSecret>) =>
  sortedEntries(secrets).map(([name, { valueFrom }]) => ({ name, valueFrom }));

export function dependencies(on: Dependencies) {
  const dependsOn = sortedEntries(on).map(([containerName, condition]) => ({ containerName, condition }));
  return dependsOn.length > 0 ? { dependsOn } : {};
}

export const credentials = (secret: ReleaseSecret | undefined) =>
  secret ? { repositoryCredentials: { credentialsParameter: secret.valueFrom } } : {};

export function restartPolicyOf(policy: RestartPolicy | undefined) {
  if (!policy) return {};
  const { ignoredExitCodes = [], attemptPeriodSeconds = restartPolicySeconds.default } = policy;
  return {
    restartPolicy: {
      enabled: true,
      ...(ignoredExitCodes.length > 0 ? { ignoredExitCodes } : {}),
      restartAttemptPeriod: attemptPeriodSeconds,
    },
  };
}

export const portMappings = (ports: readonly number[]) =>
  ports.map((port) => ({ containerPort: port, hostPort: port, protocol: "tcp" }));

export const mountPoints = (mounts: Named<Mount>) =>
  sortedEntries(mounts).map(([sourceVolume, { path, readOnly = mountDefaults.readOnly }]) => ({
    sourceVolume,
    containerPath: literal(path),
    readOnly,
  }));

/** Program and arguments of a container that don't come from its image. */
export const startOf = (entryPoint: readonly string[] | undefined, command: readonly string[] | undefined) => ({
  ...(entryPoint ? { entryPoint: entryPoint.map(literal) } : {}),
  ...(command ? { command: command.map(literal) } : {}),
});

interface Times {
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly retries: number;
  readonly startPeriodSeconds: number;
}

export const healthCheckOf = (command: readonly string[], times: Times) => ({
  healthCheck: {
    command,
    interval: times.intervalSeconds,
    timeout: times.timeoutSeconds,
    retries: times.retries,
    startPeriod: times.startPeriodSeconds,
  },
});

/**
 * How output gets to CloudWatch. `nonBlocking`: the node never waits, and output that exceeds the buffer is lost; `bufferMiB`
 * is in MiB, 25 by default, and part of the task's memory. `blocking`: nothing is lost, and the node stops while CloudWatch takes no output.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html
 */
export type AwslogsDriver =
  { readonly nonBlocking: { readonly bufferMiB?: number } } | { readonly blocking: Readonly<Record<string, never>> };

/** A container that writes to a log group of CloudWatch. */
interface Writer {
  readonly region: string;
  readonly logGroup: string;
  /** The container's name: the prefix of its log streams. */
  readonly name: string;
}

export function toCloudWatch({ region, logGroup, name }: Writer, driver: AwslogsDriver = logDefaults.driver.awslogs) {
  return {
    logConfiguration: {
      logDriver: "awslogs",
      options: {
        "awslogs-group": logGroup,
        "awslogs-region": region,
        "awslogs-stream-prefix": name,
        ...deliveryOptions(driver),
      },
    },
  };
}

/** Always stated: the account decides otherwise, and its default drops output beyond 10 MiB. */
function deliveryOptions(driver: AwslogsDriver): Record<string, string> {
  if ("blocking" in driver) return { mode: "blocking" };
  const { bufferMiB } = { ...logDefaults.driver.awslogs.nonBlocking, ...defined(driver.nonBlocking) };
  return { mode: "non-blocking", "max-buffer-size": `${bufferMiB}m` };
}
