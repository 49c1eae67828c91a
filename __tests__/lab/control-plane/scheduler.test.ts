import fc from "fast-check";
import { taskBounds } from "../../../src/lab/control-plane/deployment";
import type { DeploymentConfiguration } from "../../../src/lab/control-plane/deployment";
import { ServiceScheduler } from "../../../src/lab/control-plane/scheduler";
import type { SchedulerOptions, ServiceTarget, TaskLauncher } from "../../../src/lab/control-plane/scheduler";
import { SimulatedClock } from "../simulated-clock";

/** What a task of a revision does in the simulation, in milliseconds. */
interface Behaviour {
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

const good: Behaviour = { bootMs: 700, stopMs: 300, healthCheck: "passes" };
const crashing: Behaviour = { bootMs: 200, stopMs: 300, crashMs: 50, healthCheck: "passes" };
const rolling = (minimumHealthyPercent: number, maximumPercent: number, rollback = true): DeploymentConfiguration => ({
  minimumHealthyPercent,
  maximumPercent,
  circuitBreaker: { enable: true, rollback },
});
const minutes = (count: number) => count * 60_000;

function service(options: SchedulerOptions = {}) {
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
function request(
  scheduler: ServiceScheduler<Behaviour>,
  { revision, ...target }: ServiceTarget & { readonly revision: Behaviour },
): void {
  const [last] = scheduler.history;
  const id = last?.revision === revision ? last.id : `ecs-svc/${scheduler.history.length + 1}`;
  scheduler.update(target, { id, revision });
}

describe("a rolling update", () => {
  it("never stops below the minimum, never starts above the maximum, and ends with the new revision alone", () => {
    const counts = fc.integer({ min: 1, max: 40 });
    const percents = fc.record({ minimum: fc.integer({ min: 0, max: 100 }), more: fc.integer({ min: 1, max: 200 }) });
    const delays = fc.record({ bootMs: fc.integer({ min: 1, max: 9000 }), stopMs: fc.integer({ min: 1, max: 9000 }) });
    fc.assert(
      fc.property(counts, counts, percents, delays, (before, after, { minimum, more }, delay) => {
        // GIVEN a service in a steady state
        const { clock, fargate, scheduler, events } = service();
        const configuration = rolling(minimum, Math.max(100, minimum + more));
        request(scheduler, { desiredCount: before, revision: good, configuration });
        clock.run(minutes(60));
        expect(scheduler.steady).toBe(true);

        // WHEN it is given another revision, and another count at the same time
        const bounds = taskBounds(after, configuration);
        fargate.onStart = () => expect(fargate.live).toBeLessThanOrEqual(bounds.maximum);
        fargate.onStop = (wasHealthy) => {
          if (wasHealthy) expect(fargate.healthy.size).toBeGreaterThanOrEqual(bounds.minimum);
        };
        const revision: Behaviour = { ...delay, healthCheck: "passes" };
        request(scheduler, { desiredCount: after, revision, configuration });
        clock.run(minutes(60));

        // THEN it ends with the new ones alone, unless no step is possible within the bounds: then it says so
        if (bounds.minimum >= bounds.maximum) {
          expect(events.join("\n")).toContain("was unable to stop or start tasks during a deployment");
          return;
        }
        expect(scheduler.steady).toBe(true);
        expect(fargate.healthy.size).toBe(after);
        expect(scheduler.tasks.every((task) => task.deploymentId === scheduler.deployments[0]?.id)).toBe(true);
        expect(scheduler.deployments).toHaveLength(1);
      }),
      { numRuns: 300 },
    );
  });

  it("never starts above the maximum while tasks crash at random, and is steady again once they stop doing so", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 15 }),
        fc.array(fc.record({ afterMs: fc.integer({ min: 0, max: 20_000 }), which: fc.nat() }), { maxLength: 30 }),
        (desiredCount, crashes) => {
          // GIVEN a service and a deployment in progress
          const { clock, fargate, scheduler } = service();
          const configuration = rolling(50, 150);
          const { maximum } = taskBounds(desiredCount, configuration);
          fargate.onStart = () => expect(fargate.live).toBeLessThanOrEqual(Math.max(maximum, desiredCount));
          request(scheduler, { desiredCount, revision: good, configuration });
          clock.run(minutes(1));
          request(scheduler, { desiredCount, revision: { ...good }, configuration });
          // WHEN any tasks crash at any time
          for (const { afterMs, which } of crashes) {
            clock.run(afterMs);
            const ids = [...fargate.states.keys()];
            if (ids.length > 0) fargate.crash(ids[which % ids.length]!);
          }
          clock.run(minutes(60));
          // THEN nothing is left of it, unless one task can be neither added nor taken
          const stuck = maximum === taskBounds(desiredCount, configuration).minimum;
          if (!stuck) expect(scheduler.steady).toBe(true);
          expect(fargate.healthy.size).toBe(desiredCount);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("says that its percentages leave no step when one task may be neither added nor taken", () => {
    // GIVEN one task, 100 % at least and 100 % at most
    const { clock, scheduler, events } = service();
    request(scheduler, { desiredCount: 1, revision: good, configuration: rolling(100, 100) });
    clock.run(minutes(1));
    // WHEN it is deployed again
    request(scheduler, { desiredCount: 1, revision: { ...good }, configuration: rolling(100, 100) });
    clock.run(minutes(10));
    // THEN nothing moves, and one event reports it
    expect(scheduler.steady).toBe(false);
    expect(events.filter((event) => event.includes("unable to stop or start"))).toEqual([
      "(service myapp) was unable to stop or start tasks during a deployment because of the service deployment " +
        "configuration. Update the minimumHealthyPercent or maximumPercent value and try again.",
    ]);
  });

  it("goes down to the minimum at once when that is below the desired count", () => {
    // GIVEN four tasks, of which half must stay
    const { clock, fargate, scheduler } = service();
    request(scheduler, { desiredCount: 4, revision: good, configuration: rolling(50, 100) });
    clock.run(minutes(1));
    // WHEN a deployment begins
    request(scheduler, { desiredCount: 4, revision: { ...good }, configuration: rolling(50, 100) });
    // THEN two are stopped before any is started
    expect(fargate.healthy.size).toBe(2);
    expect(fargate.live).toBe(4);
  });

  it("waits 40 seconds for a task without a health check", () => {
    // GIVEN one such task
    const { clock, scheduler } = service();
    request(scheduler, { desiredCount: 1, revision: { bootMs: 0, stopMs: 0 }, configuration: rolling(100, 200) });
    // WHEN it has run for almost so long
    clock.run(39_999);
    // THEN it does not count yet
    expect(scheduler.steady).toBe(false);
    clock.run(1);
    expect(scheduler.steady).toBe(true);
  });

  it("starts a replacement before it stops a task whose health check failed", () => {
    // GIVEN two healthy tasks
    const { clock, fargate, scheduler } = service();
    request(scheduler, { desiredCount: 2, revision: good, configuration: rolling(100, 200) });
    clock.run(minutes(1));
    // WHEN one turns unhealthy
    fargate.healthy.delete("t1");
    scheduler.taskUnhealthy("t1");
    // THEN it stays until another is healthy
    expect(fargate.states.get("t1")).toBe("RUNNING");
    expect(fargate.live).toBe(3);
    clock.run(minutes(1));
    expect([...fargate.states.keys()]).toEqual(["t2", "t3"]);
  });
});

describe("the circuit breaker", () => {
  it("rolls a crashing deployment back to the last completed one, whose tasks never noticed", () => {
    // GIVEN three tasks, a deployment that completed
    const { clock, fargate, scheduler, events } = service();
    request(scheduler, { desiredCount: 3, revision: good, configuration: rolling(100, 200) });
    clock.run(minutes(1));
    const completed = scheduler.deployments[0]!.id;
    // WHEN a revision is deployed that crashes
    request(scheduler, { desiredCount: 3, revision: crashing, configuration: rolling(100, 200) });
    clock.run(minutes(10));
    // THEN after three failures it is over, and the old tasks are the same ones
    expect(fargate.launched.filter((revision) => revision === crashing)).toHaveLength(3);
    expect([...fargate.states.keys()]).toEqual(["t1", "t2", "t3"]);
    expect(scheduler.steady).toBe(true);
    expect(scheduler.deployments).toHaveLength(1);
    expect(scheduler.deployments[0]).toMatchObject({ id: completed, rolloutState: "COMPLETED" });
    expect(events.join("\n")).toMatch(
      new RegExp(
        `deployment failed: tasks failed to start\\.\\n\\(service myapp\\) rolling back to deployment ${completed}\\.`,
      ),
    );
  });

  it("forgives the deployment it goes back to what had failed there before", () => {
    // GIVEN a service that completed, three tasks of which crashed while they booted later on
    const { clock, fargate, scheduler } = service();
    request(scheduler, { desiredCount: 1, revision: good, configuration: rolling(0, 200) });
    clock.run(minutes(1));
    for (const which of ["t1", "t2", "t3", "t4"]) {
      fargate.crash(which);
      clock.run(which === "t4" ? minutes(1) : 1500);
    }
    // WHEN a deployment is rolled back to it
    request(scheduler, { desiredCount: 1, revision: crashing, configuration: rolling(0, 200) });
    clock.run(minutes(10));
    // THEN it completes again
    expect(scheduler.deployments[0]).toMatchObject({ revision: good, rolloutState: "COMPLETED" });
    expect(fargate.healthy.size).toBe(1);
  });

  it("counts failed health checks, and starts what the minimum had cost again", () => {
    // GIVEN four tasks that may go down to two
    const { clock, fargate, scheduler } = service();
    request(scheduler, { desiredCount: 4, revision: good, configuration: rolling(50, 100) });
    clock.run(minutes(1));
    // WHEN a revision is deployed whose health check fails
    const failing: Behaviour = { ...good, healthCheck: "fails" };
    request(scheduler, { desiredCount: 4, revision: failing, configuration: rolling(50, 100) });
    clock.run(minutes(30));
    // THEN four tasks of the old revision run
    expect(scheduler.deployments[0]).toMatchObject({ revision: good, rolloutState: "COMPLETED" });
    expect(fargate.healthy.size).toBe(4);
  });

  it("stalls where no deployment has ever completed", () => {
    // GIVEN a new service
    const { clock, fargate, scheduler } = service();
    // WHEN its first revision crashes
    request(scheduler, { desiredCount: 2, revision: crashing, configuration: rolling(100, 200) });
    clock.run(minutes(60));
    // THEN it gives up after three tasks, or the one more that ran at the same time as the third
    expect(fargate.launched.length).toBeLessThanOrEqual(4);
    expect(scheduler.tasks).toEqual([]);
    expect(scheduler.deployments[0]).toMatchObject({
      rolloutState: "FAILED",
      rolloutStateReason: "ECS deployment circuit breaker: tasks failed to start.",
    });
  });

  it("is forgotten with the deployment: the next one is tried", () => {
    // GIVEN a stalled service
    const { clock, scheduler } = service();
    request(scheduler, { desiredCount: 2, revision: crashing, configuration: rolling(100, 200, false) });
    clock.run(minutes(60));
    // WHEN a sound revision comes
    request(scheduler, { desiredCount: 2, revision: good, configuration: rolling(100, 200, false) });
    clock.run(minutes(1));
    // THEN it completes
    expect(scheduler.steady).toBe(true);
  });

  it("where there is none, a crashing task is tried again indefinitely, ever more slowly", () => {
    // GIVEN no circuit breaker
    const { clock, fargate, scheduler, events } = service();
    const configuration = { ...rolling(100, 200), circuitBreaker: { enable: false, rollback: false } };
    // WHEN tasks crash for an hour
    request(scheduler, { desiredCount: 1, revision: crashing, configuration });
    clock.run(minutes(60));
    // THEN there were some sixty of them
    expect(fargate.launched.length).toBeGreaterThan(50);
    expect(fargate.launched.length).toBeLessThan(80);
    expect(events).toContain("(service myapp) is unable to consistently start tasks successfully.");
  });
});

describe("what ECS knows of a service", () => {
  const configuration = rolling(100, 200);

  it("stays as it is when the same is asked for again", () => {
    // GIVEN a service in a steady state
    const { clock, scheduler, events, fargate } = service();
    const ask = () => scheduler.update({ desiredCount: 2, configuration }, { id: "ecs-svc/1", revision: good });
    ask();
    clock.run(minutes(1));
    const before = [...events];
    // WHEN
    ask();
    clock.run(minutes(1));
    // THEN
    expect(events).toEqual(before);
    expect(scheduler.steady).toBe(true);
    expect(fargate.launched).toHaveLength(2);
  });

  it("begins a deployment of the same revision when one of another id is requested", () => {
    const { clock, scheduler, fargate } = service();
    scheduler.update({ desiredCount: 1, configuration }, { id: "ecs-svc/1", revision: good });
    clock.run(minutes(1));
    scheduler.update({ desiredCount: 1, configuration }, { id: "ecs-svc/2", revision: good });
    clock.run(minutes(1));
    expect(scheduler.deployments).toMatchObject([{ id: "ecs-svc/2", rolloutState: "COMPLETED" }]);
    expect([...fargate.states.keys()]).toEqual(["t2"]);
  });

  it("does not forgive failures, nor shorten the pause, when a healthy task is reported again", () => {
    // GIVEN a healthy task, and one that failed in the deployment
    const { clock, scheduler, fargate } = service();
    scheduler.update({ desiredCount: 2, configuration: rolling(0, 200) }, { id: "ecs-svc/1", revision: good });
    clock.run(minutes(1));
    fargate.crash("t2");
    clock.run(1500);
    fargate.crash("t3");
    const { failedTasks } = scheduler.deployments[0]!;
    // WHEN
    scheduler.taskHealthy("t1");
    // THEN
    expect(failedTasks).toBe(1);
    expect(scheduler.deployments[0]!.failedTasks).toBe(1);
  });

  it("includes deployments that have ended, and how", () => {
    // GIVEN one that completed, one that was replaced on its way, one that was rolled back
    const { clock, scheduler } = service();
    request(scheduler, { desiredCount: 1, revision: good, configuration });
    clock.run(minutes(1));
    request(scheduler, { desiredCount: 1, revision: { ...good }, configuration });
    const second = { ...good };
    request(scheduler, { desiredCount: 1, revision: second, configuration });
    clock.run(minutes(1));
    request(scheduler, { desiredCount: 1, revision: crashing, configuration });
    clock.run(minutes(10));
    // THEN
    expect(scheduler.history.map(({ id, end }) => [id, end?.status])).toEqual([
      ["ecs-svc/4", "ROLLBACK_SUCCESSFUL"],
      ["ecs-svc/3", "SUCCESSFUL"],
      ["ecs-svc/2", "STOPPED"],
      ["ecs-svc/1", "SUCCESSFUL"],
    ]);
    expect(scheduler.history[0]).toMatchObject({ failures: 3, rollback: { to: { id: "ecs-svc/3" } } });
    expect(scheduler.deployments.map(({ id }) => id)).toEqual(["ecs-svc/3"]);
  });

  it("is limited to a hundred deployments and events, without the one to go back to being lost", () => {
    // GIVEN one that completed
    const { clock, scheduler } = service();
    request(scheduler, { desiredCount: 1, revision: good, configuration });
    clock.run(minutes(1));
    // WHEN a hundred and fifty are rolled back to it
    for (let id = 2; id <= 151; id += 1) {
      scheduler.update({ desiredCount: 1, configuration }, { id: `ecs-svc/${id}`, revision: { ...crashing } });
      clock.run(minutes(10));
    }
    // THEN
    expect(scheduler.deployments).toMatchObject([{ id: "ecs-svc/1", rolloutState: "COMPLETED" }]);
    expect(scheduler.history.length).toBeLessThanOrEqual(101);
    expect(scheduler.knows("ecs-svc/1")).toBe(true);
    expect(scheduler.events).toHaveLength(100);
  });
});
