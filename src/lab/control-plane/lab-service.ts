import { securityGroupsOf } from "./applied/applied";
import type { AppliedLayout } from "./applied/applied";
import type { AppliedService } from "./applied/services";
import { readTaskDefinition } from "./applied/task-definitions";
import type { AppliedTaskDefinition } from "./applied/task-definitions";
import { failureThreshold } from "./deployment/circuit-breaker";
import { DeploymentHistory } from "./deployment/deployment-history";
import type { EcsRecords, ServiceRecord } from "./ecs-records";
import { FargateTask } from "./fargate-task";
import type { TaskOrder, TaskSurroundings } from "./fargate-task";
import type { HealthStatus } from "./health-check";
import { runnableContainers } from "./runnable-containers";
import { defaultRetrySeconds, defaultSettleSeconds, ServiceScheduler } from "./scheduler";
import type { SchedulerOptions } from "./scheduler";
import { deploymentRecord, taskRecord } from "./task-record";
import { labBounds, type ServiceTiming } from "../waiting/bounds";

/** What makes a new deployment when it changes. */
type Revision = Omit<TaskOrder, "deploymentId" | "subnet"> & { readonly subnetIds: readonly string[] };

export interface LabServiceOptions extends Pick<SchedulerOptions, "retrySeconds"> {
  /** As {@link SchedulerOptions.settleSeconds}; `join`: as long as an address that is gone may still be dialled. @default 40 */
  readonly settleSeconds?: number | "join";
  readonly surroundings: Omit<TaskSurroundings, "onChange">;
  readonly records: EcsRecords;
  readonly onMessage: (service: string, message: string) => void;
  readonly onTask: (task: FargateTask) => void;
  /** What the lab itself can't do for the service, a sentence. */
  readonly onProblem: (message: string) => void;
}

/** Service events that DescribeServices gives: the newest hundred. */
const keptEvents = 100;

