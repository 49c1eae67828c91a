import { DescribeTaskDefinitionCommand, type Service } from "@aws-sdk/client-ecs";
import type { Aws } from "../../aws/sdk/clients";
import type { DeployedEnvironment, DeployedService } from "../deployed-environment";
import { ecsServiceOf } from "../ecs-service";
import { tasksOf } from "../tasks";
import { logSources } from "./log-source";

/**
 * Where the containers of a service write their logs: those of its current deployments, and of tasks that stopped within
 * about the last hour.
 *
 * @throws UserError when the service isn't deployed.
 */
export async function serviceLogSources(
  aws: Aws,
  environment: DeployedEnvironment,
  service: DeployedService,
): Promise<ReturnType<typeof logSources>> {
  const ecs = await ecsServiceOf(aws, environment, service);
  const stopped = await tasksOf(aws, environment.cluster, service.ecsService, "STOPPED");
  const definitions = new Set([...deployed(ecs), ...stopped.map(({ taskDefinitionArn }) => taskDefinitionArn)]);
  const containers = await Promise.all(
    [...definitions].map(async (taskDefinition) => {
      const described = await aws.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
      return described.taskDefinition?.containerDefinitions ?? [];
    }),
  );
  return logSources(aws.region, containers.flat());
}

const deployed = ({ taskDefinition, deployments = [] }: Service): string[] =>
  [taskDefinition, ...deployments.map((deployment) => deployment.taskDefinition)].flatMap((arn) => arn ?? []);
