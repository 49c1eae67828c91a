import { Deployments, failureThreshold } from "../../../src/lab/control-plane/deployment";
import { SimulatedClock } from "../simulated-clock";
import { rolling } from "./simulated-fargate";

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
    // WHEN
    const { back } = deployments.failIfDetected(1, rolling(100, 200))!;
    // THEN
    expect(back).toMatchObject({ id: "one", status: "PRIMARY", rolloutState: "IN_PROGRESS", failedTasks: 0 });
    expect(failed).toMatchObject({ status: "ACTIVE", failures: 3, rollback: { to: { id: "one" } } });
    expect(failed.end).toBeUndefined();
    for (let count = 0; count < 3; count += 1) deployments.taskFailed("one");
    expect(deployments.failIfDetected(1, rolling(100, 200))).toMatchObject({ back: undefined });
    deployments.complete(back!);
    expect(failed.end).toMatchObject({ status: "ROLLBACK_SUCCESSFUL" });
  });

  it("have none to go back to before one has completed", () => {
    const deployments = begun("one", "two");
    for (let count = 0; count < 3; count += 1) deployments.taskFailed("two");
    expect(deployments.failIfDetected(1, rolling(100, 200))).toMatchObject({ back: undefined });
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
