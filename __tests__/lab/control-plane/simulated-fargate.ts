import type { DeploymentConfiguration } from "../../../src/lab/control-plane/deployment";
import { ServiceScheduler } from "../../../src/lab/control-plane/scheduler";
import type { SchedulerOptions, ServiceTarget, TaskLauncher } from "../../../src/lab/control-plane/scheduler";
import { SimulatedClock } from "../simulated-clock";

/** What a task of a revision does in the simulation, in milliseconds. */
export interface Behaviour {
  readonly bootMs: number;
  readonly stopMs: number;
  /** How long it runs until it crashes; never, when left out. */
  readonly crashMs?: number;
  readonly healthCheck?: "passes" | "fails";
}

/** Fargate that starts and stops tasks in no time, and keeps the books that the properties are checked against. */
class SimulatedFargate implements TaskLauncher<Behaviour> {
  readonly states = new Map<string, "PENDING" | "RUNNING" | "STOPPING">();
  readonly healthy = new Set<string>();
  readonly launched: Behaviour[] = [];
  readonly #stopMs = new Map<string, number>();
  scheduler!: ServiceScheduler<Behaviour>;
  onStart: () => void = () => {};
  onStop: (wasHealthy: boolean) => void = () => {};
  #next = 1;
  constructor(private readonly clock: SimulatedClock) {}

  get live(): number {
    return [...this.states.values()].filter((state) => state !== "STOPPING").length;
  }

  start({ revision }: { revision: Behaviour }) {
    const id = `t${this.#next++}`;
    this.states.set(id, "PENDING");
    this.launched.push(revision);
    this.#stopMs.set(id, revision.stopMs);
    this.onStart();
    this.clock.after(revision.bootMs, () => this.#running(id, revision));
    return { id, availabilityZone: `eu-west-1${"abc"[this.#next % 3]}` };
  }

  stop(id: string) {
    const wasHealthy = this.healthy.delete(id);
    this.states.set(id, "STOPPING");
    this.onStop(wasHealthy);
    this.#gone(id, this.#stopMs.get(id)!);
  }

  crash(id: string) {
    if (this.states.get(id) === "STOPPING" || !this.states.has(id)) return;
    this.healthy.delete(id);
    this.states.set(id, "STOPPING");
    this.scheduler.taskStopping(id);
    this.#gone(id, 10);
  }

  #gone(id: string, milliseconds: number) {
    this.clock.after(milliseconds, () => {
      this.states.delete(id);
      this.scheduler.taskStopped(id);
    });
  }

  #running(id: string, { healthCheck, crashMs }: Behaviour) {
    if (this.states.get(id) !== "PENDING") return;
    this.states.set(id, "RUNNING");
    this.scheduler.taskRunning(id, healthCheck !== undefined);
    if (crashMs !== undefined) this.clock.after(crashMs, () => this.crash(id));
    if (healthCheck) this.clock.after(2000, () => this.#checked(id, healthCheck));
  }

  #checked(id: string, healthCheck: "passes" | "fails") {
    if (this.states.get(id) !== "RUNNING") return;
    if (healthCheck === "fails") return this.scheduler.taskUnhealthy(id);
    this.healthy.add(id);
    this.scheduler.taskHealthy(id);
  }
}

export const good: Behaviour = { bootMs: 700, stopMs: 300, healthCheck: "passes" };
export const rolling = (
  minimumHealthyPercent: number,
  maximumPercent: number,
  rollback = true,
): DeploymentConfiguration => ({
  minimumHealthyPercent,
  maximumPercent,
  circuitBreaker: { enable: true, rollback },
});
export const minutes = (count: number) => count * 60_000;

export function service(options: SchedulerOptions = {}) {
  const clock = new SimulatedClock();
  const fargate = new SimulatedFargate(clock);
  const events: string[] = [];
  const scheduler = new ServiceScheduler("myapp", fargate, clock, {
    onEvent: (event) => events.push(event),
    ...options,
  });
  fargate.scheduler = scheduler;
  return { clock, fargate, events, scheduler };
}

/** What a client requests of ECS's API: a deployment of its own where the revision is another one. */
export function request(
  scheduler: ServiceScheduler<Behaviour>,
  { revision, ...target }: ServiceTarget & { readonly revision: Behaviour },
): void {
  const [last] = scheduler.history;
  const id = last?.revision === revision ? last.id : `ecs-svc/${scheduler.history.length + 1}`;
  scheduler.update(target, { id, revision });
}
