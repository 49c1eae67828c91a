import { UpdateServiceCommand, type UpdateServiceCommandInput } from "@aws-sdk/client-ecs";
import { type AppliedLayout, readApplied, readLayout } from "./control-plane/applied/applied";
import { SnapshotWatch } from "./control-plane/applied/applied-snapshot";
import { type AwsClients, awsClients } from "./local-aws/aws-clients";
import { systemClock, within } from "./clock";
import { CloudMap, registeredNames } from "./control-plane/cloud-map";
import type { TaskRuntime, Zone } from "./data-plane/data-plane";
import type { Postgres } from "./database/postgres";
import { EcsRecords } from "./control-plane/ecs-records";
import type { FargateTask } from "./control-plane/task/fargate-task";
import { type LabEvent, taskEvent, type Untimed } from "./lab-event";
import { LoadBalancing } from "./control-plane/load-balancing/load-balancing";
import type { LabOptions } from "./lab-options";
import { LabService } from "./control-plane/lab-service";
import { OneOffTasks } from "./control-plane/one-off-tasks";
import { AddressPool, takenAddresses } from "./control-plane/task/network-interface";
import { Schedules } from "./control-plane/schedules";
import { stopRequestedTasks } from "./control-plane/stop-requests";
import { startTaskRuntime } from "./data-plane/runtime";
import { startServers } from "./servers";
import { type LabBounds, labBounds } from "./waiting/bounds";
import { whyNotSteady } from "./waiting/last-output";
import { type Bound, describeWait, waitFor, type WaitOptions } from "./waiting/wait";

export { labPatches } from "./lab-options";

/** What ECS, Fargate, Cloud Map, Route 53 and the VPC do from a layout that was applied. */
export class Lab {
  readonly #services = new Map<string, LabService>();
  readonly #records: EcsRecords;
  readonly #addresses: AddressPool;
  /** Tasks of no service, which a client started with RunTask. */
  readonly oneOffTasks: OneOffTasks;
  readonly schedules: Schedules;
  /** Load balancers, and the health of their targets. */
  readonly loadBalancing: LoadBalancing;
  database: Postgres | undefined;
  #syncing: Promise<void> | undefined;
  /** The newest zones are in force. */
  #applied: Promise<void> = Promise.resolve();
  #lastProblem: string | undefined;
  readonly #snapshots = new SnapshotWatch();
  #failure: Error | undefined;
  #closed = false;

