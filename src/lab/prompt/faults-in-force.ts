import type { Faults, TaskRuntime } from "../data-plane/data-plane";
import type { FargateTask } from "../control-plane/task/fargate-task";
import { addressOf } from "./tasks-here";

type TaskFaults = Required<Pick<Faults, "cutTasks" | "cutLinks" | "frozenTasks">>;

const none: TaskFaults = { cutTasks: [], cutLinks: [], frozenTasks: [] };

/** The faults that were made at the prompt and are not healed yet. A task that ends takes its own along. */
export class FaultsInForce {
  #faults = none;

  constructor(private readonly runtime: TaskRuntime) {}

  /** @throws Error when the task has no address yet, as all of these */
  async cutTask(task: FargateTask): Promise<void> {
    await this.#add({ cutTasks: [addressOf(task)] }, task);
  }

  async cutLink(one: FargateTask, other: FargateTask): Promise<void> {
    await this.#add({ cutLinks: [[addressOf(one), addressOf(other)]] }, one, other);
  }

  async freeze(task: FargateTask): Promise<void> {
    await this.#add({ frozenTasks: [addressOf(task)] }, task);
  }

  async heal(): Promise<void> {
    await this.#apply(none);
  }

  async #add({ cutTasks = [], cutLinks = [], frozenTasks = [] }: Faults, ...tasks: FargateTask[]): Promise<void> {
    await this.#apply({
      cutTasks: [...this.#faults.cutTasks, ...cutTasks],
      cutLinks: [...this.#faults.cutLinks, ...cutLinks],
      frozenTasks: [...this.#faults.frozenTasks, ...frozenTasks],
    });
    // Its address may be another task's next.
    for (const task of tasks) void task.stopped.then(() => this.#forget(addressOf(task))).catch(() => undefined);
  }

  async #forget(address: string): Promise<void> {
    const { cutTasks, cutLinks, frozenTasks } = this.#faults;
    await this.#apply({
      cutTasks: cutTasks.filter((cut) => cut !== address),
      cutLinks: cutLinks.filter((link) => !link.includes(address)),
      frozenTasks: frozenTasks.filter((frozen) => frozen !== address),
    });
  }

  async #apply(faults: TaskFaults): Promise<void> {
    await this.runtime.applyFaults(faults);
    this.#faults = faults;
  }
}
