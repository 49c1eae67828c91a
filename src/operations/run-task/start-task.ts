import { randomUUID } from "node:crypto";
import {
  type ContainerDefinition,
  DescribeTaskDefinitionCommand,
  type NetworkConfiguration,
  RunTaskCommand,
  type RunTaskCommandInput,
  type Service,
  type TaskDefinition,
} from "@aws-sdk/client-ecs";
import { lastPartOf } from "../../aws/arn";
import { clusterGroupName, nameTemplatesOf } from "../../aws/names";
import type { Aws } from "../../aws/sdk/clients";
import { rulesOf } from "../../environment";
import { containerOverrides } from "../../containers/one-off-command";
import { UserError } from "../../user-error";
import type { DeployedEnvironment, DeployedService } from "../deployed-environment";
import { ecsServiceOf } from "../ecs-service";
import { groupIdsNamed, vpcsOf } from "../security-groups";
import { withImage } from "./image-revision";
import { failureInWords } from "./run-task-failures";

/** What a task runs once, and how. */
export interface OneOffOptions {
  /** As {@link containerOverrides} takes it. */
  readonly command: readonly string[];
  /** Whether it is a node of the service's cluster, with the cluster's security group. @default false */
  readonly join?: boolean | undefined;
  /** Image to run in place of the deployed one. @default the deployed one */
  readonly image?: string | undefined;
}

/** A task that ECS has accepted. */
export interface StartedTask {
  /** The last part of its ARN. */
  readonly id: string;
  /** The container that runs the command. */
  readonly container: ContainerDefinition;
  /** What its user should know, sentences. */
  readonly notices: readonly string[];
}

/** What ECS lists as the one that started it. */
export const startedBy = "elixir-cluster/task";

/**
 * Runs a command once, in a task like those of a service: its task definition, subnets and security groups.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
 *
 * @throws UserError when the service isn't deployed, or ECS doesn't start the task.
 */
export async function startTask(
  aws: Aws,
  environment: DeployedEnvironment,
  service: DeployedService,
  options: OneOffOptions,
): Promise<StartedTask> {
  const ecsService = await ecsServiceOf(aws, environment, service);
  const { taskDefinition: definition, tags = [] } = await aws.ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: ecsService.taskDefinition, include: ["TAGS"] }),
  );
  const container = containerOf(definition!, service);
  const notices: string[] = [];
  const network = await networkOf(aws, environment, service, ecsService, options.join);
  const run = (taskDefinition: string) =>
    runTask(aws, {
      ...capacityOf(ecsService),
      cluster: environment.cluster,
      taskDefinition,
      networkConfiguration: network,
      enableExecuteCommand: ecsService.enableExecuteCommand ?? false,
      overrides: { containerOverrides: overridesOf(definition!, service, options) },
    });
  const { image } = options;
  const left = (arn: string, error: unknown) =>
    void notices.push(`The task definition ${arn} is left behind: ${(error as Error).message}`);
  const id = await (image === undefined
    ? run(definition!.taskDefinitionArn!)
    : withImage(aws, { definition: definition!, tags, container: service.name, image }, run, left));
  return { id, container, notices };
}

function containerOf({ containerDefinitions = [], family }: TaskDefinition, { name }: DeployedService) {
  const container = containerDefinitions.find((one) => one.name === name);
  if (container) return container;
  const names = containerDefinitions.map((one) => one.name).join(", ");
  throw new UserError(`The task definition ${family} has no container "${name}". It has: ${names}.`);
}

/** Without `join`, containers that must succeed before the service's own evaluate nothing: only the command runs. */
function overridesOf(definition: TaskDefinition, service: DeployedService, { command, join = false }: OneOffOptions) {
  const { containerDefinitions = [] } = definition;
  const before = containerDefinitions
    .filter(({ essential, name }) => essential === false && name !== service.name)
    .map(({ name, command: words = [] }) => ({ name: name!, command: words }));
  return containerOverrides({ container: service.name, releaseName: service.releaseName, command, join, before });
}

/**
 * A service on Fargate Spot runs the task on demand: it would be interrupted with two minutes' notice, and nothing would
 * start it again.
 */
function capacityOf({ capacityProviderStrategy = [], launchType = "FARGATE", platformVersion }: Service) {
  const isFargate = capacityProviderStrategy.every(({ capacityProvider }) => /^FARGATE/.test(capacityProvider ?? ""));
  return { platformVersion, ...(isFargate ? { launchType } : { capacityProviderStrategy }) };
}

/** The service's network; without `join`, without the group that opens distribution between the cluster's nodes. */
async function networkOf(
  aws: Aws,
  { name, options }: DeployedEnvironment,
  { cluster }: DeployedService,
  { networkConfiguration }: Service,
  join = false,
): Promise<NetworkConfiguration | undefined> {
  const network = networkConfiguration?.awsvpcConfiguration;
  if (join || !network) return networkConfiguration;
  const { securityGroups = [] } = network;
  const { resources } = nameTemplatesOf({ ...options, environment: name });
  const named = await groupIdsNamed(aws, [clusterGroupName(resources, cluster)], await vpcsOf(aws, securityGroups));
  const rules = rulesOf(options, cluster);
  const clusters = [...named.values(), typeof rules === "object" ? rules.id : undefined];
  const others = securityGroups.filter((group) => !clusters.includes(group));
  return { awsvpcConfiguration: { ...network, securityGroups: others } };
}

/** @returns the task's id. */
async function runTask({ ecs }: Aws, input: RunTaskCommandInput): Promise<string> {
  const { tasks = [], failures = [] } = await ecs.send(
    new RunTaskCommand({
      ...input,
      startedBy,
      count: 1,
      enableECSManagedTags: true,
      propagateTags: "TASK_DEFINITION",
      // A retry of the SDK doesn't start a second one.
      clientToken: randomUUID(),
    }),
  );
  const [task] = tasks;
  if (task) return lastPartOf(task.taskArn!);
  throw new UserError(`ECS didn't start the task. ${failures.map(failureInWords).join("; ") || "It gave no reason."}`);
}
