import type { AppliedContainer } from "../../../../src/lab/control-plane/applied/task-definitions";
import { type Clock, systemClock } from "../../../../src/lab/clock";
import { Images } from "../../../../src/lab/control-plane/images";
import { TaskContainers } from "../../../../src/lab/control-plane/task/task-containers";
import { SimulatedClock } from "../../simulated-clock";
import { SimulatedRuntime } from "../../simulated-runtime";
import { scratchFolder } from "../../../scratch";
import { container } from "./container";

const folder = scratchFolder("image");
const after = (containerName: string, condition: "START" | "COMPLETE" | "SUCCESS" | "HEALTHY" = "START") => ({
  dependsOn: [{ containerName, condition }],
});

const task = (...definitions: AppliedContainer[]) => taskAt(systemClock, ...definitions);

async function taskAt(clock: Clock, ...definitions: AppliedContainer[]) {
  const runtime = new SimulatedRuntime();
  const place = await runtime.createTask({ address: "10.0.0.4" } as Parameters<typeof runtime.createTask>[0]);
  const containers = new TaskContainers(definitions, {
    images: new Images([], folder),
    secrets: new Map(),
    clock,
    user: "a test",
    onChange: () => {},
  });
  return { runtime, containers, start: (ended = () => false) => containers.start(place, ended) };
}

const soon = () => new Promise((resolve) => setTimeout(resolve, 20));
const started = (runtime: SimulatedRuntime) => runtime.containers.map((entry) => entry.container.spec.name);

describe("containers of a task", () => {
  it("start after what they depend on, and stop before it", async () => {
    // GIVEN three, listed the wrong way round
    const { runtime, containers, start } = await task(
      container("app", after("proxy")),
      container("proxy", after("logs")),
      container("logs"),
    );
    // WHEN they start and stop
    await start();
    await containers.stop();
    // THEN so they did
    expect(started(runtime)).toEqual(["logs", "proxy", "app"]);
    expect(runtime.notes.filter((note) => note.startsWith("stop"))).toEqual([
      "stop app 30",
      "stop proxy 30",
      "stop logs 30",
    ]);
  });

  it("wait for the success of another one", async () => {
    // GIVEN a migration, not essential
    const { runtime, start } = await task(
      container("app", after("migrate", "SUCCESS")),
      container("migrate", { essential: false }),
    );
    // WHEN it has not ended yet, the other has not started; once it has, it does
    const done = start();
    await soon();
    expect(started(runtime)).toEqual(["migrate"]);
    runtime.containers[0]!.container.end(0);
    await done;
    expect(started(runtime)).toEqual(["migrate", "app"]);
  });

  it("fail to start when that one fails", async () => {
    const { runtime, start } = await task(
      container("app", after("migrate", "SUCCESS")),
      container("migrate", { essential: false }),
    );
    runtime.behave = (running) => running.end(3);
    await expect(start()).rejects.toThrow(
      'Container "app" depends on the success of "migrate", which exited with code 3',
    );
  });

  it("wait for the end of another one, whatever its exit code", async () => {
    const { runtime, start } = await task(
      container("app", after("other", "COMPLETE")),
      container("other", { essential: false }),
    );
    const done = start();
    await soon();
    expect(started(runtime)).toEqual(["other"]);
    runtime.containers[0]!.container.end(3);
    await done;
    expect(started(runtime)).toEqual(["other", "app"]);
  });

  it.each<["SUCCESS" | "COMPLETE" | "HEALTHY", string]>([
    ["SUCCESS", "the success of"],
    ["COMPLETE", "the end of"],
    ["HEALTHY", "the health of"],
  ])("wait with %s no longer than the other's startTimeout", async (condition, what) => {
    const clock = new SimulatedClock();
    const slow = container("slow", { essential: false, startTimeoutSeconds: 120 });
    const { runtime, start } = await taskAt(clock, container("app", after("slow", condition)), slow);
    const done = start();
    const failed = expect(done).rejects.toThrow(
      `Container "app" depends on ${what} "slow", which took longer than its startTimeout of 120 s`,
    );
    await soon();
    clock.run(119_000);
    await soon();
    expect(started(runtime)).toEqual(["slow"]);
    clock.run(1000);
    await failed;
  });

  it("may run longer than their own startTimeout once others have started", async () => {
    const clock = new SimulatedClock();
    const { runtime, start } = await taskAt(
      clock,
      container("app", after("migrate", "SUCCESS")),
      container("migrate", { essential: false, startTimeoutSeconds: 120 }),
    );
    runtime.behave = (running) => running.spec.name === "migrate" && running.end(0);
    await start();
    clock.run(200_000);
    expect(started(runtime)).toEqual(["migrate", "app"]);
  });

  it("fail to start when the health of one that ended is waited for", async () => {
    const { runtime, start } = await task(
      container("app", after("proxy", "HEALTHY")),
      container("proxy", { essential: false }),
    );
    runtime.behave = (running) => running.end(0);
    await expect(start()).rejects.toThrow('Container "app" depends on the health of "proxy", which exited with code 0');
  });

  it("tell by the one that failed, else by an essential one, else by whichever started", async () => {
    const { runtime, containers, start } = await task(
      container("app", after("migrate", "SUCCESS")),
      container("migrate", { essential: false }),
    );
    expect(containers.telling).toBeUndefined();
    const done = start();
    await soon();
    expect(containers.telling?.definition.name).toBe("migrate");
    runtime.containers[0]!.container.end(0);
    await done;
    expect(containers.telling?.definition.name).toBe("app");
    containers.all[1]!.exit = { exitCode: 1, finishedAt: "" };
    expect(containers.telling?.definition.name).toBe("migrate");
  });

  it("no longer wait once the task has ended", async () => {
    const { runtime, containers, start } = await task(
      container("app", after("slow", "COMPLETE")),
      container("slow", { essential: false }),
    );
    let ended = false;
    const done = start(() => ended);
    await soon();
    ended = true;
    containers.wake();
    await done;
    expect(started(runtime)).toEqual(["slow"]);
  });

  it("end the task when an essential one ends, and only then", async () => {
    const { runtime, containers, start } = await task(container("app"), container("sidecar", { essential: false }));
    await start();
    runtime.containers[1]!.container.end(1);
    await runtime.containers[1]!.container.exited;
    expect(containers.essentialExited).toBe(false);
    runtime.containers[0]!.container.end(0);
    await runtime.containers[0]!.container.exited;
    expect(containers.essentialExited).toBe(true);
  });
});
