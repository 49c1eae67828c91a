import { defined, sidecarDefaults } from "../../../aws/defaults";
import type { ContainerImage } from "../../image/container-image";
import { literal, literals } from "../../literal";
import type { ReleaseSecret } from "../secrets/release-secret";
import {
  credentials,
  dependencies,
  type Dependencies,
  healthCheckOf,
  type Mount,
  mountPoints,
  plainVariables,
  portMappings,
  type RestartPolicy,
  restartPolicyOf,
  secretVariables,
  startOf,
  toCloudWatch,
} from "./container-parts";

/** The health check of a container next to the node. Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html */
export interface SidecarHealthCheck {
  /** The command, which begins with `CMD` or `CMD-SHELL`. */
  readonly command: readonly string[];
  /** @default 30 */
  readonly intervalSeconds?: number;
  /** @default 5 */
  readonly timeoutSeconds?: number;
  /** @default 3 */
  readonly retries?: number;
  /** @default 0 */
  readonly startPeriodSeconds?: number;
}

/** An image that a container runs: its name, and the ECR repository that it is pulled from, if there is one. */
export type PulledImage = Pick<ContainerImage, "uri" | "repositoryArn">;

/** A container next to the node. Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html */
export interface Sidecar {
  readonly image: PulledImage;
  /** Credentials of a private registry, in Secrets Manager. @default none */
  readonly registryCredentials?: ReleaseSecret | undefined;
  /** @default the image's */
  readonly entryPoint?: readonly string[] | undefined;
  /** @default the image's */
  readonly command?: readonly string[] | undefined;
  /** Plain variables. @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /** Secrets by the name of the variable that takes them. @default none */
  readonly secrets?: Readonly<Record<string, ReleaseSecret>>;
  /** Whether the task ends when it does. @default false */
  readonly essential?: boolean;
  /** What it waits for, by the container's name. @default nothing */
  readonly dependsOn?: Dependencies;
  /** @default none */
  readonly healthCheck?: SidecarHealthCheck | undefined;
  /** TCP ports on which it listens. @default none */
  readonly ports?: readonly number[];
  /** CPU units of the task's that are reserved for it. @default none */
  readonly cpu?: number | undefined;
  /** MiB of the task's that it may use at most. @default all */
  readonly memory?: number | undefined;
  /** The task's volumes that it has, by name. @default none */
  readonly mounts?: Readonly<Record<string, Mount>>;
  /** @default it never starts again */
  readonly restartPolicy?: RestartPolicy | undefined;
  /** @default false */
  readonly readonlyRootFilesystem?: boolean;
}

interface Place {
  readonly region: string;
  readonly logGroup: string;
}

/** A container next to the node, as ECS's JSON has it. It writes to the service's log group, under its own name. */
export function sidecarContainer(name: string, sidecar: Sidecar, place: Place): object {
  const { healthCheck, ...settings } = { ...sidecarDefaults, ...defined(sidecar) };
  const { cpu, memory } = settings;
  return {
    name,
    image: literal(settings.image.uri),
    ...credentials(settings.registryCredentials),
    ...startOf(settings.entryPoint, settings.command),
    essential: settings.essential,
    ...defined({ cpu, memory }),
    environment: plainVariables(literals(settings.environment ?? {})),
    secrets: secretVariables(settings.secrets ?? {}),
    ...dependencies(settings.dependsOn ?? {}),
    portMappings: portMappings(settings.ports ?? []),
    ...("command" in healthCheck
      ? healthCheckOf(healthCheck.command.map(literal), { ...sidecarDefaults.healthCheck, ...defined(healthCheck) })
      : {}),
    ...restartPolicyOf(settings.restartPolicy),
    readonlyRootFilesystem: settings.readonlyRootFilesystem,
    mountPoints: mountPoints(settings.mounts ?? {}),
    ...toCloudWatch({ ...place, name }),
  };
}
