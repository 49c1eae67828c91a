import { ClusterWatch } from "../../../src/lab/cluster/cluster-watch";
import type { LabEvent } from "../../../src/lab/lab-event";

/** A cluster whose nodes log as the sample's do, at times that the test gives. */
class Nodes {
  readonly watch = new ClusterWatch();

  constructor(count: number) {
    for (let host = 1; host <= count; host += 1) this.start(host, 0);
  }

  start(host: number, at: number): void {
    this.task(host, at, {});
    this.output(host, at, `myapp@10.0.1.${host} looks for myapp@myapp.organization.local`);
  }

  stop(host: number, at: number): void {
    const end = { stopCode: "ServiceSchedulerInitiated", stoppedReason: "Scaling activity" } as const;
    this.task(host, at, { status: "DEACTIVATING", end });
  }

  ended(host: number, exitCodes: Readonly<Record<string, number>>, at: number): void {
    this.task(host, at, { exitCodes });
  }

  link(a: number, b: number, at: number): void {
    this.output(a, at, `12:00:00.000 [info] node up: myapp@10.0.1.${b} (2 peers)`);
    this.output(b, at, `12:00:00.000 [info] node up: myapp@10.0.1.${a} (1 peer)`);
  }

  cut(a: number, b: number, at: number): void {
    this.output(a, at, `12:00:00.000 [warning] node down: myapp@10.0.1.${b}, :disconnect (0 peers)`);
    this.output(b, at, `12:00:00.000 [warning] node down: myapp@10.0.1.${a}, :connection_closed (1 peer)`);
  }

  private output(host: number, at: number, line: string): void {
    this.watch.take({ at, kind: "output", taskId: `task${host}`, container: "myapp", line, stream: "stdout" });
  }

  private task(host: number, at: number, change: Partial<Extract<LabEvent, { kind: "task" }>>): void {
    this.watch.take({
      at,
      kind: "task",
      service: "myapp",
      taskId: `task${host}`,
      address: `10.0.1.${host}`,
      taskDefinition: "arn:aws:ecs:eu-west-1:123456789012:task-definition/myapp:1",
      status: "RUNNING",
      health: "UNKNOWN",
      exitCodes: {},
      ...change,
    });
  }
}

describe("ClusterWatch", () => {
  it("calls it a mesh when each has told of each", () => {
    // GIVEN three nodes of which two pairs are linked
    const nodes = new Nodes(3);
    nodes.link(1, 2, 100);
    nodes.link(2, 3, 100);
    expect(nodes.watch.isMesh(3)).toBe(false);
    // WHEN the third pair is
    nodes.link(1, 3, 400);
    // THEN it is one, of three and of no other number
    expect(nodes.watch.isMesh(3)).toBe(true);
    expect(nodes.watch.isMesh(4)).toBe(false);
    expect(nodes.watch.meshShare(0, 1000)).toBeCloseTo(0.6);
    expect(nodes.watch.longestJoinMs).toBe(400);
  });

  it("counts the losses between the living, how long they lasted, and what they split", () => {
    // GIVEN a mesh of two
    const nodes = new Nodes(2);
    nodes.link(1, 2, 0);
    // WHEN it is cut for 300 ms
    nodes.cut(1, 2, 1000);
    nodes.link(1, 2, 1300);
    // THEN both ends' losses count, and the time
    expect(nodes.watch.losses()).toBe(2);
    expect(nodes.watch.nodeDowns[0]).toMatchObject({ observer: "10.0.1.1", peer: "10.0.1.2", reason: ":disconnect" });
    expect(nodes.watch.longestGapMs(1300)).toBe(300);
    expect(nodes.watch.maxPartitions(500)).toBe(2);
    expect(nodes.watch.meshShare(0, 3000)).toBeCloseTo(0.9);
  });

  it("counts the losses of a node in whose task another container has ended", () => {
    const nodes = new Nodes(2);
    nodes.link(1, 2, 100);
    nodes.ended(2, { "myapp-before-start": 0 }, 200);
    nodes.cut(1, 2, 300);
    expect(nodes.watch.losses()).toBe(2);
  });

  it("does not count that a node leaves which ECS stops, nor that one has not joined yet", () => {
    // GIVEN a mesh of three
    const nodes = new Nodes(3);
    for (const [a, b] of [
      [1, 2],
      [2, 3],
      [1, 3],
    ] as const)
      nodes.link(a, b, 100);
    // WHEN one is stopped, and another started that knows nobody
    nodes.stop(3, 500);
    nodes.cut(1, 3, 510);
    nodes.cut(2, 3, 510);
    nodes.start(4, 600);
    // THEN nobody has lost anybody
    expect(nodes.watch.losses()).toBe(0);
    expect(nodes.watch.longestGapMs(2000)).toBe(0);
    expect(nodes.watch.maxPartitions(100)).toBe(1);
    expect(nodes.watch.isMesh(3)).toBe(false);
  });
});
