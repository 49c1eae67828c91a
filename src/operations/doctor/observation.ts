import { DescribeTaskDefinitionCommand, type Service, type TaskDefinition } from "@aws-sdk/client-ecs";
import { lastPartOf } from "../../aws/arn";
import type { Aws } from "../../aws/sdk/clients";
import { activeServices } from "../../aws/sdk/services";
import type { DeployedEnvironment, DeployedService } from "../deployed-environment";
import { type Registration, registrationsOf } from "../unstick/registrations";
import { type EcsTask, tasksOf } from "../tasks";

/** What runs of one service, according to AWS. */
export interface Observation {
  readonly service: DeployedService;
  /** `undefined` when the service doesn't exist or is being deleted. */
  readonly ecs: Service | undefined;
  /** The task definition of new tasks. */
  readonly definition: TaskDefinition | undefined;
  /** Tasks that have not stopped: they start, run, or end. */
  readonly tasks: readonly EcsTask[];
  /** Tasks that stopped within about the last hour. */
  readonly stopped: readonly EcsTask[];
  /** `undefined` when the service has no registry. */
  readonly registrations: readonly Registration[] | undefined;
}

/** Every service of an environment, according to AWS. */
export async function observe(aws: Aws, environment: DeployedEnvironment): Promise<Observation[]> {
  const services = await ecsServices(aws, environment);
  return Promise.all(
    environment.services.map((service) => observeService(aws, environment, service, services.get(service.ecsService))),
  );
}

async function observeService(
  aws: Aws,
  { cluster }: DeployedEnvironment,
  service: DeployedService,
  ecs: Service | undefined,
): Promise<Observation> {
  if (!ecs) return { service, ecs, definition: undefined, tasks: [], stopped: [], registrations: undefined };
  const registryArn = ecs.serviceRegistries?.[0]?.registryArn;
  const registry = registryArn === undefined ? undefined : lastPartOf(registryArn);
  // Before the tasks: a task that starts in between is then found, and its registration doesn't count as stale.
  const registrations = registry === undefined ? undefined : await registrationsOf(aws, registry);
  const { taskDefinition: definition } = await aws.ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: ecs.taskDefinition }),
  );
  // ECS lists a task that is stopping with the stopped ones, though it may still run for a while.
  const known = [
    ...(await tasksOf(aws, cluster, service.ecsService, "RUNNING")),
    ...(await tasksOf(aws, cluster, service.ecsService, "STOPPED")),
  ];
  const all = [...new Map(known.map((task) => [task.id, task])).values()];
  const tasks = all.filter(({ status }) => status !== "STOPPED");
  return {
    service,
    ecs,
    definition,
    tasks,
    stopped: all.filter(({ status }) => status === "STOPPED"),
    registrations: registrations && [
      ...registrations,
      ...(await lateRegistrations(aws, registry!, registrations, tasks)),
    ],
  };
}

/** Registrations of tasks that started after the first query. */
async function lateRegistrations(
  aws: Aws,
  registry: string,
  registrations: readonly Registration[],
  tasks: readonly EcsTask[],
): Promise<Registration[]> {
  const registered = new Set(registrations.map(({ id }) => id));
  const missing = new Set(tasks.map(({ id }) => id).filter((id) => !registered.has(id)));
  if (missing.size === 0) return [];
  return (await registrationsOf(aws, registry)).filter(({ id }) => missing.has(id));
}

async function ecsServices(aws: Aws, { cluster, services }: DeployedEnvironment): Promise<Map<string, Service>> {
  const names = services.map(({ ecsService }) => ecsService);
  const found = await activeServices(aws, cluster, names).catch((error: Error) => {
    if (error.name === "ClusterNotFoundException") return [];
    throw error;
  });
  return new Map(found.map((service) => [service.serviceName!, service]));
}

/** A variable of a service's container, in its newest task definition. */
export const variableOf = ({ definition, service }: Observation, name: string): string | undefined =>
  definition?.containerDefinitions
    ?.find((container) => container.name === service.name)
    ?.environment?.find((variable) => variable.name === name)?.value;
