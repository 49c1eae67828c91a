import { DescribeTaskDefinitionCommand, RegisterTaskDefinitionCommand } from "@aws-sdk/client-ecs";
import { account, type Deployed } from "./deployed";

/** Minutes ago, as ECS writes it. */
export const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

/** Id of a task. */
export const id = (number: number) => number.toString(16).padStart(32, "0");

const arn = (kind: string, number: number) =>
  `arn:aws:ecs:eu-west-1:${account}:service-${kind}/my-cluster/myapp/${number}`;

/** A deployment of revision `number` of myapp, as ECS remembers it. */
export const deployment = (number: number, status: string, further: object = {}) => ({
  serviceDeploymentArn: arn("deployment", number),
  createdAt: ago(60 - number),
  startedAt: ago(60 - number),
  targetServiceRevision: { arn: arn("revision", number) },
  status,
  ...further,
});

/** What a deployment has that the circuit breaker rolled back to revision 1. */
export const rolledBack = {
  deploymentCircuitBreaker: { status: "TRIGGERED", failureCount: 3, threshold: 3 },
  rollback: {
    reason: "Service deployment rolled back because the circuit breaker threshold was exceeded.",
    startedAt: ago(50),
    serviceRevisionArn: arn("revision", 1),
  },
};

/** What DescribeServices lists of a deployment. */
export const current = (status: string, rolloutState: string, taskDefinition: string, further: object = {}) => ({
  ...{ id: "ecs-svc/1", status, rolloutState, taskDefinition, createdAt: ago(40) },
  ...{ desiredCount: 2, runningCount: 2, pendingCount: 0, failedTasks: 0 },
  ...further,
});

/** Registers further revisions of myapp's task definition, one for each image. @returns ARNs of all revisions by number */
export async function revisions(deployed: Deployed, ...images: string[]): Promise<readonly string[]> {
  const { ecs } = deployed.clients;
  const first = deployed.definitions.get("myapp")!;
  const { taskDefinition } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: first }));
  const { family, executionRoleArn, taskRoleArn, containerDefinitions = [] } = taskDefinition!;
  const all = [first];
  for (const image of images) {
    const { taskDefinition: registered } = await ecs.send(
      new RegisterTaskDefinitionCommand({
        ...{ family, executionRoleArn, taskRoleArn, networkMode: "awsvpc", cpu: "512", memory: "1024" },
        requiresCompatibilities: ["FARGATE"],
        containerDefinitions: containerDefinitions.map((container) => ({ ...container, image })),
      }),
    );
    all.push(registered!.taskDefinitionArn!);
  }
  return all;
}

/** Service revisions of task definitions, as ECS remembers them. */
export const serviceRevisions = (definitions: readonly string[]) =>
  definitions.map((taskDefinition, at) => ({ serviceRevisionArn: arn("revision", at + 1), taskDefinition }));
