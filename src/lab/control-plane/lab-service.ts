import { securityGroupsOf } from "./applied/applied";
import type { AppliedLayout } from "./applied/applied";
import type { AppliedService } from "./applied/services";
import { readTaskDefinition } from "./applied/task-definitions";
import type { AppliedTaskDefinition } from "./applied/task-definitions";
import { nextProvider } from "./capacity";
import type { EcsRecords } from "./ecs-records";
import { FargateTask } from "./task/fargate-task";
import type { TaskSurroundings } from "./task/fargate-task";
import type { TaskOrder } from "./task/task-order";
import type { HealthStatus } from "./task/health-check";
import { type ServiceRecord, serviceRecord, taskRecord } from "./records";
import { runnableContainers } from "./task/runnable-containers";
import type { VariableOverrides } from "../run-options/variable-overrides";
import { defaultRetrySeconds } from "./retry-delay";
import { defaultSettleSeconds, ServiceScheduler } from "./scheduler";
import type { SchedulerOptions } from "./scheduler";
import { labBounds, type ServiceTiming } from "../waiting/bounds";
import { lastOutput } from "../waiting/last-output";

/** What the tasks of a deployment are made from. */
type Revision = Omit<TaskOrder, "deploymentId" | "subnet" | "capacityProvider"> & {
  readonly subnetIds: readonly string[];
};

export interface LabServiceOptions extends Pick<SchedulerOptions, "retrySeconds"> {
  /** As {@link SchedulerOptions.settleSeconds}; `join`: as long as nodes may still dial an address that is gone. @default 40 */
  readonly settleSeconds?: number | "join";
  readonly surroundings: Omit<TaskSurroundings, "onChange" | "onTarget" | "protectionBlocked">;
  readonly records: EcsRecords;
  /** Variables that tasks get in this run. @default those of their task definitions */
  readonly variables?: VariableOverrides;
  readonly onMessage: (service: string, message: string) => void;
  readonly onTask: (task: FargateTask) => void;
  /** Gets what the lab can't do for the service, and what a task wrote that failed to start. */
  readonly onProblem: (message: string) => void;
}

/** One ECS service: what is applied of it, its scheduler, and the tasks that run for it. What ECS knows is the scheduler's. */
export class LabService {
  readonly #scheduler: ServiceScheduler<Revision>;
  readonly #tasks = new Map<string, FargateTask>();
  #lastEnded: FargateTask | undefined;
  /** The strategy that the lab has reported as rolling. */
  #explained: string | undefined;

