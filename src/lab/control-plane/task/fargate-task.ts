import { randomBytes } from "node:crypto";
import type { AwsClients } from "../../local-aws/aws-clients";
import type { Clock } from "../../clock";
import type { CloudMap } from "../cloud-map";
import { TaskLogs } from "./container-logs";
import type { Container, Task, TaskRuntime } from "../../data-plane/data-plane";
import type { HealthStatus } from "./health-check";
import type { Images } from "../images";
import { spotProvider } from "../capacity";
import type { LoadBalancing } from "../load-balancing/load-balancing";
import { createNetworkInterface, deleteNetworkInterface } from "./network-interface";
import type { AddressPool, NetworkInterface } from "./network-interface";
import { Registrations, type TargetChange } from "../registrations";
import { resolveSecrets } from "../access/secrets";
import type { TaskEnd, TaskOrder } from "./task-order";
import { TaskContainers, TaskFailedToStart } from "./task-containers";
import { TaskProtection } from "./task-protection";

/** Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html */
export type TaskStatus =
  "PROVISIONING" | "PENDING" | "ACTIVATING" | "RUNNING" | "DEACTIVATING" | "STOPPING" | "DEPROVISIONING" | "STOPPED";

/** Everything around a task. */
export interface TaskSurroundings {
  readonly clients: AwsClients;
  readonly runtime: TaskRuntime;
  readonly addresses: AddressPool;
  readonly cloudMap: CloudMap;
  readonly loadBalancing: LoadBalancing;
  readonly images: Images;
  readonly clock: Clock;
  /** Whether ECS protects no further task of its service. */
  readonly protectionBlocked: () => boolean;
  /** Whether containers write to CloudWatch Logs. @default no */
  readonly writesLogs?: () => boolean;
  /** Called after each change of its status, its containers, its health or its protection. */
  readonly onChange: (task: FargateTask) => void;
  /** Called when it was registered in a target group, and when it is taken out of one. */
  readonly onTarget: (task: FargateTask, change: TargetChange, group: string) => void;
  readonly onOutput?: (task: FargateTask, container: string, line: string, stream: "stdout" | "stderr") => void;
}

/** One task from its network interface to its end, in ECS's order. */
export class FargateTask {
  readonly id: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly containers: TaskContainers;
  readonly registrations: Registrations;
  /** Whether scaling in and deployments leave it alone. */
  readonly protection: TaskProtection;
  status: TaskStatus = "PROVISIONING";
  end?: TaskEnd;
  networkInterface?: NetworkInterface;
  startedAt?: number;
  stoppingAt?: number;
  stoppedAt?: number;
  /** Done when the task is STOPPED. Never rejects. */
  readonly stopped: Promise<void>;
  readonly #logs: TaskLogs;
  #task?: Task;
  #health: HealthStatus = "UNKNOWN";
  #wakeUp: () => void = () => {};
  #secrets = new Map<string, Readonly<Record<string, string>>>();

  constructor(
    readonly order: TaskOrder,
    private readonly surroundings: TaskSurroundings,
  ) {
    this.id = order.oneOff?.id ?? randomBytes(16).toString("hex");
    this.arn = `${order.clusterArn.replace(":cluster/", ":task/")}/${this.id}`;
    this.createdAt = surroundings.clock.now();
    this.#logs = new TaskLogs(this.id, order.definition.containers, {
      ...surroundings,
      onError: (error) => this.#reportError(error),
    });
    this.containers = new TaskContainers(order.definition.containers, {
      images: surroundings.images,
      secrets: this.#secrets,
      clock: surroundings.clock,
      user: order.oneOff ? `task of ${order.serviceName}` : `service "${order.serviceName}"`,
      onChange: () => this.#containersChanged(),
      onOutput: (container, line, stream) => {
        this.#logs.take(container, line);
        surroundings.onOutput?.(this, container, line, stream);
      },
    });
    this.registrations = new Registrations(order, {
      ...surroundings,
      onTargetHealth: () => surroundings.onChange(this),
      onTarget: (change, group) => surroundings.onTarget(this, change, group),
      onError: (error) => this.#reportError(error),
    });
    this.protection = new TaskProtection({
      arn: this.arn,
      clusterArn: order.clusterArn,
      taskRoleArn: order.definition.taskRoleArn,
      ...surroundings,
      isBlocked: surroundings.protectionBlocked,
      onChange: () => surroundings.onChange(this),
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

  /** AWS takes a Spot task's capacity back. @throws Error for a task that doesn't run on Spot */
  interrupt(): void {
    const { capacityProvider } = this.order;
    if (capacityProvider !== spotProvider) throw new Error(`Task ${this.id} runs on ${capacityProvider}, not on Spot.`);
    this.stop({ stopCode: "SpotInterruption", stoppedReason: "Your Spot Task was interrupted." });
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
    this.#task = await runtime.createTask(
      {
        id: this.id,
        arn: this.arn,
        address,
        subnetCidr: subnet.cidr,
        securityGroupIds,
        cluster: this.order.clusterArn,
        family: definition.family,
        revision: definition.revision,
        ...(this.order.oneOff ? {} : { serviceName: this.order.serviceName }),
        availabilityZone: subnet.availabilityZone,
        cpu: definition.cpu,
        memory: definition.memory,
      },
      this.protection,
    );
  }

  #keepSecrets(secrets: ReadonlyMap<string, Readonly<Record<string, string>>>): void {
    for (const [container, values] of secrets) this.#secrets.set(container, values);
  }

  async #activate(): Promise<void> {
    await this.containers.start(this.#task!, () => this.end !== undefined);
    const { subnet, serviceName, definition } = this.order;
    if (this.end) return;
    await this.registrations.register({
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

  /**
   * Each step whatever became of the one before it. An interrupted Spot task gets SIGTERM first, and may stay registered until it
   * has stopped. Source: https://repost.aws/knowledge-center/fargate-spot-termination-notice, and
   * https://github.com/aws/containers-roadmap/issues/2673 for what happens in spite of the order that ECS documents.
   */
  async #shutDown(): Promise<void> {
    this.stoppingAt = this.surroundings.clock.now();
    const deregister = ["DEACTIVATING", () => this.registrations.deregister(this.id, this.containers.ended)] as const;
    const stop = ["STOPPING", () => this.containers.stop().finally(() => this.#logs.flush())] as const;
    const first = this.end?.stopCode === "SpotInterruption" ? [stop, deregister] : [deregister, stop];
    for (const [status, step] of [...first, ["DEPROVISIONING", () => this.#deprovision()] as const]) {
      this.#setStatus(status);
      await step().catch((error: Error) => this.#reportError(error));
    }
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
    await this.registrations.setHealth(this.id, this.#health === "HEALTHY");
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
