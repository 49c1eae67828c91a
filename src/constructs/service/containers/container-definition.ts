import { literal } from "../../literal";
import type { ServiceSettings } from "../elixir-service-props";
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
  restartPolicyOf,
  secretVariables,
  startOf,
} from "./container-parts";
import { logConfigurationOf } from "./logs";

/** What the containers that run the service's image have in common. */
export interface CommonProps extends Pick<
  ServiceSettings,
  "region" | "logs" | "stopTimeoutSeconds" | "readonlyRootFilesystem" | "registryCredentials" | "environmentFiles"
> {
  /** Also the prefix of its log streams. */
  readonly name: string;
  readonly image: string;
  /** Plain variables; never a secret. */
  readonly environment: Readonly<Record<string, string>>;
  /** Variables whose values ECS takes from SSM or Secrets Manager. */
  readonly secrets: Readonly<Record<string, ReleaseSecret>>;
  /** Its volumes by name. */
  readonly mounts: Readonly<Record<string, Mount>>;
  readonly logGroup: string;
  /** The containers that it waits for. */
  readonly dependsOn: Dependencies;
}

/** The parts of the node's container definition. */
export interface NodeContainerProps
  extends
    CommonProps,
    Pick<ServiceSettings, "httpPort" | "healthCheck" | "entryPoint" | "command" | "ulimits" | "restartPolicy"> {}

/**
 * The container of the node, as ECS's JSON has it. Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
 */
export function nodeContainer(props: NodeContainerProps): object {
  const { healthCheck, httpPort, logs, ulimits } = props;
  return {
    ...commonParts(props),
    ...logConfigurationOf(props, logs.driver),
    ...startOf(props.entryPoint, props.command),
    essential: true,
    portMappings: portMappings([httpPort]),
    ulimits: [{ name: "nofile", softLimit: ulimits.nofile, hardLimit: ulimits.nofile }],
    ...restartPolicyOf(props.restartPolicy),
    ...(healthCheck
      ? healthCheckOf(
          ["CMD-SHELL", `curl -fsS http://127.0.0.1:${httpPort}${literal(healthCheck.path)} || exit 1`],
          healthCheck,
        )
      : {}),
  };
}

/** What every container of the service's image has. */
export function commonParts(props: CommonProps) {
  return {
    name: props.name,
    image: literal(props.image),
    ...credentials(props.registryCredentials),
    environment: plainVariables(props.environment),
    secrets: secretVariables(props.secrets),
    ...(props.environmentFiles.length > 0
      ? { environmentFiles: props.environmentFiles.map(({ arn }) => ({ value: arn, type: "s3" })) }
      : {}),
    ...dependencies(props.dependsOn),
    // An init process reaps processes that ECS Exec sessions leave, and forwards SIGTERM.
    linuxParameters: { initProcessEnabled: true },
    stopTimeout: props.stopTimeoutSeconds,
    readonlyRootFilesystem: props.readonlyRootFilesystem,
    mountPoints: mountPoints(props.mounts),
  };
}
