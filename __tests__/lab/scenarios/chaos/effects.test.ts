import type { FargateTask } from "../../../../src/lab/control-plane/task/fargate-task";
import type { Probe } from "../../../../src/lab/data-plane/data-plane";
import type { Battlefield } from "../../../../src/lab/scenarios/chaos/battlefield";
import { measureBefore } from "../../../../src/lab/scenarios/chaos/effects";
import type { FaultKind, PlannedFault } from "../../../../src/lab/scenarios/chaos/planned-fault";

const planned = (fault: FaultKind): PlannedFault => ({ number: 1, round: 1, after: 0, lasts: 0.01, ...fault });

/** A task whose container answers commands with what `prints` gives. */
const task = (host: number, prints: () => string = () => ""): FargateTask =>
  ({
    id: `task${host}`,
    status: "RUNNING",
    networkInterface: { address: `10.0.1.${host}` },
    container: { exec: async () => ({ stdout: prints(), stderr: "", code: 0 }) },
    containers: {},
  }) as unknown as FargateTask;

const field = (parts: { probe?: (probes: readonly Probe[], ms: number) => boolean[]; tasks?: FargateTask[] }) =>
  ({
    service: "myapp",
    foreign: ["10.0.250.10"],
    running: {
      cluster: { living: [{ address: "10.0.1.11" }] },
      lab: {
        runtime: { probe: async (probes: readonly Probe[], ms: number) => parts.probe!(probes, ms) },
        service: () => ({ tasks: parts.tasks ?? [], deployments: [] }),
        cloudMap: { zones: () => [{ name: "organization.local" }] },
      },
    },
  }) as unknown as Battlefield;

/** Measures before and during a fault between which what is answered changes. */
async function measured(fault: FaultKind, answered: { before: number; during: number }) {
  let now = answered.before;
  const asked: [Probe, number][] = [];
  const probe = (probes: readonly Probe[], ms: number) => {
    asked.push(...probes.map((each): [Probe, number] => [each, ms]));
    return probes.map((_, at) => at < now);
  };
  const measure = await measureBefore(planned(fault), [task(11), task(12)], field({ probe }));
  now = answered.during;
  return { effect: await measure!(), asked };
}

describe("the effect of a fault", () => {
  it("of packets is seen in connections that aren't answered as before", async () => {
    const { effect, asked } = await measured({ kind: "cut-task", task: 0 }, { before: 10, during: 0 });
    expect(effect).toEqual({
      seen: true,
      text: "of 10 connections to 10.0.1.12, 10 were answered within 500 ms before, 0 during it",
    });
    expect(asked[0]![0]).toMatchObject({ taskId: "task11", address: "10.0.1.12", port: 4369 });
    expect(new Set(asked.map(([{ sourcePort }]) => sourcePort)).size).toBe(20);
  });

  it("isn't there if as many are answered, and is unknown if none was answered before", async () => {
    const cut: FaultKind = { kind: "cut-link", task: 0, other: 1 };
    expect((await measured(cut, { before: 10, during: 10 })).effect.seen).toBe(false);
    expect((await measured(cut, { before: 0, during: 0 })).effect.seen).toBeUndefined();
  });

  it("of a delay is seen in connections within less than the shortest delay", async () => {
    const delay: FaultKind = { kind: "delay", task: 0, delayMs: 200, jitterMs: 50 };
    const { effect, asked } = await measured(delay, { before: 9, during: 0 });
    expect(effect.seen).toBe(true);
    expect(asked.every(([, ms]) => ms === 120)).toBe(true);
  });

  it("of a weak loss may not be seen", async () => {
    const loss = (percent: number): FaultKind => ({ kind: "loss", task: 0, percent, direction: "in" });
    expect((await measured(loss(5), { before: 10, during: 10 })).effect.seen).toBeUndefined();
    expect((await measured(loss(60), { before: 10, during: 10 })).effect.seen).toBe(false);
  });

  it.each([
    ["a frozen process", { kind: "freeze", task: 0 }, "T (stopped)", true],
    ["a process that runs", { kind: "freeze", task: 0 }, "S (sleeping)", false],
    ["a clock that jumped", { kind: "clock-step", task: 0, stepSeconds: -86_400 }, "-86400", true],
    ["a clock that didn't", { kind: "clock-step", task: 0, stepSeconds: -86_400 }, "0", false],
  ] as const)("is read in the container: %s", async (_, fault, printed, seen) => {
    const clock = () => String(Math.round(Date.now() / 1000) + Number(printed));
    const struck = task(11, () => (fault.kind === "clock-step" ? clock() : printed));
    const measure = await measureBefore(planned(fault), [struck], field({}));
    expect((await measure!()).seen).toBe(seen);
  });

  it.each([
    ["silent", { kind: "dns-silent" }, [], true],
    ["silent, and answers", { kind: "dns-silent" }, ["10.0.1.11"], false],
    ["empty", { kind: "dns-lie", lie: "empty" }, [], true],
    ["foreign", { kind: "dns-lie", lie: "foreign" }, ["10.0.250.10"], true],
    ["foreign, and tells the truth", { kind: "dns-lie", lie: "foreign" }, ["10.0.1.11"], false],
    ["stale, and names a task that is gone", { kind: "dns-lie", lie: "stale" }, ["10.0.1.9"], true],
    ["stale, while no task has changed", { kind: "dns-lie", lie: "stale" }, ["10.0.1.11"], undefined],
  ] as const)("of DNS is seen in its answer: %s", async (_, fault, answer, seen) => {
    let addresses: readonly string[] = ["10.0.1.11"];
    const asking = task(11, () => addresses.map((each) => `${each}  STREAM myapp\n${each}  DGRAM`).join("\n"));
    const measure = await measureBefore(planned(fault), [], field({ tasks: [asking] }));
    addresses = answer;
    expect((await measure!()).seen).toBe(seen);
  });

  it.each([{ kind: "dns-silent" }, { kind: "dns-lie", lie: "foreign" }] as const)(
    "of DNS is unknown while another fault silences it: %j",
    async (fault) => {
      const measure = await measureBefore(planned(fault), [], field({ tasks: [task(11)] }));
      expect((await measure!()).seen).toBeUndefined();
    },
  );

  it("of an end is seen in how the task ended", async () => {
    const ended = async (kind: "spot" | "drain", stopCode: string) => {
      const struck = Object.assign(task(11), { end: { stopCode, stoppedReason: "" } });
      return (await (await measureBefore(planned({ kind, task: 0 }), [struck], field({})))!()).seen;
    };
    expect(await ended("spot", "SpotInterruption")).toBe(true);
    expect(await ended("spot", "UserInitiated")).toBe(false);
    expect(await ended("drain", "UserInitiated")).toBe(true);
  });
});
