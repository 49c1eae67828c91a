import { randomBytes } from "node:crypto";
import type { AppliedSubnet } from "./applied/subnets";
import type { AppliedTaskDefinition } from "./applied/task-definitions";
import type { AwsClients } from "../local-aws/aws-clients";
import type { Clock } from "../clock";
import type { CloudMap } from "./cloud-map";
import { writeLogs } from "./container-logs";
import type { Container, Task, TaskRuntime } from "../data-plane/data-plane";
import type { HealthStatus } from "./health-check";
import type { Images } from "./images";
import { createNetworkInterface, deleteNetworkInterface } from "./network-interface";
import type { AddressPool, NetworkInterface } from "./network-interface";
import { resolveSecrets } from "./secrets";
import { TaskContainers, TaskFailedToStart } from "./task-containers";

/** Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html */
export type TaskStatus =
  "PROVISIONING" | "PENDING" | "ACTIVATING" | "RUNNING" | "DEACTIVATING" | "STOPPING" | "DEPROVISIONING" | "STOPPED";

/** What a task is made from. */
export interface TaskOrder {
  readonly serviceName: string;
  readonly deploymentId: string;
  readonly clusterArn: string;
  readonly definition: AppliedTaskDefinition;
  readonly subnet: AppliedSubnet;
  readonly securityGroupIds: readonly string[];
  /** Cloud Map service that it is registered in. */
  readonly registryId?: string;
  readonly enableExecuteCommand: boolean;
}

/** Why a task ends, in ECS's words. Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html */
export interface TaskEnd {
  readonly stopCode: "TaskFailedToStart" | "EssentialContainerExited" | "UserInitiated" | "ServiceSchedulerInitiated";
  readonly stoppedReason: string;
}

/** Everything around a task. */
export interface TaskSurroundings {
  readonly clients: AwsClients;
  readonly runtime: TaskRuntime;
  readonly addresses: AddressPool;
  readonly cloudMap: CloudMap;
  readonly images: Images;
  readonly clock: Clock;
  /** Whether containers that end write to CloudWatch Logs. */
  readonly writesLogs?: () => boolean;
  /** Called after each change of its status, its containers or its health. */
  readonly onChange: (task: FargateTask) => void;
  readonly onOutput?: (task: FargateTask, container: string, line: string, stream: "stdout" | "stderr") => void;
}

/**
 * One task from its network interface to its end, in ECS's order: registered in Cloud Map before it is RUNNING, deregistered
 * before its containers get SIGTERM, without waiting for anybody's TTL.
 * Sources: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html (ACTIVATING, DEACTIVATING)
 * and https://github.com/aws/containers-roadmap/issues/343 (no wait in between)
 */
export class FargateTask {
  readonly id = randomBytes(16).toString("hex");
  readonly arn: string;
  readonly createdAt: number;
  readonly containers: TaskContainers;
  status: TaskStatus = "PROVISIONING";
  end?: TaskEnd;
  networkInterface?: NetworkInterface;
  startedAt?: number;
  stoppingAt?: number;
  stoppedAt?: number;
  /** Done when the task is STOPPED. Never rejects. */
  readonly stopped: Promise<void>;
  #task?: Task;
  #health: HealthStatus = "UNKNOWN";
  #registered = false;
  #recordStaysMs = 0;
  #wakeUp: () => void = () => {};
  #secrets = new Map<string, Readonly<Record<string, string>>>();

  constructor(
    readonly order: TaskOrder,
    private readonly surroundings: TaskSurroundings,
  ) {
    const [, , , region, account, cluster] = order.clusterArn.split(":");
    this.arn = `arn:aws:ecs:${region}:${account}:task/${cluster!.split("/")[1]}/${this.id}`;
    this.createdAt = surroundings.clock.now();
    this.containers = new TaskContainers(order.definition.containers, {
      images: surroundings.images,
      secrets: this.#secrets,
      clock: surroundings.clock,
      user: `service "${order.serviceName}"`,
      onChange: () => this.#containersChanged(),
      onOutput: (container, line, stream) => surroundings.onOutput?.(this, container, line, stream),
    });
    // Not before its maker knows it.
    this.stopped = Promise.resolve().then(() => this.#run());
  }

  get health(): HealthStatus {
    return this.#health;
  }

  /** What the data plane has for it, from PENDING to DEPROVISIONING. */
  get place(): Task | undefined {
    return this.#task;
  }

  /** Its first essential container: to run a command inside, to read its log. @throws Error when it has not started yet */
  get container(): Container {
    const running = this.containers.all.find(({ definition }) => definition.essential)?.running;
    if (!running) throw new Error(`Task ${this.id} is ${this.status}: its container has not started.`);
    return running;
  }

  get clusterName(): string {
    return this.order.clusterArn.split("/")[1]!;
  }

  /** Ends it, with the reason that DescribeTasks gives; a later reason changes nothing. */
  stop(end: TaskEnd): void {
    if (this.end) return;
    this.end = end;
    this.containers.wake();
    this.#wakeUp();
  }

  /** Leaves its record in Cloud Map for a while after it has ended, as when ECS is late to notice. */
  keepRecord(seconds: number): void {
    this.#recordStaysMs = seconds * 1000;
  }

  async #run(): Promise<void> {
    try {
      await this.#start();
      await new Promise<void>((resolve) => {
        this.#wakeUp = resolve;
        if (this.end) resolve();
      });
    } catch (error) {
      this.end ??= { stopCode: "TaskFailedToStart", stoppedReason: (error as Error).message };
    }
    await this.#shutDown();
    this.stoppedAt = this.surroundings.clock.now();
    this.#setStatus("STOPPED");
  }

