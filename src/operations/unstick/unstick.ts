import { DeregisterInstanceCommand, GetOperationCommand } from "@aws-sdk/client-servicediscovery";
import type { Aws } from "../../aws/sdk/clients";
import type { DeployedEnvironment } from "../deployed-environment";
import { discoveryServices, namespacesNamed, type Registration, registrationsOf } from "./registrations";
import { ecsTasks, isTaskId } from "../tasks";
import { UserError } from "../../user-error";

/** An instance that prevents the removal of its Cloud Map service, and of the namespace. */
export interface Leftover {
  readonly namespaceId: string;
  readonly service: string;
  readonly serviceId: string;
  readonly instanceId: string;
  readonly address: string | undefined;
  /**
   * - `dead`: its task has stopped, or ECS no longer knows it;
   * - `living`: its task exists;
   * - `foreign`: it has no task of this account and region, so only its owner can deregister it.
   */
  readonly kind: "dead" | "living" | "foreign";
  /** The reason for the kind. */
  readonly because: string;
}

/** What prevents the removal of an environment's namespace. */
export interface Blockage {
  readonly namespace: string;
  readonly namespaceIds: readonly string[];
  /** Services of Cloud Map in the namespace that this environment doesn't contain. They keep the namespace too. */
  readonly otherServices: readonly string[];
  readonly leftovers: readonly Leftover[];
}

/** Options of {@link removeDead}. */
export interface RemoveDeadOptions {
  /** Timeout in seconds. */
  readonly timeoutSeconds: number;
  /** Polling interval in milliseconds. @default 1000 */
  readonly intervalMs?: number;
}

/** All registrations in an environment's namespace, and whether their tasks are alive. */
export async function blockageOf(aws: Aws, environment: DeployedEnvironment): Promise<Blockage> {
  const namespaceIds = await namespacesNamed(aws, environment.namespace);
  const leftovers: Leftover[] = [];
  const others: string[] = [];
  for (const namespaceId of namespaceIds) {
    for (const service of await discoveryServices(aws, namespaceId)) {
      if (!environment.services.some(({ name }) => name === service.name)) others.push(service.name);
      const registrations = await registrationsOf(aws, service.id);
      const about = { namespaceId, service: service.name, serviceId: service.id };
      for (const { registration, ...classified } of await classify(aws, environment, registrations)) {
        leftovers.push({ ...about, instanceId: registration.id, address: registration.address, ...classified });
      }
    }
  }
  return { namespace: environment.namespace, namespaceIds, otherServices: others, leftovers };
}

interface Classified extends Pick<Leftover, "kind" | "because"> {
  readonly registration: Registration;
}

async function classify(
  aws: Aws,
  environment: DeployedEnvironment,
  registrations: readonly Registration[],
): Promise<Classified[]> {
  const classified: Classified[] = [];
  const clusters = new Map<string, Registration[]>();
  for (const registration of registrations) {
    const { cluster } = registration;
    const because = whyForeign(aws, registration);
    if (because !== undefined) classified.push({ registration, kind: "foreign", because });
    else clusters.set(cluster!, [...(clusters.get(cluster!) ?? []), registration]);
  }
  for (const [cluster, own] of clusters) classified.push(...(await classifyTasksOf(aws, environment, cluster, own)));
  return classified;
}

/** Why a registration can't belong to a task of this region; `undefined` when it can. */
function whyForeign({ region: here }: Aws, { id, cluster, region }: Registration): string | undefined {
  if (cluster === undefined) return "ECS did not register it";
  if (region !== undefined && region !== here) return `its task is in ${region}`;
  return isTaskId(id) ? undefined : "its id isn't a task's";
}

async function classifyTasksOf(
  aws: Aws,
  environment: DeployedEnvironment,
  cluster: string,
  registrations: readonly Registration[],
): Promise<Classified[]> {
  const tasks = await tasksById(
    aws,
    cluster,
    registrations.map(({ id }) => id),
  );
  return registrations.map((registration) => {
    if (!tasks && cluster !== environment.cluster) {
      return { registration, kind: "foreign", because: `this account has no ECS cluster ${cluster}` };
    }
    const task = tasks?.get(registration.id);
    if (!task) return { registration, kind: "dead", because: "ECS doesn't know its task" };
    if (task.status !== "STOPPED") return { registration, kind: "living", because: `its task is ${task.status}` };
    return { registration, kind: "dead", because: `its task has stopped: ${task.stopped ?? "no reason given"}` };
  });
}

/** `undefined` when there is no such cluster. */
async function tasksById(aws: Aws, cluster: string, ids: readonly string[]) {
  try {
    return new Map((await ecsTasks(aws, cluster, ids)).map((task) => [task.id, task]));
  } catch (error) {
    if ((error as Error).name === "ClusterNotFoundException") return undefined;
    throw error;
  }
}

/**
 * Deregisters dead tasks, and waits until Cloud Map has finished. It looks up each one again right before, and keeps it if
 * its task is alive.
 *
 * @returns the registrations that it removed. @throws UserError when Cloud Map fails, or takes longer than the time allowed.
 */
export async function removeDead(
  aws: Aws,
  environment: DeployedEnvironment,
  { timeoutSeconds, intervalMs = 1000 }: RemoveDeadOptions,
): Promise<Leftover[]> {
  const dead = (await blockageOf(aws, environment)).leftovers.filter(({ kind }) => kind === "dead");
  const operations: { readonly leftover: Leftover; readonly id: string }[] = [];
  for (const leftover of dead) {
    const id = await deregister(aws, leftover);
    if (id !== undefined) operations.push({ leftover, id });
  }
  const end = Date.now() + timeoutSeconds * 1000;
  for (const { leftover, id } of operations) await awaitOperation(aws, leftover, id, { end, intervalMs });
  return operations.map(({ leftover }) => leftover);
}

/** The operation's id; `undefined` when the instance has gone meanwhile. */
async function deregister({ serviceDiscovery }: Aws, { serviceId, instanceId }: Leftover): Promise<string | undefined> {
  try {
    const command = new DeregisterInstanceCommand({ ServiceId: serviceId, InstanceId: instanceId });
    return (await serviceDiscovery.send(command)).OperationId;
  } catch (error) {
    if (["InstanceNotFound", "ServiceNotFound"].includes((error as Error).name)) return undefined;
    throw error;
  }
}

async function awaitOperation(
  { serviceDiscovery }: Aws,
  { instanceId, service }: Leftover,
  OperationId: string,
  { end, intervalMs }: { readonly end: number; readonly intervalMs: number },
): Promise<void> {
  const what = `the deregistration of ${instanceId} from ${service}`;
  for (;;) {
    const { Operation } = await serviceDiscovery.send(new GetOperationCommand({ OperationId }));
    if (Operation?.Status === "SUCCESS") return;
    if (Operation?.Status === "FAIL") throw new UserError(`Cloud Map failed at ${what}: ${Operation.ErrorMessage}`);
    if (Date.now() >= end)
      throw new UserError(`Cloud Map has not finished ${what} yet. Run this again to continue waiting.`);
    await new Promise((resolve) => setTimeout(resolve, intervalMs));
  }
}