  constructor(
    private applied: AppliedService,
    private layout: AppliedLayout,
    private readonly options: LabServiceOptions,
  ) {
    this.#scheduler = new ServiceScheduler<Revision>(
      applied.name,
      {
        start: ({ deploymentId, revision }) => this.#start(deploymentId, revision),
        stop: (id, stoppedReason) =>
          this.#tasks.get(id)?.stop({ stopCode: "ServiceSchedulerInitiated", stoppedReason }),
      },
      options.surroundings.clock,
      {
        settleSeconds: () => this.timing.settleSeconds,
        retrySeconds: options.retrySeconds,
        onEvent: (message) => {
          this.options.onMessage(this.name, message);
          this.#project();
        },
      },
    );
  }

  get name(): string {
    return this.applied.name;
  }

  /** Whether its deployment has failed and it had none to go back to: nothing happens until a client changes the service. */
  get stalled(): boolean {
    return this.deployments[0]?.rolloutState === "FAILED";
  }

  /** Service events, newest first. */
  get events() {
    return this.#scheduler.events;
  }

  get desiredCount(): number {
    return this.applied.desiredCount;
  }

  /** Names of the alarms that roll its deployments back. */
  get deploymentAlarms(): readonly string[] {
    return this.applied.configuration.alarms?.names ?? [];
  }

  get clusterArn(): string {
    return this.applied.clusterArn;
  }

  /** ECS's newest service event, and why the last task stopped: for messages of failures. */
  get lastStatusMessage(): string {
    const newest = this.events[0]?.message ?? `(service ${this.name}) has no events yet.`;
    const end = this.#lastEnded?.end;
    return end ? `${newest} Its last stopped task: ${end.stoppedReason}` : newest;
  }

  /** Its tasks, or where it has none the last one that stopped. */
  get newestTasks(): readonly FargateTask[] {
    return this.#tasks.size === 0 && this.#lastEnded ? [this.#lastEnded] : this.tasks;
  }

  /** What of it decides how long it takes to start, to be found and to be replaced. */
  get timing(): ServiceTiming {
    const { desiredCount, configuration } = this.applied;
    const { surroundings, settleSeconds = defaultSettleSeconds, retrySeconds = defaultRetrySeconds } = this.options;
    const containers = this.definition?.containers ?? [];
    const groups = this.applied.targets.flatMap((each) => surroundings.loadBalancing.group(each.targetGroupArn) ?? []);
    const targets = {
      healthySeconds: Math.max(0, ...groups.map(({ healthySeconds }) => healthySeconds)),
      drainSeconds: Math.max(0, ...groups.map(({ deregistrationDelaySeconds }) => deregistrationDelaySeconds)),
    };
    const dnsTtl = this.#registry?.ttl;
    const timing = { desiredCount, configuration, containers, dnsTtl, targets, settleSeconds: 0, retrySeconds };
    return { ...timing, settleSeconds: settleSeconds === "join" ? labBounds([timing], 0).join.timers : settleSeconds };
  }

  /** DNS name of its tasks; `undefined` where Cloud Map has none. */
  get dnsName(): string | undefined {
    return this.#registry && `${this.#registry.name}.${this.#registry.namespace}`;
  }

  get #registry() {
    return this.options.surroundings.cloudMap.namespaces
      .flatMap(({ name: namespace, services }) => services.map((service) => ({ ...service, namespace })))
      .find(({ id }) => id === this.applied.registryId);
  }

  /** Tasks that are not gone yet, oldest first. */
  get tasks(): readonly FargateTask[] {
    return [...this.#tasks.values()];
  }

  /** Whether all its tasks are healthy, of the newest deployment, as many as desired, and no other is left. */
  get steady(): boolean {
    return this.#scheduler.steady;
  }

  /** The primary one first; `rolloutState` tells how far it is. */
  get deployments() {
    return this.#scheduler.deployments;
  }

  /** What its newest tasks are made from; absent before the first {@link update}. */
  get definition(): AppliedTaskDefinition | undefined {
    return this.deployments[0]?.revision.definition;
  }

  /** What ECS's API reports of it. */
  get record(): ServiceRecord {
    const { deployments, history, events } = this.#scheduler;
    return serviceRecord({ applied: this.applied, tasks: this.tasks, deployments, history, events });
  }

  /** Brings it to what is applied now. */
  async update(applied: AppliedService, layout: AppliedLayout): Promise<void> {
    const { deploymentId: id } = applied;
    const requested = this.#scheduler.knows(id) ? undefined : { id, revision: await this.#revision(applied, layout) };
    if (requested) this.#explainStrategy(applied);
    this.applied = applied;
    this.layout = layout;
    this.#scheduler.update(target(applied), requested);
    this.#project();
  }

  /** A CloudWatch alarm went off: a deployment in progress that names it is rolled back. */
  alarmWentOff(name: string): void {
    this.#scheduler.alarmWentOff(name);
  }

  /** Starts nothing any more, not even after the delay of a failed task, and stops all its tasks: it was deleted, or the lab ends. */
  drain(): void {
    this.#scheduler.update({ ...target(this.applied), desiredCount: 0 });
  }

  /** Reports once, not in each deployment, that the lab shifts no requests. */
  #explainStrategy({ name, strategy }: AppliedService): void {
    if (strategy === "ROLLING" || strategy === this.#explained) return;
    this.#explained = strategy;
    this.options.onProblem(
      `${name} deploys with ${strategy}: the lab runs it as a rolling deployment, which shifts no requests and has no bake time.`,
    );
  }

  async #revision(service: AppliedService, layout: AppliedLayout): Promise<Revision> {
    return {
      serviceName: service.name,
      clusterArn: service.clusterArn,
      definition: await this.#definition(service),
      subnetIds: service.subnetIds,
      securityGroupIds: securityGroupsOf(service, layout.securityGroups),
      registryId: service.registryId,
      targets: service.targets,
      enableExecuteCommand: service.enableExecuteCommand,
    };
  }

  async #definition({ taskDefinitionArn, targets }: AppliedService): Promise<AppliedTaskDefinition> {
    const { clients, images } = this.options.surroundings;
    const definition = await readTaskDefinition(clients, taskDefinitionArn);
    const { containers, leftOut } = runnableContainers(definition.containers, images, this.name);
    leftOut.forEach((message) => this.options.onProblem(message));
    const { variables } = this.options;
    const running = images.running(containers, { targets, dnsName: this.dnsName });
    return { ...definition, containers: variables ? variables.applyTo(this.name, running) : running };
  }

  #start(deploymentId: string, { subnetIds, ...revision }: Revision) {
    const subnet = this.#emptiestSubnet(subnetIds);
    const running = this.tasks.filter(({ end }) => !end).map(({ order }) => order.capacityProvider);
    const capacityProvider = nextProvider(this.applied.capacity, running);
    const task = new FargateTask(
      { ...revision, deploymentId, subnet, capacityProvider },
      {
        ...this.options.surroundings,
        protectionBlocked: () => this.#tasksProtected() >= this.desiredCount,
        onChange: (changed) => this.#taskChanged(changed),
        onTarget: ({ order }, change, group) => this.#scheduler.targetChanged(order.deploymentId, change, group),
      },
    );
    this.#tasks.set(task.id, task);
    return { id: task.id, availabilityZone: subnet.availabilityZone };
  }

  #tasksProtected(): number {
    return this.tasks.filter(({ protection, end }) => protection.enabled && !end).length;
  }

  /** Tasks are spread evenly. Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html */
  #emptiestSubnet(ids: readonly string[]) {
    const tasksIn = (id: string) => this.tasks.filter((task) => task.order.subnet.id === id && !task.end).length;
    const emptiest = ids.reduce((best, id) => (tasksIn(id) < tasksIn(best) ? id : best));
    return this.layout.subnets.get(emptiest)!;
  }

  /** Reports the task's state to the scheduler, which ignores what it knows already. */
  #taskChanged(task: FargateTask): void {
    const { id } = task;
    const health = serviceHealth(task);
    if (task.status === "RUNNING") this.#scheduler.taskRunning(id, health !== undefined);
    if (!task.end && health === "HEALTHY") this.#scheduler.taskHealthy(id);
    if (!task.end && health === "UNHEALTHY") this.#unhealthyAfterGrace(task);
    this.#scheduler.taskProtected(id, task.protection.enabled);
    if (task.end) {
      this.#lastEnded = task;
      this.#scheduler.taskStopping(id);
    }
    if (task.status === "STOPPED") {
      if (task.end?.stopCode === "TaskFailedToStart") this.options.onProblem(lastOutput([task]));
      this.#tasks.delete(id);
      this.#scheduler.taskStopped(id);
    }
    this.options.records.task(task.arn, () => taskRecord(task));
    this.options.onTask(task);
    this.#project();
  }

  #unhealthyAfterGrace(task: FargateTask): void {
    const { clock } = this.options.surroundings;
    const graceEnds = (task.startedAt ?? clock.now()) + this.applied.gracePeriodSeconds * 1000;
    const evaluateHealth = () => {
      if (serviceHealth(task) !== "UNHEALTHY" || task.end) return;
      const group = task.health === "UNHEALTHY" ? undefined : task.registrations.unhealthyGroup;
      this.#scheduler.taskUnhealthy(task.id, group && `Task failed ELB health checks in (target-group ${group})`);
    };
    if (graceEnds <= clock.now()) evaluateHealth();
    else void task.stopped.then(clock.after(graceEnds - clock.now(), evaluateHealth));
  }

  #project(): void {
    this.options.records.service(this.applied.arn, () => this.record);
  }
}

/**
 * What counts for the service: the containers' health checks and those of the load balancers, all of them that there are.
 * Source: minimumHealthyPercent in https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
 */
function serviceHealth({ containers, health, registrations }: FargateTask): HealthStatus | undefined {
  const { targetHealth } = registrations;
  if (!containers.hasHealthCheck && !targetHealth) return undefined;
  if (health === "UNHEALTHY" || targetHealth?.state === "unhealthy") return "UNHEALTHY";
  const healthy =
    (!containers.hasHealthCheck || health === "HEALTHY") && (targetHealth?.state ?? "healthy") === "healthy";
  return healthy ? "HEALTHY" : "UNKNOWN";
}

const target = ({ desiredCount, configuration }: AppliedService) => ({ desiredCount, configuration });
