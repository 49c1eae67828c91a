import { ClusterWatch } from "../../../src/lab/cluster/cluster-watch";
import type { FargateTask } from "../../../src/lab/control-plane/task/fargate-task";
import type { Lab } from "../../../src/lab/lab";
import { findingOf, resultOf } from "../../../src/lab/scenarios/scenario";
import { ClusterWaits, PreconditionError } from "../../../src/lab/waiting/cluster-waits";
import { timersOf } from "../../../src/lab/waiting/wait";

const task = {
  id: "0123456789abcdef",
  order: { serviceName: "myapp2" },
  networkInterface: { address: "10.0.1.4" },
  status: "RUNNING",
  health: "UNKNOWN",
  containers: { telling: { running: { log: () => "starting\nERROR: RELEASE_COOKIE is empty\n" } } },
} as unknown as FargateTask;

/** Bounds short enough for a test, and one task that has logged why it isn't a node. */
const lab = {
  bounds: { mesh: timersOf({ "health checks": 0.2 }), join: timersOf({ "DNS TTL": 0.2, "polling interval": 0.1 }) },
  services: [{ newestTasks: [task] }],
} as unknown as Lab;

const waits = () => new ClusterWaits(lab, new ClusterWatch());

describe("a negative test", () => {
  it("holds when nothing was seen for as long as a join may take", async () => {
    const { value, timerMs } = await waits().never({
      offence: () => undefined,
      precondition: { what: "2 nodes run", holds: () => true },
    });
    expect(value).toBeUndefined();
    expect(timerMs).toBeGreaterThanOrEqual(300);
  });

  it("fails at once with what was seen, even where that was gone a moment later", async () => {
    let looks = 0;
    const offence = () => (++looks === 4 ? "2 links" : undefined);
    const { value, wallMs } = await waits().never({
      offence,
      precondition: { what: "2 nodes run", holds: () => true },
    });
    expect(value).toBe("2 links");
    expect(wallMs).toBeLessThan(300);
  });

  it("fails too with what was seen before its precondition was reached", async () => {
    let looks = 0;
    const offence = () => (++looks === 2 ? "2 links" : undefined);
    const { value } = await waits().never({ offence, precondition: { what: "2 nodes run", holds: () => false } });
    expect(value).toBe("2 links");
  });

  it("says that its precondition was not reached, with the reason and the last output", async () => {
    const tried = waits().never({
      offence: () => undefined,
      precondition: { what: "2 nodes run, and see each other", holds: () => false },
    });
    await expect(tried).rejects.toThrow(PreconditionError);
    await expect(tried).rejects.toThrow(
      /^precondition not reached: 2 nodes run, and see each other: 0 nodes run within 0\.2 s \(health checks 0\.2 s\)[^]*Last output of task 01234567 \(myapp2, 10\.0\.1\.4, RUNNING, UNKNOWN\):\n {2}starting\n {2}ERROR: RELEASE_COOKIE is empty$/,
    );
  });

  it("that was not tried is neither ok nor FAILED in a scenario, and keeps it from being right", async () => {
    const untried = await findingOf("another cookie", async () => {
      throw new PreconditionError("2 nodes run", "0 nodes run");
    });
    const { ok, lines } = resultOf([{ ok: true, line: "as applied" }, untried], "", {});
    expect(ok).toBe(false);
    expect(lines).toEqual([
      "ok: as applied",
      "NOT TRIED: another cookie: precondition not reached: 2 nodes run: 0 nodes run",
    ]);
  });

  it("fails with what isn't a precondition", async () => {
    const broken = findingOf("another cookie", async () => {
      throw new Error("no such service");
    });
    await expect(broken).rejects.toThrow("no such service");
  });
});

describe("a wait for nodes", () => {
  it("ends at once where ECS starts no more tasks, with ECS's words and the last output", async () => {
    const stalled = {
      bounds: { mesh: timersOf({ "health checks": 1000 }) },
      services: [
        { newestTasks: [task], stalled: true, lastStatusMessage: "deployment failed: tasks failed to start." },
      ],
    } as unknown as Lab;
    const tried = new ClusterWaits(stalled, new ClusterWatch()).living(60);
    await expect(tried).rejects.toThrow(PreconditionError);
    await expect(tried).rejects.toThrow(
      /^precondition not reached: 60 nodes run: 0 run\ndeployment failed: tasks failed to start\.\nLast output of task 01234567 /,
    );
  });
});
