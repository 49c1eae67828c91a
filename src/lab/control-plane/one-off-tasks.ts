import { lastPartOf } from "../../aws/arn";
import { onDemandProvider } from "./capacity";
import type { Task } from "@aws-sdk/client-ecs";
import { describeTasks, listTasks } from "../../aws/sdk/tasks";
import type { VariableOverrides } from "../run-options/variable-overrides";
import { lastOutput } from "../waiting/last-output";
import type { AppliedSubnet } from "./applied/subnets";
import { readTaskDefinition } from "./applied/task-definitions";
import type { EcsRecords } from "./ecs-records";
import { taskRecord } from "./records";
import { FargateTask, type TaskSurroundings } from "./task/fargate-task";
import { runnableContainers } from "./task/runnable-containers";

export interface OneOffTasksOptions {
  readonly surroundings: Omit<TaskSurroundings, "onChange" | "onTarget" | "protectionBlocked">;
  readonly records: EcsRecords;
  /** Variables that tasks get in this run. @default those of their task definitions */
  readonly variables?: VariableOverrides;
  readonly onTask: (task: FargateTask) => void;
  /** Gets what the lab can't run of a task, and what one wrote that failed to start. */
  readonly onProblem: (message: string) => void;
}

/**
 * Tasks of no service, which a client started with RunTask: local AWS has their records (`moto/tasks.py`), and they run once.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
 */
export class OneOffTasks {
  readonly #tasks = new Map<string, FargateTask>();
  readonly #awaited = new Map<string, (task: FargateTask) => void>();

  constructor(private readonly options: OneOffTasksOptions) {}

  /** Tasks that are not gone yet. */
  get all(): readonly FargateTask[] {
    return [...this.#tasks.values()];
  }

  /** A task that a client has just asked for, once it starts. */
  started(arn: string): Promise<FargateTask> {
    const task = this.#tasks.get(arn);
    return task ? Promise.resolve(task) : new Promise((resolve) => this.#awaited.set(arn, resolve));
  }

  /**
   * Starts those that clients have asked for since the last look.
   * @param others the services' tasks
   */
  async startRequested(
    clusterArns: ReadonlySet<string>,
    others: readonly Pick<FargateTask, "arn">[],
    subnets: ReadonlyMap<string, AppliedSubnet>,
  ): Promise<void> {
    const { clients } = this.options.surroundings;
    const known = new Set([...others, ...this.all].map(({ arn }) => arn));
    for (const cluster of clusterArns) {
      const arns = await listTasks(clients, { cluster, desiredStatus: "RUNNING" });
      const fresh = arns.filter((arn) => !known.has(arn));
      for (const task of await describeTasks(clients, cluster, fresh))
        if (task.lastStatus === "PROVISIONING" && task.group?.startsWith("family:")) await this.#start(task, subnets);
    }
  }

  async #start(requested: Task, subnets: ReadonlyMap<string, AppliedSubnet>): Promise<void> {
    const { surroundings, variables, onProblem } = this.options;
    const { taskArn, clusterArn, taskDefinitionArn, overrides, startedBy = "" } = requested;
    const definition = await readTaskDefinition(
      surroundings.clients,
      taskDefinitionArn!,
      overrides?.containerOverrides ?? [],
    );
    const { family } = definition;
    const { containers, leftOut } = runnableContainers(definition.containers, surroundings.images, family);
    leftOut.forEach((message) => onProblem(message));
    const detail = (name: string) =>
      requested.attachments?.[0]?.details?.find((each) => each.name === name)?.value ?? "";
    const task = new FargateTask(
      {
        serviceName: family,
        capacityProvider: onDemandProvider,
        deploymentId: startedBy,
        oneOff: { id: lastPartOf(taskArn!), group: requested.group! },
        clusterArn: clusterArn!,
        definition: { ...definition, containers: variables ? variables.applyTo(family, containers) : containers },
        subnet: subnets.get(detail("subnetId"))!,
        securityGroupIds: detail("securityGroups").split(",").filter(Boolean),
        registryId: undefined,
        targets: [],
        enableExecuteCommand: requested.enableExecuteCommand ?? false,
      },
      {
        ...surroundings,
        protectionBlocked: () => false,
        onTarget: () => {},
        onChange: (changed) => this.#changed(changed),
      },
    );
    this.#tasks.set(task.arn, task);
    this.#awaited.get(task.arn)?.(task);
    this.#awaited.delete(task.arn);
  }

  #changed(task: FargateTask): void {
    if (task.status === "STOPPED") {
      if (task.end?.stopCode === "TaskFailedToStart") this.options.onProblem(lastOutput([task]));
      this.#tasks.delete(task.arn);
    }
    this.options.records.task(task.arn, () => taskRecord(task));
    this.options.onTask(task);
  }
}