  private constructor(
    readonly options: LabOptions,
    private readonly clients: AwsClients,
    /** The data plane: faults, counters, the resolver. */
    readonly runtime: TaskRuntime,
    readonly cloudMap: CloudMap,
    addresses: AddressPool,
  ) {
    this.#addresses = addresses;
    this.#records = new EcsRecords(options.aws, (error) => this.#problem(error));
    this.loadBalancing = new LoadBalancing({
      clock: systemClock,
      runtime,
      addresses,
      records: this.#records,
      onTarget: ({ taskId, group, health }, registered) =>
        this.#emit({ kind: "target", taskId, group, health: registered ? health : { state: "unused" } }),
      onError: (error) => this.#problem(error),
    });
    this.oneOffTasks = new OneOffTasks(this.#surroundings());
    this.schedules = new Schedules(clients, this.oneOffTasks, () => this.sync());
  }

  /**
   * Reads what was applied and starts it. Done when every service's first tasks are on their way, not when they run.
   * @throws Error when the layout cannot run here, with what is wrong and where; nothing is left then.
   */
  static async start(options: LabOptions): Promise<Lab> {
    const clients = awsClients(options.aws);
    let runtime: TaskRuntime | undefined;
    try {
      const layout = await readApplied(clients);
      runtime = await (options.startRuntime ?? startTaskRuntime)({
        vpcCidrs: layout.vpc.cidrs,
        region: clients.region,
        logFolder: options.logFolder,
        onNetwork: (event) => options.onEvent?.({ at: systemClock.now(), ...event }),
      });
      const lab: Lab = new Lab(
        options,
        clients,
        runtime,
        new CloudMap(clients, layout.vpc.id, (zones) => lab.#applyZones(zones), options.negativeTtl),
        new AddressPool(await takenAddresses(clients, layout.vpc.id)),
      );
      void runtime.closed.then((error) => error && lab.#fail(error));
      lab.#records.attach(true);
      await lab.#records.flush();
      lab.database = await startServers(options, { clients, runtime, layout, addresses: lab.#addresses }, lab.#problem);
      await lab.#applyLayout(layout);
      options.variables?.check();
      void lab.#syncPeriodically();
      return lab;
    } catch (error) {
      await runtime?.close();
      clients.destroy();
      throw error;
    }
  }

  get services(): readonly LabService[] {
    return [...this.#services.values()];
  }

  /** Tasks that are not gone yet, of every service. */
  get tasks(): readonly FargateTask[] {
    return this.services.flatMap((service) => service.tasks);
  }

  /** @throws Error that names the services there are. */
  service(name: string): LabService {
    const service = this.#services.get(name);
    if (service) return service;
    throw new Error(`There is no service "${name}". Services are: ${[...this.#services.keys()].join(", ")}.`);
  }

  /** @param id whole, or as many of its first characters as identify it. @throws Error that names the tasks there are. */
  task(id: string): FargateTask {
    const found = this.tasks.filter((task) => task.id.startsWith(id));
    if (found.length === 1) return found[0]!;
    const all = this.tasks.map((task) => task.id.slice(0, 8)).join(", ") || "none";
    const many = found.length === 0 ? "No task" : "More than one task";
    throw new Error(`${many} has an id that begins with "${id}". Tasks are: ${all}.`);
  }

  /** Looks at what is applied now, at once: call it after a change by Terraform or the API rather than wait for the next look. */
  async sync(): Promise<void> {
    while (this.#syncing) await this.#syncing;
    this.#syncing = this.#look().finally(() => (this.#syncing = undefined));
    await this.#syncing;
  }

  /** ECS's UpdateService, and a look at it: scaling and deploying as an operator does it. */
  async updateService(name: string, change: Omit<UpdateServiceCommandInput, "service" | "cluster">): Promise<void> {
    const cluster = this.service(name).clusterArn;
    await this.clients.ecs.send(new UpdateServiceCommand({ ...change, service: name, cluster }));
    await this.sync();
  }

  /**
   * Kills a task's containers with SIGKILL, as when its machine is lost.
   * @param recordStaysSeconds how long its record stays in Cloud Map
   */
  async kill(id: string, recordStaysSeconds = 0): Promise<void> {
    const task = this.task(id);
    task.registrations.keepRecord(recordStaysSeconds);
    await Promise.all(task.containers.all.map(({ running }) => running?.signal("SIGKILL")));
  }

  /** How long things may take here, computed from what is applied now. */
  get bounds(): LabBounds {
    return labBounds(
      this.services.map(({ timing }) => timing),
      Math.max(0, ...this.cloudMap.zones().map(({ negativeTtl }) => negativeTtl)),
    );
  }

  /** Whether every service is in a steady state. @throws Error with ECS's words when one never will be. */
  get isSteady(): boolean {
    if (this.#failure) throw this.#failure;
    const stalled = this.services.filter((service) => service.stalled);
    if (stalled.length > 0) throw new Error(whyNotSteady(stalled));
    return this.services.every((service) => service.steady);
  }

  /**
   * Waits until every service is in a steady state, and the resolver knows it.
   * @param options.bound how long at most. @default what the rollout may take by what is applied
   * @throws Error that says of each service that is not what ECS last said of it, with the last output of its tasks; at
   * once when one never will be.
   */
  async steady({ bound, ...options }: WaitOptions & { readonly bound?: Bound } = {}): Promise<void> {
    const waited = await waitFor(() => this.isSteady, bound ?? this.bounds.steady, options);
    if (!waited.value) {
      const late = whyNotSteady(this.services.filter((service) => !service.steady));
      throw new Error(`Not steady ${describeWait(waited)}\n${late}`);
    }
    await this.cloudMap.settled();
    await Promise.all([this.#records.flush(), this.#applied, this.loadBalancing.settled()]);
  }

  /** Kills all tasks and removes everything; local AWS is left without tasks, instances and network interfaces of them. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#syncing?.catch(() => {});
    const ends = [...this.tasks, ...this.oneOffTasks.all].map((task) => task.stopped);
    for (const service of this.services) service.drain();
    await this.runtime.close();
    await Promise.all(ends);
    this.#records.attach(false);
    // Local AWS may have ended before.
    await this.#records.flush().catch(() => undefined);
    this.clients.destroy();
  }

  async #syncPeriodically(): Promise<void> {
    const seconds = this.options.syncSeconds ?? 2;
    while (seconds > 0 && !this.#closed) {
      await within(systemClock, seconds * 1000, this.runtime.closed);
      if (!this.#closed && !this.#failure) await this.sync().catch((error: Error) => this.#problem(error));
    }
  }

  async #look(): Promise<void> {
    const layout = await readLayout(this.clients);
    if (layout) await this.#applyLayout(layout, (error) => this.#problem(error));
    else this.#drainAllBut([]);
    await stopRequestedTasks(this.clients, [...this.tasks, ...this.oneOffTasks.all]);
    const clusters = new Set(layout?.services.map(({ clusterArn }) => clusterArn));
    if (layout) await this.oneOffTasks.startRequested(clusters, this.tasks, layout.subnets);
  }

  /** @param onError called with what keeps one service from what is applied; the others go on. @default throws it */
  async #applyLayout(layout: AppliedLayout, onError?: (error: Error) => void): Promise<void> {
    if (this.#closed) return;
    await this.runtime.applySecurityGroups(layout.securityGroups.all);
    await Promise.all([this.runtime.applySubnets(layout.subnetNetworks), this.cloudMap.refresh()]);
    layout.loadBalancing.limitations.forEach((message) => this.#problem({ message }));
    const balanced = this.loadBalancing.update(this.options.images.checked(layout.loadBalancing), layout.subnets);
    await (onError ? balanced.catch(onError) : balanced);
    for (const applied of layout.services) {
      const service = this.#services.get(applied.name) ?? this.#newService(applied, layout);
      this.#services.set(applied.name, service);
      const update = service.update(applied, layout);
      await (onError ? update.catch(onError) : update);
    }
    this.#drainAllBut(layout.services.map((service) => service.name));
    const snapshot = await this.#snapshots.changed(this.clients, layout.securityGroups.all, this.services);
    if (snapshot) this.#emit({ kind: "applied", ...snapshot });
  }

  /** Without a data plane nothing can run. */
  #fail(error: Error): void {
    this.#failure = error;
    this.#drainAllBut([]);
    this.#problem(error);
  }

  #drainAllBut(names: readonly string[]): void {
    for (const [name, service] of this.#services) {
      if (names.includes(name)) continue;
      service.drain();
      if (service.tasks.length === 0) this.#services.delete(name);
    }
  }

  #newService(applied: AppliedLayout["services"][number], layout: AppliedLayout): LabService {
    return new LabService(applied, layout, {
      ...this.#surroundings(),
      settleSeconds: this.options.settleSeconds,
      retrySeconds: this.options.retrySeconds,
      onMessage: (service, message) => this.#emit({ kind: "service", service, message }),
    });
  }

  /** Everything around tasks, a service's or none's. */
  #surroundings() {
    const { clients, runtime, cloudMap } = this;
    return {
      records: this.#records,
      variables: this.options.variables,
      onTask: (task: FargateTask) => this.#emit(taskEvent(task)),
      onProblem: (message: string) => this.#problem({ message }),
      surroundings: {
        clients,
        runtime,
        cloudMap,
        loadBalancing: this.loadBalancing,
        addresses: this.#addresses,
        images: this.options.images,
        clock: systemClock,
        writesLogs: () => !this.#closed,
        onOutput: ({ id: taskId }: FargateTask, container: string, line: string, stream: "stdout" | "stderr") =>
          this.#emit({ kind: "output", taskId, container, line, stream }),
      },
    };
  }

  #applyZones(zones: readonly Zone[]): void {
    for (const name of registeredNames(zones)) this.#emit({ kind: "registered", ...name });
    this.#applied = this.runtime.applyZones(zones).catch((error: Error) => this.#problem(error));
  }

  /** Reports a problem once, however many looks find it again. */
  readonly #problem = ({ message }: Pick<Error, "message">): void => {
    if (this.#closed || message === this.#lastProblem) return;
    this.#lastProblem = message;
    this.#emit({ kind: "problem", message });
  };

  #emit(event: Untimed<LabEvent>): void {
    this.options.onEvent?.({ at: systemClock.now(), ...event });
  }
}
