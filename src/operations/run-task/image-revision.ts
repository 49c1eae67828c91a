import {
  DeregisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  RegisterTaskDefinitionCommand,
  type Tag,
  type TaskDefinition,
} from "@aws-sdk/client-ecs";
import type { Aws } from "../../aws/sdk/clients";

/**
 * A family of its own: in the service's family a revision would become the newest one, which schedules run. A service's name
 * has no underscore, so no service has this family.
 */
const familyOf = (family: string) => `${family}_one-off`;

/**
 * Registers a task definition with another image, and deregisters it as soon as `use` has ended: tasks that have started keep
 * running from it. What remains is an inactive revision, which costs nothing and can't be run.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeregisterTaskDefinition.html
 *
 * @param container whose image it replaces, and that of each other container with the same one @param onLeft gets the ARN of a
 * revision that couldn't be deregistered, and why
 */
export async function withImage<Result>(
  { ecs }: Aws,
  { definition, tags, container, image }: ImageRevision,
  use: (taskDefinition: string) => Promise<Result>,
  onLeft: (arn: string, error: unknown) => void,
): Promise<Result> {
  const registered = await ecs.send(
    new RegisterTaskDefinitionCommand({
      ...registrable(definition),
      family: familyOf(definition.family!),
      containerDefinitions: containersWith(definition, container, image),
      // ECS rejects an empty list.
      ...(tags.length > 0 ? { tags: [...tags] } : {}),
    }),
  );
  const taskDefinition = registered.taskDefinition!.taskDefinitionArn!;
  try {
    return await use(taskDefinition);
  } finally {
    await ecs
      .send(new DeregisterTaskDefinitionCommand({ taskDefinition }))
      .catch((error: unknown) => onLeft(taskDefinition, error));
  }
}

/** A task definition of which a copy gets another image. */
export interface ImageRevision {
  readonly definition: TaskDefinition;
  readonly tags: readonly Tag[];
  /** Name of a container. */
  readonly container: string;
  readonly image: string;
}

/** What DescribeTaskDefinition adds can't be registered. */
function registrable(definition: TaskDefinition): Omit<RegisterTaskDefinitionCommandInput, "family" | "tags"> {
  const {
    taskDefinitionArn: _arn,
    revision: _revision,
    status: _status,
    requiresAttributes: _attributes,
    compatibilities: _compatibilities,
    registeredAt: _at,
    registeredBy: _by,
    deregisteredAt: _deregistered,
    containerDefinitions = [],
    ...rest
  } = definition;
  return { ...rest, containerDefinitions };
}

function containersWith({ containerDefinitions = [] }: TaskDefinition, container: string, image: string) {
  const former = containerDefinitions.find(({ name }) => name === container)?.image;
  return containerDefinitions.map((one) => (one.image === former ? { ...one, image } : one));
}
