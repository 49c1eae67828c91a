import { stopTimeoutSeconds } from "../../../aws/limits";
import { isKnownOther, looksLikeNode, nodeAmong, type ContainerTraits } from "../../../containers/node-container";
import { kindOf, type Resource, type Resources } from "../../read/resources";
import { isReference, isUnknown, number, text, type Value, type Values } from "../../read/value";
import type { Inference } from "../inferred";
import { isObject, type Json } from "../../read/traversal";

/** A container of a task definition, as ECS reads it from `container_definitions`. */
export interface Container {
  readonly name: string;
  readonly image: string | undefined;
  readonly essential: boolean;
  /** Entry point and command; empty where both are the image's own. */
  readonly command: readonly string[];
  /** What it waits for before it starts. */
  readonly dependsOn: readonly Dependency[];
  readonly hasHealthCheck: boolean;
  /** Seconds that others wait for it; `undefined`: no limit. */
  readonly startTimeout: number | undefined;
  /** CPU units that it reserves of its task's. */
  readonly cpu: number;
  /** MiB that it reserves of its task's. */
  readonly memory: number;
  readonly environment: ReadonlyMap<string, string>;
  /** Variable → what ECS injects: an ARN or a name, or the expression that gives it. */
  readonly secrets: ReadonlyMap<string, string>;
  /** What the execution role has to read before the container starts: secrets, those of its log driver, and of its registry. */
  readonly readByEcs: readonly string[];
  /** ARNs of its environment files in S3. */
  readonly environmentFiles: readonly string[];
  readonly readonlyRoot: boolean;
  /** Seconds between SIGTERM and SIGKILL; 30 where it isn't set. */
  readonly stopTimeout: number;
  /** Its log driver, such as `awslogs` or `awsfirelens`. */
  readonly logDriver: string | undefined;
  /** Whether it is the log router to which `awsfirelens` sends the output of others. */
  readonly isLogRouter: boolean;
  /** Options of the log driver `awslogs`; `undefined` with another driver, or none. */
  readonly awslogs: Json | undefined;
  /** Paths inside the container at which volumes are mounted writable. */
  readonly writableMounts: readonly string[];
}

/** Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html */
export interface Dependency {
  readonly container: string;
  /** `START`, `COMPLETE`, `SUCCESS` or `HEALTHY`. */
  readonly condition: string;
}

/** A task definition's containers, or why they are unknown. */
export type Containers = { readonly known: readonly Container[] } | { readonly unknown: string };

/**
 * Reads `container_definitions`: one JSON text, which a plan knows whole or not at all.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
 * @param because why there is no task definition
 */
export function containersOf(definition: Pick<Resource, "values"> | undefined, because: string): Containers {
  if (!definition) return { unknown: because };
  const value = definition.values.container_definitions;
  const source = text(value);
  if (source === undefined) {
    const because = isUnknown(value) ? value.because : isReference(value) ? `made of ${value.address}` : "not set";
    return { unknown: `its container definitions aren't known before apply (${because})` };
  }
  try {
    const parsed = JSON.parse(source) as unknown;
    if (Array.isArray(parsed)) return { known: parsed.filter(isObject).map(container) };
  } catch {
    // Said below: what Terraform accepts as text need not be JSON.
  }
  return { unknown: "its container definitions aren't a JSON list" };
}

const objects = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.filter(isObject) : []);

function container(json: Json): Container {
  const pairs = (list: unknown, field: string) =>
    new Map(
      objects(list).flatMap((entry) =>
        typeof entry.name === "string" ? [[entry.name, String(entry[field] ?? "")] as const] : [],
      ),
    );
  return {
    name: String(json.name ?? ""),
    image: typeof json.image === "string" ? json.image : undefined,
    essential: json.essential !== false,
    command: [json.entryPoint, json.command].flatMap((part) =>
      Array.isArray(part) ? part.filter((word) => typeof word === "string") : [],
    ),
    dependsOn: objects(json.dependsOn).map(({ containerName, condition }) => ({
      container: String(containerName),
      condition: String(condition),
    })),
    hasHealthCheck: isObject(json.healthCheck),
    startTimeout: typeof json.startTimeout === "number" ? json.startTimeout : undefined,
    cpu: Number(json.cpu ?? 0) || 0,
    memory: Number(json.memoryReservation ?? json.memory ?? 0) || 0,
    environment: pairs(json.environment, "value"),
    secrets: pairs(json.secrets, "valueFrom"),
    readByEcs: readByEcs(json),
    environmentFiles: objects(json.environmentFiles).flatMap(({ value }) => (typeof value === "string" ? [value] : [])),
    readonlyRoot: json.readonlyRootFilesystem === true,
    stopTimeout: typeof json.stopTimeout === "number" ? json.stopTimeout : stopTimeoutSeconds.default,
    logDriver: logDriverOf(json),
    isLogRouter: isObject(json.firelensConfiguration),
    awslogs: awslogsOf(json),
    writableMounts: objects(json.mountPoints)
      .filter((mount) => mount.readOnly !== true && typeof mount.containerPath === "string")
      .map((mount) => mount.containerPath as string),
  };
}

