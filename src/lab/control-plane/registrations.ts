import type { Clock } from "../clock";
import type { CloudMap, TaskInstance } from "./cloud-map";
import type { ServiceTarget } from "./applied/services";
import type { LoadBalancing } from "./load-balancing/load-balancing";
import type { Target } from "./load-balancing/target-group";
import type { TargetHealth } from "./load-balancing/target-health";

/** Where a task registers. */
export interface RegistrationPlaces {
  /** Cloud Map service. */
  readonly registryId?: string;
  readonly targets: readonly ServiceTarget[];
}

export type TargetChange = "registered" | "deregistered";

export interface RegistrationsOptions {
  readonly cloudMap: CloudMap;
  readonly loadBalancing: LoadBalancing;
  readonly clock: Clock;
  /** Called when a load balancer's health checks have another result. */
  readonly onTargetHealth: () => void;
  /** Called when it was registered in a target group, and when it is taken out of one. */
  readonly onTarget: (change: TargetChange, group: string) => void;
  readonly onError: (error: Error) => void;
}

/**
 * A task's entries in Cloud Map and in the target groups of load balancers: made before it is RUNNING, and taken away before
 * its containers get SIGTERM. Cloud Map's goes at once, without waiting for anybody's TTL; a target drains for as long as
 * the deregistration delay of its group.
 * Sources: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html (ACTIVATING, DEACTIVATING)
 * and https://github.com/aws/containers-roadmap/issues/343 (no wait for DNS)
 */
export class Registrations {
  #registered = false;
  #targets: Target[] = [];
  #recordStaysMs = 0;

  constructor(
    private readonly places: RegistrationPlaces,
    private readonly options: RegistrationsOptions,
  ) {}

  /** The worst health of its targets; `undefined` where it has none. */
  get targetHealth(): TargetHealth | undefined {
    if (this.places.targets.length === 0) return undefined;
    const healths = this.#targets.map(({ health }) => health);
    const worst = (["unhealthy", "unused", "initial", "draining"] as const).flatMap(
      (state) => healths.find((health) => health.state === state) ?? [],
    );
    return worst[0] ?? healths[0] ?? { state: "initial" };
  }

  /** The target group whose health checks fail. */
  get unhealthyGroup(): string | undefined {
    return this.#targets.find(({ health }) => health.state === "unhealthy")?.group;
  }

  async register(instance: TaskInstance): Promise<void> {
    const { cloudMap, loadBalancing, onTargetHealth, onTarget } = this.options;
    const { taskId, address, availabilityZone } = instance;
    for (const { targetGroupArn, containerPort: port } of this.places.targets) {
      const target = { taskId, address, availabilityZone, port };
      this.#targets.push(loadBalancing.register(targetGroupArn, target, () => onTargetHealth()));
      onTarget("registered", targetGroupArn);
    }
    if (!this.places.registryId) return;
    this.#registered = true;
    await cloudMap.register(this.places.registryId, instance);
  }

  /** Sets what the containers' health checks say, in Cloud Map. */
  async setHealth(taskId: string, healthy: boolean): Promise<void> {
    if (this.#registered) await this.options.cloudMap.setHealth(this.places.registryId!, taskId, healthy);
  }

  /** Leaves the record in Cloud Map for a while, as when ECS is late to notice. */
  keepRecord(seconds: number): void {
    this.#recordStaysMs = seconds * 1000;
  }

  /** @param cut ends the wait for the deregistration delay: the task's containers have ended */
  async deregister(taskId: string, cut: Promise<unknown>): Promise<void> {
    const { loadBalancing, onTarget } = this.options;
    const drained = this.#targets.map((target) => {
      onTarget("deregistered", target.group);
      return loadBalancing.deregister(target, cut);
    });
    this.#targets = [];
    await Promise.all([this.#deregisterInstance(taskId), ...drained]);
  }

  async #deregisterInstance(taskId: string): Promise<void> {
    const { registryId } = this.places;
    if (!registryId || !this.#registered) return;
    const { clock, cloudMap, onError } = this.options;
    const deregister = () => cloudMap.deregister(registryId, taskId);
    if (this.#recordStaysMs === 0) return deregister();
    clock.after(this.#recordStaysMs, () => void deregister().catch(onError));
  }
}
