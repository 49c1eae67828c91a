import type { AppliedContainer } from "../../../../src/lab/control-plane/applied/task-definitions";
import { systemClock } from "../../../../src/lab/clock";
import { Images } from "../../../../src/lab/control-plane/images";
import { TaskContainers } from "../../../../src/lab/control-plane/task/task-containers";
import { SimulatedRuntime } from "../../simulated-runtime";
import { scratchFolder } from "../../../scratch";
import { container } from "./container";

const folder = scratchFolder("image");
const after = (containerName: string, condition: "START" | "COMPLETE" | "SUCCESS" | "HEALTHY" = "START") => ({
  dependsOn: [{ containerName, condition }],
});

async function task(...definitions: AppliedContainer[]) {
  const runtime = new SimulatedRuntime();
  const place = await runtime.createTask({ address: "10.0.0.4" } as Parameters<typeof runtime.createTask>[0]);
  const containers = new TaskContainers(definitions, {
    images: new Images([], folder),
    secrets: new Map(),
    clock: systemClock,
    user: "a test",
    onChange: () => {},
  });
  return { runtime, containers, start: (ended = () => false) => containers.start(place, ended) };
}

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
    await new Promise((resolve) => setTimeout(resolve, 20));
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

  it("no longer wait once the task has ended", async () => {
    const { runtime, containers, start } = await task(
      container("app", after("slow", "COMPLETE")),
      container("slow", { essential: false }),
    );
    let ended = false;
    const done = start(() => ended);
    await new Promise((resolve) => setTimeout(resolve, 20));
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
