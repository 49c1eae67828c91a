import type { Resource, Resources } from "../read/resources";
import { readExpressions, type SynthesizedJson } from "../read/synthesized";
import { isReference, isUnknown, text, type Value, type Values } from "../read/value";

/** A container of a task definition, as ECS reads it from `container_definitions`. */
export interface Container {
  readonly name: string;
  readonly image: string | undefined;
  readonly essential: boolean;
  readonly environment: ReadonlyMap<string, string>;
  /** Variable → what ECS injects: an ARN or a name, or the expression that gives it. */
  readonly secrets: ReadonlyMap<string, string>;
  readonly readonlyRoot: boolean;
  /** Seconds between SIGTERM and SIGKILL; 30 where it isn't set. */
  readonly stopTimeout: number;
  /** Paths inside the container at which volumes are mounted writable. */
  readonly writableMounts: readonly string[];
}

/** A task definition's containers, or why they can't be told. */
export type Containers = { readonly known: readonly Container[] } | { readonly unknown: string };

/**
 * Reads `container_definitions`: one JSON text, which a plan knows whole or not at all. Where the configuration behind the
 * plan is at hand, the text stands there.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
 */
export function containersOf(definition: Resource | undefined, synthesized: SynthesizedJson | undefined): Containers {
  if (!definition) return { unknown: "its task definition is not in this plan" };
  const planned = definition.values.container_definitions;
  const value = typeof planned === "string" || !synthesized ? planned : (written(definition, synthesized) ?? planned);
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
  return { unknown: "its container definitions are no JSON list" };
}

function written({ address }: Resource, synthesized: SynthesizedJson): Value | undefined {
  const [type, name] = address.split(".");
  const block = synthesized.resource?.[type!]?.[name!];
  return isObject(block) ? readExpressions(synthesized, block.container_definitions) : undefined;
}

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
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
    environment: pairs(json.environment, "value"),
    secrets: pairs(json.secrets, "valueFrom"),
    readonlyRoot: json.readonlyRootFilesystem === true,
    stopTimeout: typeof json.stopTimeout === "number" ? json.stopTimeout : 30,
    writableMounts: objects(json.mountPoints)
      .filter((mount) => mount.readOnly !== true && typeof mount.containerPath === "string")
      .map((mount) => mount.containerPath as string),
  };
}

const signs = /^(RELEASE_(NAME|NODE|COOKIE|DISTRIBUTION)|CLUSTER_(NODES|RESOLVER)|DISTRIBUTION_|DNS_CLUSTER_QUERY$)/;

/** Whether a container looks like an Elixir release that takes part in a cluster. */
export function isNode({ environment, secrets }: Container): boolean {
  return [...environment.keys(), ...secrets.keys()].some((name) => signs.test(name));
}

/** The container that the node runs in: the one that looks like it, else the first essential one. */
export function nodeContainer(containers: readonly Container[]): Container | undefined {
  return containers.find(isNode) ?? containers.find(({ essential }) => essential) ?? containers[0];
}

/** The task definition that a service runs, found by reference, ARN or family. */
export function taskDefinitionOf(service: Values, resources: Resources): Resource | undefined {
  const found = resources.named(service.task_definition, "aws_ecs_task_definition");
  const named = text(service.task_definition);
  if (found || named === undefined) return found;
  const family = named.replace(/^arn:.*task-definition\//, "").replace(/:\d+$/, "");
  return resources.of("aws_ecs_task_definition").find(({ values }) => values.family === family);
}