/** The word of a command after the path of a release's script, or the first one. */
export const releaseCommandOf = (command: readonly string[]): string | undefined =>
  command[command.findIndex((word) => /(^|\/)bin\//.test(word)) + 1];

/** Commands of a release that run a node. Source: https://hexdocs.pm/mix/Mix.Tasks.Release.html */
export const nodeCommands: readonly string[] = ["start", "start_iex", "daemon", "daemon_iex"];

/** Whether the other container must have ended. */
export const isEnd = ({ condition }: Dependency): boolean => condition === "SUCCESS" || condition === "COMPLETE";

/** Names of the containers that must have ended before this one starts. */
export const startsAfterEndOf = ({ dependsOn }: Container): readonly string[] =>
  dependsOn.filter(isEnd).map(({ container }) => container);

const logDriverOf = ({ logConfiguration }: Json): string | undefined =>
  isObject(logConfiguration) && typeof logConfiguration.logDriver === "string" ? logConfiguration.logDriver : undefined;

function awslogsOf(json: Json): Json | undefined {
  const { logConfiguration } = json;
  if (!isObject(logConfiguration) || logDriverOf(json) !== "awslogs") return undefined;
  return isObject(logConfiguration.options) ? logConfiguration.options : {};
}

function readByEcs({ secrets, logConfiguration, repositoryCredentials }: Json): readonly string[] {
  const options = isObject(logConfiguration) ? objects(logConfiguration.secretOptions) : [];
  const login = isObject(repositoryCredentials) ? repositoryCredentials.credentialsParameter : undefined;
  return [
    ...objects(secrets).map(({ valueFrom }) => valueFrom),
    ...options.map(({ valueFrom }) => valueFrom),
    login,
  ].filter((from): from is string => typeof from === "string");
}

/** Whether a container looks like an Elixir release. */
export function isNode(container: Container): boolean {
  return looksLikeNode(traits(container));
}

/** Whether a container runs a well-known server that isn't an Elixir release. */
export function isOtherServer(container: Container): boolean {
  return isKnownOther(traits(container));
}

/** The container that the node runs in. */
export function nodeContainer(containers: readonly Container[]): Container | undefined {
  return nodeAmong(containers, traits);
}

function traits(container: Container): ContainerTraits {
  return {
    ...container,
    variables: [...container.environment.keys(), ...container.secrets.keys()],
    startsAfterEndOf: startsAfterEndOf(container),
  };
}

/** The task definition that a service runs, found by reference, ARN or family; or why there is none. */
export function taskDefinitionOf(
  service: Values,
  resources: Resources,
  inference: Inference,
): { readonly taskDefinition: Resource | undefined; readonly because: string } {
  const value = inference.one(service.task_definition, "its task definition", ["aws_ecs_task_definition"]);
  const taskDefinition = findTaskDefinition(value, resources);
  return {
    taskDefinition,
    because: isUnknown(value)
      ? `which task definition it runs isn't known: ${value.because}`
      : value === undefined || value === null
        ? "it has no task definition"
        : "its task definition is not in this plan",
  };
}

/** The task definition that a reference, an ARN or a family names. */
export function findTaskDefinition(value: Value | undefined, resources: Resources): Resource | undefined {
  const found = resources.named(value, "aws_ecs_task_definition", "data.aws_ecs_task_definition");
  // A data source looks up what a family or an ARN names, or what a resource of this plan makes.
  if (found && kindOf(found).startsWith("data.")) return findTaskDefinition(found.values.task_definition, resources);
  const named = text(value);
  if (found || named === undefined) return found;
  const family = named.replace(/^arn:.*task-definition\//, "").replace(/:\d+$/, "");
  return resources.of("aws_ecs_task_definition").find(({ values }) => values.family === family);
}

/**
 * The revision that a service runs by number, where it isn't the one that its task definition in this plan has or gets: a
 * pipeline deployed it, and `ignore_changes` or `max()` of two revisions keeps it.
 */
export function otherRevision(service: Values, definition: Resource | undefined): number | undefined {
  const revision = number(/:(\d+)$/.exec(text(service.task_definition) ?? "")?.[1]);
  const applied = number(definition?.before?.revision);
  if (revision === undefined || applied === undefined) return undefined;
  return number(definition!.values.revision) === revision ? undefined : revision;
}
