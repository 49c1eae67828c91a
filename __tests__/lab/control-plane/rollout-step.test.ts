import type { DeploymentConfiguration } from "../../../src/lab/control-plane/deployment";
import { rolloutStep, type RolloutTask, taskBounds } from "../../../src/lab/control-plane/rollout-step";

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
    expect(step([task()], 3, 3, 6)).toEqual({ start: 2, stop: [], spared: 0 });
    expect(step([task(), task({ deploymentId: "old" })], 3, 3, 3)).toEqual({ start: 1, stop: [], spared: 0 });
  });

  it("stops healthy tasks of the old deployment only beyond the minimum, those not yet healthy at once", () => {
    const old = { deploymentId: "old" };
    expect(step([task(), task(old), task(old), task({ ...old, healthy: false })], 2, 2, 4)).toEqual({
      start: 0,
      stop: ["t4", "t2"],
      spared: 0,
    });
  });

  it("scales in from the fullest zone, the oldest of it first", () => {
    const tasks = ["a", "b", "b", "c"].map((availabilityZone) => task({ availabilityZone }));
    expect(step(tasks, 3, 0, 6).stop).toEqual(["t2"]);
    expect(step(tasks, 2, 0, 6).stop).toEqual(["t2", "t1"]);
  });

  it("stops a task that failed its health check once it is replaced, or where the maximum leaves no room", () => {
    const failed = task({ healthy: false, unhealthy: true });
    expect(step([failed, task()], 2, 2, 4)).toEqual({ start: 1, stop: [], spared: 0 });
    expect(step([failed, task(), task()], 2, 2, 4)).toEqual({ start: 0, stop: ["t1"], spared: 0 });
    expect(step([failed, task()], 2, 1, 2)).toEqual({ start: 0, stop: ["t1"], spared: 0 });
  });

  it("scales in around protected tasks, however old, and says how many it spares", () => {
    const busy = () => task({ protected: true });
    expect(step([busy(), task(), task()], 1, 0, 6)).toEqual({ start: 0, stop: ["t2", "t3"], spared: 0 });
    expect(step([busy(), busy(), task()], 1, 0, 6)).toEqual({ start: 0, stop: ["t6"], spared: 1 });
    expect(step([busy(), busy()], 0, 0, 0)).toEqual({ start: 0, stop: [], spared: 2 });
  });

  it("leaves protected tasks of the old deployment, which count for the bounds", () => {
    const old = task({ deploymentId: "old", protected: true });
    expect(step([old, task({ deploymentId: "old" })], 2, 2, 4)).toEqual({ start: 2, stop: [], spared: 1 });
    expect(step([old, task(), task()], 2, 2, 3)).toEqual({ start: 0, stop: [], spared: 1 });
    expect(step([old, task()], 2, 1, 2)).toEqual({ start: 0, stop: [], spared: 1 });
  });

  it("replaces a protected task whose health check has failed", () => {
    const sick = task({ protected: true, healthy: false, unhealthy: true });
    expect(step([sick, task(), task()], 2, 2, 4)).toEqual({ start: 0, stop: ["t1"], spared: 0 });
  });
});
