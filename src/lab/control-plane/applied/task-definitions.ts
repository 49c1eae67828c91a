import { DescribeTaskDefinitionCommand } from "@aws-sdk/client-ecs";
import type { ContainerDefinition, ContainerOverride, TaskDefinition } from "@aws-sdk/client-ecs";
import { stopTimeoutSeconds } from "../../../aws/limits";
import type { AwsClients } from "../../local-aws/aws-clients";
import { readHealthCheck } from "../task/health-check";
import type { HealthCheck } from "../task/health-check";

/** A task definition as it was registered. */
export interface AppliedTaskDefinition {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
  /** CPU units, 1024 a vCPU. */
  readonly cpu?: number;
  /** MiB. */
  readonly memory?: number;
  readonly executionRoleArn?: string;
  readonly taskRoleArn?: string;
  readonly containers: readonly AppliedContainer[];
}

export interface AppliedContainer {
  readonly name: string;
  readonly image: string;
  /** Whether the task ends with it. */
  readonly essential: boolean;
  /** Entry point and command; empty where both are the image's own. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Ports of its port mappings. @default none */
  readonly ports?: readonly number[];
  readonly secrets: readonly Secret[];
  /** ARNs of files in S3 with further variables, in their order. @default none */
  readonly environmentFiles?: readonly string[];
  readonly healthCheck?: HealthCheck;
  /** Seconds between SIGTERM and SIGKILL: 30 unless it says otherwise. */
  readonly stopTimeoutSeconds: number;
  readonly dependsOn: readonly ContainerDependency[];
  /** Seconds that others wait for its end, its success or its health; absent: no limit. */
  readonly startTimeoutSeconds?: number;
  readonly readonlyRootFilesystem: boolean;
  /** Absolute paths of its writable volumes. */
  readonly volumes: readonly string[];
  /** Where the `awslogs` driver writes its output; absent without that driver. */
  readonly logs?: { readonly group: string; readonly streamPrefix: string };
}

/** A variable whose value is a parameter's, or a secret's of Secrets Manager. */
export interface Secret {
  readonly name: string;
  /** Name or ARN of a parameter, or ARN of a secret with key, stage and version. */
  readonly valueFrom: string;
  /** What the container gets in this run instead. */
  readonly given?: string;
}

/** Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html */
export interface ContainerDependency {
  readonly containerName: string;
  readonly condition: "START" | "COMPLETE" | "SUCCESS" | "HEALTHY";
}

/**
 * @param overrides what RunTask changes of the containers
 * @throws Error when its tasks have no network interface of their own, or a health check's command is malformed.
 */
export async function readTaskDefinition(
  { ecs }: AwsClients,
  arn: string,
  overrides: readonly ContainerOverride[] = [],
): Promise<AppliedTaskDefinition> {
  const described = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: arn }));
  const { containerDefinitions = [], ...definition } = described.taskDefinition!;
  return appliedTaskDefinition({
    ...definition,
    containerDefinitions: containerDefinitions.map((container) =>
      overridden(
        container,
        overrides.find(({ name }) => name === container.name),
      ),
    ),
  });
}

/** Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerOverride.html */
function overridden(container: ContainerDefinition, override: ContainerOverride | undefined): ContainerDefinition {
  const { command = container.command, environment = [] } = override ?? {};
  return { ...container, command, environment: [...(container.environment ?? []), ...environment] };
}

function appliedTaskDefinition(definition: TaskDefinition): AppliedTaskDefinition {
  const { family, revision } = definition;
  if (definition.networkMode !== "awsvpc") {
    throw new Error(
      `Task definition ${family}:${revision} has network mode "${definition.networkMode}"; on Fargate, and in the lab, ` +
        `every task has its own network interface: "awsvpc".`,
    );
  }
  return {
    arn: definition.taskDefinitionArn!,
    family: family!,
    revision: revision!,
    cpu: definition.cpu ? Number(definition.cpu) : undefined,
    memory: definition.memory ? Number(definition.memory) : undefined,
    executionRoleArn: definition.executionRoleArn,
    taskRoleArn: definition.taskRoleArn,
    containers: (definition.containerDefinitions ?? []).map(appliedContainer),
  };
}

function appliedContainer(container: ContainerDefinition): AppliedContainer {
  const name = container.name!;
  return {
    name,
    image: container.image ?? "",
    essential: container.essential ?? true,
    command: [...(container.entryPoint ?? []), ...(container.command ?? [])],
    environment: Object.fromEntries((container.environment ?? []).map(({ name, value }) => [name!, value ?? ""])),
    ports: (container.portMappings ?? []).flatMap(({ containerPort }) => containerPort ?? []),
    secrets: (container.secrets ?? []).map(({ name, valueFrom }) => ({ name: name!, valueFrom: valueFrom! })),
    environmentFiles: container.environmentFiles?.map(({ value }) => value!),
    healthCheck: container.healthCheck?.command?.length ? readHealthCheck(name, container.healthCheck) : undefined,
    stopTimeoutSeconds: container.stopTimeout ?? stopTimeoutSeconds.default,
    dependsOn: (container.dependsOn ?? []).map(({ containerName, condition }) => ({
      containerName: containerName!,
      condition: condition as ContainerDependency["condition"],
    })),
    startTimeoutSeconds: container.startTimeout,
    readonlyRootFilesystem: container.readonlyRootFilesystem ?? false,
    volumes: (container.mountPoints ?? []).filter((mount) => !mount.readOnly).map((mount) => mount.containerPath!),
    logs: logsOf(container),
  };
}

function logsOf({ logConfiguration }: ContainerDefinition): AppliedContainer["logs"] {
  const { "awslogs-group": group, "awslogs-stream-prefix": streamPrefix } = logConfiguration?.options ?? {};
  return logConfiguration?.logDriver === "awslogs" && group && streamPrefix ? { group, streamPrefix } : undefined;
}
