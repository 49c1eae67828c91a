import type { AppliedContainer, ContainerDependency } from "../applied/task-definitions";
import type { Clock } from "../../clock";
import type { Container, ExitStatus, Task } from "../../data-plane/data-plane";
import { watchHealth } from "./health-check";
import type { HealthStatus } from "./health-check";
import type { Images } from "../images";
import { slowness } from "../../waiting/machine";

type Condition = ContainerDependency["condition"];

/** A task that could not be started: `message` is ECS's stopped reason, with its error's name in front. */
export class TaskFailedToStart extends Error {
  /** As DescribeTasks gives it. Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html */
  readonly stopCode = "TaskFailedToStart";
}

/** Values of a task's secrets by container: environment variables to be added to its own. */
export type TaskSecrets = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** One container of a task, from before its start to after its end. */
export interface TaskContainer {
  readonly definition: AppliedContainer;
  health: HealthStatus;
  running?: Container;
  exit?: ExitStatus;
  /** Whether its `startTimeout` has passed. */
  startExpired?: boolean;
}

export interface TaskContainersOptions {
  readonly images: Images;
  readonly secrets: TaskSecrets;
  readonly clock: Clock;
  /** Who asks, for messages: `service "myapp"`. */
  readonly user: string;
  readonly onOutput?: (container: string, line: string, stream: "stdout" | "stderr") => void;
  /** A container's health, or its end. */
  readonly onChange: () => void;
}

/**
 * The containers of one task: started in the order of their dependencies, watched by their health checks.
 * Source of the order: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html
 */
export class TaskContainers {
  readonly all: readonly TaskContainer[];
  readonly #unwatch: (() => void)[] = [];
  #waiting: (() => void)[] = [];

  constructor(
    definitions: readonly AppliedContainer[],
    private readonly options: TaskContainersOptions,
  ) {
    this.all = definitions.map((definition) => ({ definition, health: "UNKNOWN" }));
  }

  /** The task's health: that of its essential containers that have a health check. */
  get health(): HealthStatus {
    const checked = this.all.filter(({ definition }) => definition.essential && definition.healthCheck);
    if (checked.some(({ health }) => health === "UNHEALTHY")) return "UNHEALTHY";
    return checked.length > 0 && checked.every(({ health }) => health === "HEALTHY") ? "HEALTHY" : "UNKNOWN";
  }

  get hasHealthCheck(): boolean {
    return this.all.some(({ definition }) => definition.essential && definition.healthCheck);
  }

  /** Whether an essential container has ended, and the task with it. */
  get essentialExited(): boolean {
    return this.all.some(({ definition, exit }) => definition.essential && exit);
  }

  /** Whose output tells most: one that failed, else an essential one that has started, else whichever started last. */
  get telling(): TaskContainer | undefined {
    const started = this.all.filter(({ running }) => running);
    return (
      started.find(({ exit }) => exit && exit.exitCode !== 0) ??
      started.find(({ definition }) => definition.essential) ??
      started.at(-1)
    );
  }

  /** Settled when nothing of the task runs any more: each container that was started has ended. */
  get ended(): Promise<unknown> {
    return Promise.all(this.all.map(({ running }) => running?.exited));
  }

  /** Starts all of them, each as soon as what it depends on is so far; done as well when `ended()` says it is over. */
  async start(task: Task, ended: () => boolean): Promise<void> {
    await Promise.all(
      this.all.map(async (container) => {
        while (!this.#mayStart(container)) {
          if (ended() || this.essentialExited) return;
          await new Promise<void>((resolve) => this.#waiting.push(resolve));
        }
        if (!ended()) await this.#start(task, container);
      }),
    );
  }

  /** Lets those that wait for another container look again. */
  wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  }

  /** SIGTERM, and SIGKILL after each one's stop timeout: what depends on another is stopped before it. */
  async stop(): Promise<void> {
    this.wake();
    for (const end of this.#unwatch) end();
    const stopped = new Map<TaskContainer, Promise<unknown>>();
    const stop = (container: TaskContainer): Promise<unknown> => {
      const known = stopped.get(container);
      if (known) return known;
      const dependants = this.all.filter(({ definition }) =>
        definition.dependsOn.some((dependency) => dependency.containerName === container.definition.name),
      );
      const done = Promise.all(dependants.map(stop)).then(() =>
        container.running?.stop(container.definition.stopTimeoutSeconds),
      );
      stopped.set(container, done);
      return done;
    };
    await Promise.all(this.all.map(stop));
    for (const container of this.all) if (container.running) container.exit ??= await container.running.exited;
  }

  #mayStart({ definition }: TaskContainer): boolean {
    return definition.dependsOn.every(({ containerName, condition }) => {
      const other = this.all.find((container) => container.definition.name === containerName);
      return other !== undefined && isMet(condition, other, definition.name);
    });
  }

  async #start(task: Task, container: TaskContainer): Promise<void> {
    const { definition } = container;
    const { images, secrets, user, onOutput } = this.options;
    const image = images.find(definition.image, `${user}, container "${definition.name}"`);
    container.running = await task.startContainer({
      name: definition.name,
      image: definition.image,
      folder: image.folder,
      command: image.command(definition.command),
      environment: { ...definition.environment, ...secrets.get(definition.name) },
      readonlyRootFilesystem: definition.readonlyRootFilesystem,
      volumes: definition.volumes,
      onOutput: (line, stream) => onOutput?.(definition.name, line, stream),
    });
    void container.running.exited.then((exit) => {
      container.exit = exit;
      this.#changed();
    });
    this.#limitStart(container);
    this.#watch(container, container.running);
    this.#changed();
  }

  /** A container that waits for it longer than its `startTimeout` gives up. */
  #limitStart(container: TaskContainer): void {
    const { startTimeoutSeconds } = container.definition;
    if (startTimeoutSeconds === undefined) return;
    const expire = () => {
      container.startExpired = true;
      this.wake();
    };
    this.#unwatch.push(this.options.clock.after(startTimeoutSeconds * 1000, expire));
  }

  #watch(container: TaskContainer, running: Container): void {
    const check = container.definition.healthCheck;
    if (!check) return;
    // On Fargate a task has its own cores; here the check's timeout grows with the number of processes that share one.
    const timeout = () => ({ timeoutSeconds: check.timeoutSeconds * slowness() });
    const probe = async () => (await running.exec(check.command, timeout())).code === 0;
    this.#unwatch.push(
      watchHealth(check, probe, this.options.clock, (health) => {
        container.health = health;
        this.#changed();
      }),
    );
  }

  #changed(): void {
    this.wake();
    this.options.onChange();
  }
}

/**
 * Source of what fails: `dependencygraph` in https://github.com/aws/amazon-ecs-agent
 * @throws TaskFailedToStart when it never will be: then the dependant can't start.
 */
function isMet(condition: Condition, other: TaskContainer, dependant: string): boolean {
  const { exit, health, running, definition } = other;
  if (condition === "START") return running !== undefined;
  const fails = (why: string) =>
    new TaskFailedToStart(
      `Container "${dependant}" depends on ${wanted[condition]} "${definition.name}", which ${why}`,
    );
  if (exit) {
    if (condition === "COMPLETE" || (condition === "SUCCESS" && exit.exitCode === 0)) return true;
    throw fails(`exited with code ${exit.exitCode}`);
  }
  if (condition === "HEALTHY" && health === "HEALTHY") return true;
  if (other.startExpired) throw fails(`took longer than its startTimeout of ${definition.startTimeoutSeconds} s`);
  return false;
}

const wanted = { COMPLETE: "the end of", SUCCESS: "the success of", HEALTHY: "the health of" };
