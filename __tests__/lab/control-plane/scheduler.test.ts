import { ServiceScheduler, type SchedulerOptions } from "../../../src/lab/control-plane/scheduler";
import { SimulatedClock } from "../simulated-clock";
import { type Behaviour, good, minutes, request, rolling, service } from "./simulated-fargate";

const crashing: Behaviour = { bootMs: 200, stopMs: 300, crashMs: 50, healthCheck: "passes" };

describe("a rolling update", () => {
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

describe("protected tasks", () => {
  const steadyWith = (desiredCount: number) => {
    const all = service();
    request(all.scheduler, { desiredCount, revision: good, configuration: rolling(100, 200) });
    all.clock.run(minutes(1));
    return all;
  };
  const spared = "was unable to scale in due to";

  it("are spared by scaling in, until their protection ends", () => {
    // GIVEN three tasks, of which the two oldest are protected
    const { clock, fargate, scheduler, events } = steadyWith(3);
    for (const id of ["t1", "t2"]) scheduler.taskProtected(id, true);
    // WHEN one is wanted
    request(scheduler, { desiredCount: 1, revision: good, configuration: rolling(100, 200) });
    clock.run(minutes(10));
    // THEN the others stay, and one event says why
    expect([...fargate.states.keys()]).toEqual(["t1", "t2"]);
    expect(scheduler.steady).toBe(false);
    expect(events.filter((event) => event.includes(spared))).toEqual([
      `(service myapp, taskSet ${scheduler.deployments[0]!.id}) was unable to scale in due to (reason 1 tasks under protection)`,
    ]);
    // WHEN the protection of one ends
    scheduler.taskProtected("t1", false);
    clock.run(minutes(1));
    // THEN
    expect([...fargate.states.keys()]).toEqual(["t2"]);
    expect(scheduler.steady).toBe(true);
  });

  it("outlive a deployment, which completes when their protection ends", () => {
    const { clock, fargate, scheduler, events } = steadyWith(2);
    scheduler.taskProtected("t1", true);
    request(scheduler, { desiredCount: 2, revision: { ...good }, configuration: rolling(100, 200) });
    clock.run(minutes(10));
    expect([...fargate.states.keys()]).toEqual(["t1", "t3", "t4"]);
    expect(scheduler.deployments[0]!.rolloutState).toBe("IN_PROGRESS");
    expect(events.filter((event) => event.includes(spared))).toHaveLength(1);
    scheduler.taskProtected("t1", false);
    clock.run(minutes(1));
    expect([...fargate.states.keys()]).toEqual(["t3", "t4"]);
    expect(scheduler.deployments[0]!.rolloutState).toBe("COMPLETED");
  });
});

describe("percentages other than the defaults", () => {
  it.each([
    // healthy, maximum, tasks: fewest healthy, most live
    [100, 150, 4, 4, 6],
    [100, 125, 4, 4, 5],
    [50, 100, 4, 2, 4],
    [50, 150, 4, 2, 6],
    [67, 134, 3, 3, 4],
    [0, 100, 3, 0, 3],
  ])(
    "%i %% healthy and %i %% at most of %i tasks: at least %i healthy, at most %i live",
    (healthy, maximum, tasks, least, most) => {
      // GIVEN a service at rest
      const { clock, fargate, scheduler } = service();
      const configuration = rolling(healthy, maximum);
      request(scheduler, { desiredCount: tasks, revision: good, configuration });
      clock.run(minutes(1));
      // WHEN it is deployed again
      request(scheduler, { desiredCount: tasks, revision: { ...good }, configuration });
      let [fewest, highest] = [fargate.healthy.size, fargate.live];
      // A deployment uses all the room that it has, and no more.
      const running = () => [...scheduler.tasks].filter(({ state }) => state !== "STOPPING").length;
      for (let elapsed = 0; elapsed < minutes(5); elapsed += 100) {
        clock.run(100);
        fewest = Math.min(fewest, fargate.healthy.size);
        highest = Math.max(highest, running());
      }
      // THEN
      expect(scheduler.steady).toBe(true);
      expect(fewest).toBe(least);
      expect(highest).toBe(most);
    },
  );
});

describe("alarms of a deployment", () => {
  const watched = (rollback = true) => ({
    ...rolling(100, 200),
    alarms: { names: ["shop-5xx", "shop-slow"], rollback },
  });
  const slow: Behaviour = { ...good, bootMs: 30_000 };

  /** Two tasks, and a deployment that has just begun. */
  function deploying(configuration = watched()) {
    const all = service();
    request(all.scheduler, { desiredCount: 2, revision: good, configuration });
    all.clock.run(minutes(1));
    request(all.scheduler, { desiredCount: 2, revision: slow, configuration });
    all.clock.run(1000);
    return all;
  }

  it("roll it back when one of them goes off", () => {
    const { clock, scheduler, events, fargate } = deploying();
    scheduler.alarmWentOff("shop-5xx");
    clock.run(minutes(1));
    expect(scheduler.deployments).toMatchObject([{ revision: good, rolloutState: "COMPLETED" }]);
    expect(scheduler.history[0]).toMatchObject({
      rolloutState: "FAILED",
      rolloutStateReason: "ECS deployment alarm: alarm detected.",
      alarms: ["shop-5xx"],
      end: { status: "ROLLBACK_SUCCESSFUL" },
    });
    expect(scheduler.history[0]).not.toHaveProperty("failures");
    expect(events).toContain("(service myapp) (deployment ecs-svc/2) deployment failed: alarm detected.");
    expect(events).toContain("(service myapp) rolling back to deployment ecs-svc/1.");
    expect(fargate.healthy.size).toBe(2);
  });

  it("stop it and roll nothing back where rollback is off", () => {
    const { clock, scheduler } = deploying(watched(false));
    scheduler.alarmWentOff("shop-5xx");
    clock.run(minutes(5));
    expect(scheduler.deployments[0]).toMatchObject({ revision: slow, rolloutState: "FAILED" });
  });

  it.each([
    ["one that it doesn't name", watched(), "stock-5xx"],
    ["one of a service that names none", rolling(100, 200), "shop-5xx"],
  ])("don't include %s", (_, configuration, name) => {
    const { clock, scheduler } = deploying(configuration as ReturnType<typeof watched>);
    scheduler.alarmWentOff(name);
    clock.run(minutes(2));
    expect(scheduler.deployments[0]).toMatchObject({ revision: slow, rolloutState: "COMPLETED" });
  });

  it("count neither before a deployment nor after it", () => {
    const { clock, scheduler } = deploying();
    clock.run(minutes(2));
    scheduler.alarmWentOff("shop-5xx");
    request(scheduler, { desiredCount: 2, revision: { ...good }, configuration: watched() });
    clock.run(minutes(2));
    expect(scheduler.history.map(({ rolloutState }) => rolloutState)).toEqual(["COMPLETED", "COMPLETED", "COMPLETED"]);
  });

  it("don't stop a rollback", () => {
    const { clock, scheduler } = deploying();
    scheduler.alarmWentOff("shop-5xx");
    scheduler.alarmWentOff("shop-slow");
    clock.run(minutes(1));
    expect(scheduler.deployments).toMatchObject([{ revision: good, rolloutState: "COMPLETED" }]);
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

  it("tries nothing again once no task is wanted", () => {
    // GIVEN a service whose task has crashed, and that waits before it starts another
    const { clock, scheduler } = service();
    const wanted = { desiredCount: 1, configuration: rolling(100, 200) };
    request(scheduler, { ...wanted, revision: crashing });
    while (scheduler.tasks.length > 0) clock.run(50);
    const { waiting } = clock;
    // WHEN it is scaled to 0
    scheduler.update({ ...wanted, desiredCount: 0 });
    // THEN its timer is gone
    expect(clock.waiting).toBe(waiting - 1);
  });

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

describe("what is reported of a task", () => {
  const healthChecked = rolling(100, 200);
  /** A scheduler whose tasks do nothing by themselves: the test reports what they do. */
  function reported(options: SchedulerOptions = {}) {
    const clock = new SimulatedClock();
    const stopped: string[] = [];
    const events: string[] = [];
    let next = 1;
    const launcher = { start: () => ({ id: `t${next++}` }), stop: (id: string) => void stopped.push(id) };
    const scheduler = new ServiceScheduler<string>("myapp", launcher, clock, {
      onEvent: (event) => events.push(event),
      ...options,
    });
    const request = (id: string, desiredCount = 1) =>
      scheduler.update({ desiredCount, configuration: healthChecked }, { id, revision: id });
    return { clock, scheduler, stopped, events, request };
  }

  it("never makes a task with a health check healthy by time alone", () => {
    const { clock, scheduler, request } = reported();
    request("ecs-svc/1");
    scheduler.taskRunning("t1", true);
    clock.run(minutes(60));
    expect(scheduler.steady).toBe(false);
    scheduler.taskHealthy("t1");
    expect(scheduler.steady).toBe(true);
  });

  it("has no effect before the task runs, once it stops, or when there is no such task", () => {
    const { scheduler, stopped, request } = reported({ settleSeconds: 0 });
    request("ecs-svc/1");
    for (const id of ["t1", "unknown"]) {
      scheduler.taskHealthy(id);
      scheduler.taskUnhealthy(id);
    }
    expect(scheduler.tasks).toMatchObject([{ id: "t1", state: "PENDING", healthy: false, unhealthy: false }]);
    scheduler.taskRunning("unknown", true);
    scheduler.taskStopping("unknown");
    scheduler.taskRunning("t1", true);
    scheduler.taskHealthy("t1");
    // It is scaled in, and what it still reports is late.
    request("ecs-svc/1", 0);
    scheduler.update({ desiredCount: 0, configuration: healthChecked });
    expect(stopped).toEqual(["t1"]);
    scheduler.taskRunning("t1", false);
    scheduler.taskHealthy("t1");
    scheduler.taskUnhealthy("t1");
    expect(scheduler.tasks).toMatchObject([{ state: "STOPPING", healthy: false, unhealthy: false }]);
    expect(scheduler.deployments[0]!.failedTasks).toBe(0);
  });

  it("counts a failed health check once, and the task no longer as healthy", () => {
    const { scheduler, request } = reported();
    request("ecs-svc/1", 2);
    for (const id of ["t1", "t2"]) {
      scheduler.taskRunning(id, true);
      scheduler.taskHealthy(id);
    }
    expect(scheduler.steady).toBe(true);
    scheduler.taskUnhealthy("t1");
    scheduler.taskUnhealthy("t1");
    expect(scheduler.deployments[0]!.failedTasks).toBe(1);
    expect(scheduler.steady).toBe(false);
    expect(scheduler.tasks[0]).toMatchObject({ id: "t1", healthy: false, unhealthy: true });
  });

  it("says that tasks can't be started consistently from the second failure on, not at the first", () => {
    const { clock, scheduler, events, request } = reported();
    const throttled = () => events.filter((event) => event.includes("unable to consistently start tasks")).length;
    request("ecs-svc/1");
    scheduler.taskStopped("t1");
    expect(throttled()).toBe(0);
    clock.run(1000);
    scheduler.taskStopped("t2");
    expect(throttled()).toBe(1);
  });

  it("delays the deployment that fails, and no other one", () => {
    const { clock, scheduler, request } = reported();
    const ids = () => scheduler.tasks.map(({ id }) => id);
    request("ecs-svc/1");
    scheduler.taskStopped("t1");
    clock.run(999);
    expect(ids()).toEqual([]);
    clock.run(1);
    expect(ids()).toEqual(["t2"]);
    scheduler.taskStopped("t2");
    clock.run(1999);
    expect(ids()).toEqual([]);
    // Another deployment starts at once, and begins with the shortest pause again.
    request("ecs-svc/2");
    expect(ids()).toEqual(["t3"]);
    scheduler.taskStopped("t3");
    clock.run(1000);
    expect(ids()).toEqual(["t4"]);
  });
});