  async #start(): Promise<void> {
    const { clients } = this.surroundings;
    const steps: [TaskStatus, () => Promise<void>][] = [
      ["PROVISIONING", () => this.#provision()],
      ["PENDING", async () => this.#keepSecrets(await resolveSecrets(clients, this.order.definition, this.id))],
      ["ACTIVATING", () => this.#activate()],
    ];
    for (const [status, step] of steps) {
      this.#setStatus(status);
      await step();
      if (this.end) return;
    }
    this.startedAt = this.surroundings.clock.now();
    this.#setStatus("RUNNING");
  }

  async #provision(): Promise<void> {
    const { addresses, clients, runtime } = this.surroundings;
    const { subnet, securityGroupIds, definition } = this.order;
    const address = addresses.allocate(subnet);
    this.networkInterface = await createNetworkInterface(clients, subnet, address, securityGroupIds, this.arn).catch(
      (error: Error) => {
        addresses.release(address);
        throw new TaskFailedToStart(
          `ResourceInitializationError: failed to provision a network interface: ${error.message}`,
        );
      },
    );
    this.#task = await runtime.createTask({
      id: this.id,
      arn: this.arn,
      address,
      subnetCidr: subnet.cidr,
      securityGroupIds,
      cluster: this.order.clusterArn,
      family: definition.family,
      revision: definition.revision,
      serviceName: this.order.serviceName,
      availabilityZone: subnet.availabilityZone,
      cpu: definition.cpu,
      memory: definition.memory,
    });
  }

  #keepSecrets(secrets: ReadonlyMap<string, Readonly<Record<string, string>>>): void {
    for (const [container, values] of secrets) this.#secrets.set(container, values);
  }

  async #activate(): Promise<void> {
    await this.containers.start(this.#task!, () => this.end !== undefined);
    const { registryId, subnet, serviceName, definition } = this.order;
    if (!registryId || this.end) return;
    this.#registered = true;
    await this.surroundings.cloudMap.register(registryId, {
      taskId: this.id,
      address: this.networkInterface!.address,
      healthy: !this.containers.hasHealthCheck,
      clusterName: this.clusterName,
      serviceName,
      family: definition.family,
      availabilityZone: subnet.availabilityZone,
    });
    // It may have become healthy while it was being registered as not yet so.
    if (this.#health !== "UNKNOWN") await this.#reportHealth();
  }

  /** Each step whatever became of the one before it. */
  async #shutDown(): Promise<void> {
    this.stoppingAt = this.surroundings.clock.now();
    const steps: [TaskStatus, () => Promise<void>][] = [
      ["DEACTIVATING", () => this.#deregister()],
      ["STOPPING", () => this.containers.stop().finally(() => this.#writeLogs())],
      ["DEPROVISIONING", () => this.#deprovision()],
    ];
    for (const [status, step] of steps) {
      this.#setStatus(status);
      await step().catch((error: Error) => this.#reportError(error));
    }
  }

  async #writeLogs(): Promise<void> {
    const { clients, writesLogs } = this.surroundings;
    if (!writesLogs?.()) return;
    await Promise.all(this.containers.all.map((container) => writeLogs(clients, this.id, container)));
  }

  async #deprovision(): Promise<void> {
    try {
      await this.#task?.remove();
    } finally {
      // Where the data plane is gone already, AWS must still not keep what was the task's.
      this.#task = undefined;
      if (this.networkInterface) {
        this.surroundings.addresses.release(this.networkInterface.address);
        await deleteNetworkInterface(this.surroundings.clients, this.networkInterface.id);
      }
    }
  }

  async #deregister(): Promise<void> {
    const { registryId } = this.order;
    if (!registryId || !this.#registered) return;
    const { clock, cloudMap } = this.surroundings;
    const deregister = () => cloudMap.deregister(registryId, this.id);
    if (this.#recordStaysMs === 0) return deregister();
    clock.after(this.#recordStaysMs, () => void deregister().catch((error: Error) => this.#reportError(error)));
  }

  #containersChanged(): void {
    if (this.containers.essentialExited) {
      this.stop({ stopCode: "EssentialContainerExited", stoppedReason: "Essential container in task exited" });
    }
    const { health } = this.containers;
    if (health !== this.#health && !this.end) {
      this.#health = health;
      void this.#reportHealth().catch((error: Error) => this.#reportError(error));
    }
    this.#describe();
    this.surroundings.onChange(this);
  }

  async #reportHealth(): Promise<void> {
    if (!this.#registered) return;
    await this.surroundings.cloudMap.setHealth(this.order.registryId!, this.id, this.#health === "HEALTHY");
  }

  #setStatus(status: TaskStatus): void {
    this.status = status;
    this.#describe();
    this.surroundings.onChange(this);
  }

  /** What the task's own metadata endpoint says. */
  #describe(): void {
    const checked = this.containers.all.filter(({ definition }) => definition.healthCheck);
    this.#task
      ?.describe({
        knownStatus: this.status,
        desiredStatus: this.end ? "STOPPED" : "RUNNING",
        health: Object.fromEntries(checked.map(({ definition, health }) => [definition.name, health])),
      })
      .catch((error: Error) => this.#reportError(error));
  }

  /** An error while a task ends must not keep it from ending, and must be visible. */
  #reportError(error: Error): void {
    this.surroundings.onOutput?.(this, "(lab)", `${this.status}: ${error.message}`, "stderr");
  }
}
