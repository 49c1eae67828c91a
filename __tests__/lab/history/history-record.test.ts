import { HistoryRecord } from "../../../src/lab/history/history-record";
import { modelFindings } from "../../../src/lab/history/findings";
import { type LabEvent, taskEvent, type Untimed } from "../../../src/lab/lab-event";
import { settings } from "./histories";

const output = (line: string): Untimed<LabEvent> => ({
  kind: "output",
  taskId: "t1",
  container: "myapp",
  line,
  stream: "stdout",
});

describe("HistoryRecord", () => {
  it("takes task states, what nodes log, DNS and faults, and nothing else", () => {
    // GIVEN what a lab emits
    const record = new HistoryRecord();
    const version = { environment: { CLUSTER_VERSION: "2" }, name: "myapp" };
    const task = taskEvent({
      ...{ id: "t1", status: "RUNNING", health: "HEALTHY", networkInterface: { address: "10.0.0.1" } },
      order: { serviceName: "myapp", definition: { arn: "arn", containers: [version] } },
      containers: { all: [] },
    } as unknown as Parameters<typeof taskEvent>[0]);
    const events: readonly Untimed<LabEvent>[] = [
      task,
      output("12:00 [info] myapp@10.0.0.1 looks for myapp@myapp.organization.local"),
      output("12:00 [info] node up: myapp@10.0.0.2 (1 peer)"),
      output("12:00 [info] something else"),
      output("12:00 [warning] node down: myapp@10.0.0.2, :net_tick_timeout (0 peers)"),
      output("12:00 [info] left the cluster: 1 disconnected"),
      { kind: "registered", name: "myapp.local", addresses: ["10.0.0.1"] },
      { kind: "registered", name: "myapp.local", addresses: ["10.0.0.1"] },
      { kind: "answer", to: "10.0.0.1", name: "myapp.local", addresses: ["10.0.0.1"] },
      { kind: "faults", faults: { dnsSilent: true } },
      { kind: "service", service: "myapp", message: "(service myapp) has reached a steady state." },
    ];
    // WHEN they are recorded, and the lab ends
    events.forEach((event, index) => record.take({ ...event, at: index } as LabEvent));
    record.end();
    record.take({ ...output("node up: myapp@10.0.0.3 (1 peer)"), at: 99 } as LabEvent);
    // THEN the history has them in order, each with its time
    const { events: recorded } = record.history(settings);
    expect(recorded.map(({ at: _at, ...event }) => event)).toEqual([
      {
        kind: "task",
        task: "t1",
        service: "myapp",
        status: "RUNNING",
        ending: false,
        address: "10.0.0.1",
        version: "2",
      },
      { kind: "looks", task: "t1" },
      { kind: "connect", task: "t1", peer: "10.0.0.2" },
      { kind: "disconnect", task: "t1", peer: "10.0.0.2", reason: ":net_tick_timeout" },
      { kind: "leaves", task: "t1" },
      { kind: "registered", name: "myapp.local", addresses: ["10.0.0.1"] },
      { kind: "answer", to: "10.0.0.1", name: "myapp.local", addresses: ["10.0.0.1"] },
      { kind: "faults", faults: { dnsSilent: true } },
    ]);
    expect(recorded.every(({ at }, index) => at >= (recorded[index - 1]?.at ?? 0))).toBe(true);
  });
});

describe("modelFindings", () => {
  it("shows violations with their moment, and negative tests that break nothing", () => {
    const broken = { invariant: "whole", at: 1500, clock: 0, text: "a and b stay apart" } as const;
    const lab = { events: 3, tasks: 2, broken: [broken], unbroken: [] };
    expect(modelFindings([lab, { ...lab, broken: [], unbroken: ["members-only"] }])).toEqual({
      ok: false,
      figure: "model: NOT as the model says (2 labs, 4 tasks, 6 events)",
      lines: [
        "FAILED: model, whole, at 1.5 s of lab 1: a and b stay apart",
        "FAILED: model, members-only: the negative test of lab 2 should break it, and doesn't",
      ],
    });
    expect(modelFindings([{ ...lab, broken: [] }])).toEqual({
      ok: true,
      figure: "model: 7 invariants hold (1 lab, 2 tasks, 3 events)",
      lines: [],
    });
  });
});
