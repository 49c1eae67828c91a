import {
  DescribeTaskDefinitionCommand,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import { lastPartOf } from "../../aws/arn";
import type { Aws } from "../../aws/sdk/clients";
import type { DeployedEnvironment, DeployedService } from "../deployed-environment";
import type { Revision } from "./revisions";

/**
 * Deploys a revision. ECS refuses a service whose task definition is INACTIVE, so such a revision is registered again first.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeregisterTaskDefinition.html
 *
 * @returns the name of the revision that is deployed.
 */
export async function deployRevision(
  aws: Aws,
  { cluster }: DeployedEnvironment,
  { ecsService: service }: DeployedService,
  revision: Revision,
): Promise<string> {
  const taskDefinition = revision.isInactive ? await registeredAgain(aws, revision.arn) : revision.arn;
  await aws.ecs.send(new UpdateServiceCommand({ cluster, service, taskDefinition }));
  return lastPartOf(taskDefinition);
}

async function registeredAgain({ ecs }: Aws, arn: string): Promise<string> {
  const { taskDefinition, tags } = await ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: arn, include: ["TAGS"] }),
  );
  const all: Record<string, unknown> = { ...taskDefinition, ...(tags?.length ? { tags } : {}) };
  for (const member of describedOnly) delete all[member];
  // What remains are members that registration takes.
  const request = all as unknown as RegisterTaskDefinitionCommandInput;
  const { taskDefinition: copy } = await ecs.send(new RegisterTaskDefinitionCommand(request));
  return copy!.taskDefinitionArn!;
}

/** What ECS says of a task definition beyond what was registered. */
const describedOnly = [
  ...["taskDefinitionArn", "revision", "status", "requiresAttributes", "compatibilities"],
  ...["registeredAt", "registeredBy", "deregisteredAt", "deleteRequestedAt"],
];
