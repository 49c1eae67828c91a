import { isDeepStrictEqual } from "node:util";
import {
  DeregisterInstanceCommand,
  RegisterInstanceCommand,
  UpdateInstanceCustomHealthStatusCommand,
} from "@aws-sdk/client-servicediscovery";
import { readNamespaces } from "./applied/namespaces";
import type { AppliedDiscoveryService, AppliedInstance, AppliedNamespace } from "./applied/namespaces";
import type { AwsClients } from "../local-aws/aws-clients";
import type { Zone } from "../data-plane/data-plane";

/** Seconds that a resolver keeps an NXDOMAIN where the namespace does not say: what private zones have had historically. */
export const defaultNegativeTtl = 300;

/** A task as ECS registers it. */
export interface TaskInstance {
  readonly taskId: string;
  readonly address: string;
  /** Whether it counts as healthy from the first moment: so it does without a container health check. */
  readonly healthy: boolean;
  readonly clusterName: string;
  readonly serviceName: string;
  readonly family: string;
  readonly availabilityZone: string;
}

/**
 * The private DNS namespaces of one VPC: what Cloud Map's API holds, and what Route 53 answers from it. Everything that is
 * written goes to the API first, so a client of the API sees what a task's resolver sees.
 */
export class CloudMap {
  #namespaces: readonly AppliedNamespace[] = [];
  readonly #settingHealth = new Set<Promise<void>>();
  #changes = 0;

  /**
   * @param onChange called with all zones whenever they differ from before
   * @param negativeTtl seconds, in place of what a namespace says or {@link defaultNegativeTtl}
   */
  constructor(
    private readonly clients: AwsClients,
    private readonly vpcId: string,
    private readonly onChange: (zones: readonly Zone[]) => void,
    private readonly negativeTtl?: number,
  ) {}

  get namespaces(): readonly AppliedNamespace[] {
    return this.#namespaces;
  }

  /** Reads everything again: services that came or went, and instances that other clients registered. */
  async refresh(): Promise<void> {
    for (;;) {
      const changes = this.#changes;
      const namespaces = await readNamespaces(this.clients, this.vpcId);
      // What was read may be older than what has been written meanwhile.
      if (changes === this.#changes) return this.#apply(namespaces);
    }
  }

  /** Source of the attributes: https://docs.aws.amazon.com/cloud-map/latest/api/API_RegisterInstance.html */
  async register(serviceId: string, task: TaskInstance): Promise<void> {
    const service = this.#service(serviceId);
    const healthy = task.healthy || !service?.customHealth;
    await this.clients.serviceDiscovery.send(
      new RegisterInstanceCommand({
        ServiceId: serviceId,
        InstanceId: task.taskId,
        Attributes: {
          AWS_INSTANCE_IPV4: task.address,
          AVAILABILITY_ZONE: task.availabilityZone,
          REGION: this.clients.region,
          ECS_CLUSTER_NAME: task.clusterName,
          ECS_SERVICE_NAME: task.serviceName,
          ECS_TASK_DEFINITION_FAMILY: task.family,
          ...(service?.customHealth ? { AWS_INIT_HEALTH_STATUS: healthy ? "HEALTHY" : "UNHEALTHY" } : {}),
        },
      }),
    );
    const instance = { id: task.taskId, address: task.address, healthy };
    this.#change(serviceId, (instances) => [...instances.filter(({ id }) => id !== instance.id), instance]);
  }

  /** Sets a task's health, where the service has a custom health check; otherwise does nothing, as ECS. */
  async setHealth(serviceId: string, taskId: string, healthy: boolean): Promise<void> {
    const setting = this.#setHealth(serviceId, taskId, healthy);
    this.#settingHealth.add(setting);
    await setting.finally(() => this.#settingHealth.delete(setting));
  }

  /** Done when Cloud Map has each health status that was on its way. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#settingHealth);
  }

  async #setHealth(serviceId: string, taskId: string, healthy: boolean): Promise<void> {
    if (!this.#service(serviceId)?.customHealth) return;
    const Status = healthy ? "HEALTHY" : "UNHEALTHY";
    const command = { ServiceId: serviceId, InstanceId: taskId, Status } as const;
    await ifStillThere(this.clients.serviceDiscovery.send(new UpdateInstanceCustomHealthStatusCommand(command)));
    this.#change(serviceId, (instances) =>
      instances.map((instance) => (instance.id === taskId ? { ...instance, healthy } : instance)),
    );
  }

  async deregister(serviceId: string, taskId: string): Promise<void> {
    const command = { ServiceId: serviceId, InstanceId: taskId };
    await ifStillThere(this.clients.serviceDiscovery.send(new DeregisterInstanceCommand(command)));
    this.#change(serviceId, (instances) => instances.filter(({ id }) => id !== taskId));
  }

  /** What the VPC's resolver answers from. */
  zones(): Zone[] {
    return this.#namespaces.map((namespace) => ({
      name: namespace.name,
      negativeTtl: this.negativeTtl ?? namespace.soaTtl ?? defaultNegativeTtl,
      services: namespace.services.map(({ name, routingPolicy, ttl, instances }) => ({
        name,
        routingPolicy,
        ttl,
        instances: instances.map(({ address, healthy }) => ({ address, healthy })),
      })),
    }));
  }

  #service(id: string): AppliedDiscoveryService | undefined {
    return this.#namespaces.flatMap((namespace) => namespace.services).find((service) => service.id === id);
  }

  #change(serviceId: string, edit: (instances: readonly AppliedInstance[]) => readonly AppliedInstance[]): void {
    this.#changes += 1;
    this.#apply(
      this.#namespaces.map((namespace) => ({
        ...namespace,
        services: namespace.services.map((service) =>
          service.id === serviceId ? { ...service, instances: edit(service.instances) } : service,
        ),
      })),
    );
  }

  #apply(namespaces: readonly AppliedNamespace[]): void {
    const before = this.zones();
    this.#namespaces = namespaces;
    const zones = this.zones();
    if (!isDeepStrictEqual(zones, before)) this.onChange(zones);
  }
}

/** Terraform's `force_destroy` deregisters instances itself, and the service with them: then there is nothing left to do. */
async function ifStillThere(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!["InstanceNotFound", "ServiceNotFound"].includes((error as Error).name)) throw error;
  }
}

/** Each name with the addresses that are registered for it. */
export const registeredNames = (zones: readonly Zone[]): { name: string; addresses: readonly string[] }[] =>
  zones.flatMap((zone) =>
    zone.services.map(({ name, instances }) => ({
      name: `${name}.${zone.name}`,
      addresses: instances.map(({ address }) => address),
    })),
  );
