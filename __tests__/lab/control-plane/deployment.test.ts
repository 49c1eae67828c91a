import {
  type DeploymentConfiguration,
  Deployments,
  failureThreshold,
  rolloutStep,
  type RolloutTask,
  taskBounds,
} from "../../../src/lab/control-plane/deployment";
import { SimulatedClock } from "../simulated-clock";

const rolling = (minimumHealthyPercent: number, maximumPercent: number): DeploymentConfiguration => ({
  minimumHealthyPercent,
  maximumPercent,
  circuitBreaker: { enable: true, rollback: true },
});

describe("the bounds", () => {
  it.each([
    // desired, minimum %, maximum %, and what they come to
    [3, 50, 150, 2, 4],
    [1, 50, 199, 1, 1],
    [12, 100, 200, 12, 24],
    [7, 33, 125, 3, 8],
    [0, 100, 200, 0, 0],
  ])("of %i tasks at %i to %i %% are %i to %i", (desiredCount, least, most, minimum, maximum) => {
    expect(taskBounds(desiredCount, rolling(least, most))).toEqual({ minimum, maximum });
  });
});

describe("the circuit breaker", () => {
  it.each([
    [1, 3],
    [6, 3],
    [7, 4],
    [25, 13],
    [400, 200],
    [800, 200],
  ])("with %i tasks opens after %i failures", (desiredCount, threshold) => {
    expect(failureThreshold(desiredCount)).toBe(threshold);
  });
});

describe("a step of a rollout", () => {
  let next = 1;
  const task = (more: Partial<RolloutTask> = {}): RolloutTask => ({
    id: `t${next++}`,
    deploymentId: "new",
    healthy: true,
    unhealthy: false,
    ...more,
  });
  const step = (tasks: readonly RolloutTask[], desired: number, minimum: number, maximum: number) =>
    rolloutStep(tasks, "new", desired, { minimum, maximum });
  beforeEach(() => (next = 1));

  it("starts what is missing, up to the maximum", () => {
    expect(step([task()], 3, 3, 6)).toEqual({ start: 2, stop: [] });
    expect(step([task(), task({ deploymentId: "old" })], 3, 3, 3)).toEqual({ start: 1, stop: [] });
  });

  it("stops healthy tasks of the old deployment only beyond the minimum, those not yet healthy at once", () => {
    const old = { deploymentId: "old" };
    expect(step([task(), task(old), task(old), task({ ...old, healthy: false })], 2, 2, 4)).toEqual({
      start: 0,
      stop: ["t4", "t2"],
    });
  });

  it("scales in from the fullest zone, the oldest of it first", () => {
    const tasks = ["a", "b", "b", "c"].map((availabilityZone) => task({ availabilityZone }));
    expect(step(tasks, 3, 0, 6).stop).toEqual(["t2"]);
    expect(step(tasks, 2, 0, 6).stop).toEqual(["t2", "t1"]);
  });

  it("stops a task that failed its health check once it is replaced, or where the maximum leaves no room", () => {
    const failed = task({ healthy: false, unhealthy: true });
    expect(step([failed, task()], 2, 2, 4)).toEqual({ start: 1, stop: [] });
    expect(step([failed, task(), task()], 2, 2, 4)).toEqual({ start: 0, stop: ["t1"] });
    expect(step([failed, task()], 2, 1, 2)).toEqual({ start: 0, stop: ["t1"] });
  });
});

describe("deployments of a service", () => {
  const begun = (...ids: string[]) => {
    const deployments = new Deployments<string>(new SimulatedClock());
    for (const id of ids) deployments.begin({ id, revision: id }, new Set());
    return deployments;
  };

  it("have one primary one; the one that it replaces has ended", () => {
    const deployments = begun("one", "two");
    expect(deployments.newestFirst).toMatchObject([
      { id: "two", status: "PRIMARY", rolloutState: "IN_PROGRESS" },
      { id: "one", status: "ACTIVE", end: { status: "STOPPED" } },
    ]);
    expect(deployments.newestFirst[0]!.end).toBeUndefined();
  });

  it("go back to the last that completed, and once only until it completes again", () => {
    // GIVEN one that completed, and one that fails
    const deployments = begun("one");
    deployments.complete(deployments.primary!);
    deployments.begin({ id: "two", revision: "two" }, new Set());
    const failed = deployments.primary!;
    for (let count = 0; count < 3; count += 1) deployments.taskFailed("two");
    deployments.fail(failed);
    // WHEN
    const back = deployments.rollBack(failed);
    // THEN
    expect(back).toMatchObject({ id: "one", status: "PRIMARY", rolloutState: "IN_PROGRESS", failedTasks: 0 });
    expect(failed).toMatchObject({ status: "ACTIVE", failures: 3, rollback: { to: { id: "one" } } });
    expect(failed.end).toBeUndefined();
    expect(deployments.rollBack(back!)).toBeUndefined();
    deployments.complete(back!);
    expect(failed.end).toMatchObject({ status: "ROLLBACK_SUCCESSFUL" });
  });

  it("have none to go back to before one has completed", () => {
    const deployments = begun("one", "two");
    expect(deployments.rollBack(deployments.primary!)).toBeUndefined();
    expect(deployments.primary).toMatchObject({ id: "two" });
  });

  it("count failed tasks in a row", () => {
    const deployments = begun("one");
    deployments.taskFailed("one");
    deployments.taskFailed("one");
    expect(deployments.find("one")!.failedTasks).toBe(2);
    deployments.taskHealthy("one");
    expect(deployments.find("one")!.failedTasks).toBe(0);
  });
});