/** One ECS service: its scheduler, and the tasks that it has started. */
export class LabService {
  readonly #scheduler: ServiceScheduler<Revision>;
  readonly #tasks = new Map<string, FargateTask>();
  readonly #told = new Map<string, { running?: boolean; ending?: boolean; health: HealthStatus }>();
  readonly #events: { readonly id: string; readonly createdAt: string; readonly message: string }[] = [];
  #lastEnded: FargateTask | undefined;
  readonly #history = new DeploymentHistory<Revision>();
  readonly #knownDeployments = new Set<string | undefined>();
  #revision: Revision | undefined;
  #failedRevision: string | undefined;
  #rollback: ServiceRecord["rollback"];

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
        onEvent: (event) => this.#say(event),
      },
    );
  }

  get name(): string {
    return this.applied.name;
  }

  /** Whether its deployment has failed and nothing was there to go back to: nothing will happen until somebody changes it. */
  get stalled(): boolean {
    return this.deployments[0]?.rolloutState === "FAILED";
  }

  /** What ECS has said of it, newest first. */
  get events(): readonly { readonly createdAt: string; readonly message: string }[] {
    return this.#events;
  }

  /** How many tasks it is to have. */
  get desiredCount(): number {
    return this.applied.desiredCount;
  }

  get clusterArn(): string {
    return this.applied.clusterArn;
  }

  /** For somebody who waits in vain: what ECS last said of it, and why its last task stopped. */
  get lastWords(): string {
    const said = this.#events[0]?.message ?? `(service ${this.name}) has said nothing yet.`;
    const end = this.#lastEnded?.end;
    return end ? `${said} Its last stopped task: ${end.stoppedReason}` : said;
  }

  /** Its tasks, or where it has none the last one that stopped. */
  get newestTasks(): readonly FargateTask[] {
    return this.#tasks.size === 0 && this.#lastEnded ? [this.#lastEnded] : this.tasks;
  }

  /** What of it decides how long it takes to start, to be found and to be replaced. */
  get timing(): ServiceTiming {
    const { desiredCount, configuration, registryId } = this.applied;
    const { surroundings, settleSeconds = defaultSettleSeconds, retrySeconds = defaultRetrySeconds } = this.options;
    const registry = surroundings.cloudMap.namespaces
      .flatMap(({ services }) => services)
      .find(({ id }) => id === registryId);
    const containers = this.#revision?.definition.containers ?? [];
    const timing = { desiredCount, configuration, containers, dnsTtl: registry?.ttl, settleSeconds: 0, retrySeconds };
    return { ...timing, settleSeconds: settleSeconds === "join" ? labBounds([timing], 0).join.timers : settleSeconds };
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
    return this.#revision?.definition;
  }

  /** Brings it to what is applied now. */
  async update(applied: AppliedService, layout: AppliedLayout): Promise<void> {
    const definition = await this.#definition(applied);
    const revision = revisionOf(applied, layout, definition);
    const forced = this.#knownDeployments.size > 0 && !this.#knownDeployments.has(applied.deploymentId);
    const redeploy = forced || this.#isNew(revision);
    const unchanged = !redeploy && JSON.stringify(target(applied)) === JSON.stringify(target(this.applied));
    this.#knownDeployments.add(applied.deploymentId);
    this.applied = applied;
    this.layout = layout;
    if (redeploy) this.#revision = revision;
    if (redeploy || !unchanged) this.#scheduler.update({ ...target(applied), revision: this.#revision! }, redeploy);
    this.#record();
  }

  /** Local AWS goes on naming the revision that failed until it has been told of the rollback. */
  #isNew(revision: Revision): boolean {
    const text = JSON.stringify(revision);
    if (text === this.#failedRevision) return false;
    this.#failedRevision = undefined;
    return text !== JSON.stringify(this.#revision);
  }

  /** Starts nothing any more and stops all its tasks: the service was deleted, or the lab ends. */
  drain(): void {
    if (this.#revision)
      this.#scheduler.update({ ...target(this.applied), desiredCount: 0, revision: this.#revision }, false);
  }

  async #definition({ taskDefinitionArn }: AppliedService): Promise<AppliedTaskDefinition> {
    const known = this.#revision?.definition;
    if (known?.arn === taskDefinitionArn) return known;
    const { clients, images } = this.options.surroundings;
    const definition = await readTaskDefinition(clients, taskDefinitionArn);
    const { containers, leftOut } = runnableContainers(definition.containers, images, this.name);
    leftOut.forEach((message) => this.options.onProblem(message));
    return { ...definition, containers };
  }

  #start(deploymentId: string, { subnetIds, ...revision }: Revision) {
    const subnet = this.#emptiestSubnet(subnetIds);
    const task = new FargateTask(
      { ...revision, deploymentId, subnet },
      { ...this.options.surroundings, onChange: (changed) => this.#taskChanged(changed) },
    );
    this.#tasks.set(task.id, task);
    return { id: task.id, availabilityZone: subnet.availabilityZone };
  }

  /** Tasks are spread evenly. Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html */
  #emptiestSubnet(ids: readonly string[]) {
    const tasksIn = (id: string) => this.tasks.filter((task) => task.order.subnet.id === id && !task.end).length;
    const emptiest = ids.reduce((best, id) => (tasksIn(id) < tasksIn(best) ? id : best));
    return this.layout.subnets.get(emptiest)!;
  }

  /** Tells the scheduler what it has not been told yet. */
  #taskChanged(task: FargateTask): void {
    const { id } = task;
    const told = this.#told.get(id) ?? { health: "UNKNOWN" };
    this.#told.set(id, told);
    if (task.status === "RUNNING" && !told.running) {
      told.running = true;
      this.#scheduler.taskRunning(id, task.containers.hasHealthCheck);
    }
    if (told.running && !task.end && task.health !== told.health) {
      told.health = task.health;
      if (task.health === "HEALTHY") this.#scheduler.taskHealthy(id);
      if (task.health === "UNHEALTHY") this.#unhealthyAfterGrace(task);
    }
    if (task.end && !told.ending) {
      told.ending = true;
      this.#lastEnded = task;
      this.#scheduler.taskStopping(id);
    }
    if (task.status === "STOPPED") {
      this.#tasks.delete(id);
      this.#told.delete(id);
      this.#scheduler.taskStopped(id);
    }
    this.options.records.task(task.arn, () => taskRecord(task));
    this.options.onTask(task);
    this.#record();
  }

  #unhealthyAfterGrace(task: FargateTask): void {
    const { clock } = this.options.surroundings;
    const graceEnds = (task.startedAt ?? clock.now()) + this.applied.gracePeriodSeconds * 1000;
    const judge = () => {
      if (task.health === "UNHEALTHY" && !task.end) this.#scheduler.taskUnhealthy(task.id);
    };
    if (graceEnds <= clock.now()) judge();
    else clock.after(graceEnds - clock.now(), judge);
  }

  #say(message: string): void {
    const at = new Date(this.options.surroundings.clock.now()).toISOString();
    this.#events.unshift({ id: crypto.randomUUID(), createdAt: at, message });
    this.#events.splice(keptEvents);
    this.options.onMessage(this.name, message);
    this.#noticeRollback();
    this.#record();
  }

  /** After a rollback the service names the earlier task definition again, as it does in ECS. */
  #noticeRollback(): void {
    const primary = this.deployments[0]?.revision;
    if (!primary || !this.#revision || primary === this.#revision) return;
    this.#rollback = { from: this.#revision.definition.arn, to: primary.definition.arn };
    this.#failedRevision = JSON.stringify(this.#revision);
    this.#revision = primary;
  }

  #record(): void {
    for (const { id } of this.deployments) this.#knownDeployments.add(id);
    this.#history.observe(this.deployments, this.options.surroundings.clock.now());
    this.options.records.service(this.applied.arn, () => this.#serviceRecord());
  }

  #serviceRecord(): ServiceRecord {
    const rollback = this.#rollback;
    this.#rollback = undefined;
    const count = (deploymentId?: string) => {
      const tasks = this.tasks.filter((task) => !deploymentId || task.order.deploymentId === deploymentId);
      const running = tasks.filter((task) => task.status === "RUNNING").length;
      return {
        running,
        pending: tasks.filter((task) => ["PROVISIONING", "PENDING", "ACTIVATING"].includes(task.status)).length,
      };
    };
    const all = count();
    return {
      cluster: this.applied.clusterArn.split("/")[1]!,
      service: this.name,
      rollback,
      runningCount: all.running,
      pendingCount: all.pending,
      deployments: this.deployments.map((deployment) =>
        deploymentRecord(deployment, deployment.revision.definition.arn, {
          desired: deployment.status === "PRIMARY" ? this.applied.desiredCount : 0,
          ...count(deployment.id),
        }),
      ),
      events: this.#events,
      ...this.#history.records({
        serviceArn: this.applied.arn,
        clusterArn: this.clusterArn,
        taskDefinition: ({ definition }) => definition.arn,
        threshold: failureThreshold(this.applied.desiredCount),
      }),
    };
  }
}

const target = ({ desiredCount, configuration }: AppliedService) => ({ desiredCount, configuration });

const revisionOf = (service: AppliedService, layout: AppliedLayout, definition: AppliedTaskDefinition): Revision => ({
  serviceName: service.name,
  clusterArn: service.clusterArn,
  definition,
  subnetIds: service.subnetIds,
  securityGroupIds: securityGroupsOf(service, layout.securityGroups),
  registryId: service.registryId,
  enableExecuteCommand: service.enableExecuteCommand,
});
