import type { LabEvent } from "../../../../src/lab/lab-event";
import { VersionWatch } from "../../../../src/lab/scenarios/steps/version-watch";

/** Nodes of two versions, which log as the sample's do. */
class Nodes {
  readonly watch = new VersionWatch();

  start(taskId: string, address: string, basename: string): void {
    this.task(taskId, address, {});
    this.log(taskId, `${basename}@${address} looks for ${basename}@myapp.organization.local`);
  }

  stop(taskId: string, address: string): void {
    const end = { stopCode: "ServiceSchedulerInitiated", stoppedReason: "Scaling activity" } as const;
    this.task(taskId, address, { status: "STOPPED", end });
  }

  log(taskId: string, line: string): void {
    this.watch.take({ at: 0, kind: "output", taskId, container: "myapp", line, stream: "stdout" });
  }

  private task(taskId: string, address: string, change: Partial<Extract<LabEvent, { kind: "task" }>>): void {
    const taskDefinition = "arn:aws:ecs:eu-west-1:123456789012:task-definition/myapp:1";
    const about = { service: "myapp", taskId, address, taskDefinition, health: "UNKNOWN", exitCodes: {} } as const;
    this.watch.take({ at: 0, kind: "task", status: "RUNNING", ...about, ...change });
  }
}

/** Two old nodes that see each other, and two new ones that started in a deployment. */
function deployed(): Nodes {
  const nodes = new Nodes();
  nodes.start("a", "10.0.1.1", "myapp-1");
  nodes.start("b", "10.0.1.2", "myapp-1");
  nodes.log("a", "12:00:00.000 [info] node up: myapp-1@10.0.1.2 (1 peer)");
  nodes.log("b", "12:00:00.000 [info] node up: myapp-1@10.0.1.1 (1 peer)");
  nodes.watch.deploy();
  nodes.start("c", "10.0.1.3", "myapp-2");
  nodes.start("d", "10.0.1.4", "myapp-2");
  return nodes;
}

describe("VersionWatch", () => {
  it("follows the nodes of each version by themselves", () => {
    const { watch, ...nodes } = deployed();
    expect([watch.old.isMesh(2), watch.next.isMesh(2), watch.next.living.length]).toEqual([true, false, 2]);
    expect(watch.crossLinks).toEqual([]);
    expect(nodes).toEqual({});
  });

  it("counts no connection within a version", () => {
    const nodes = deployed();
    nodes.log("c", "12:00:01.000 [info] node up: myapp-2@10.0.1.4 (1 peer)");
    nodes.log("d", "12:00:01.000 [info] node up: myapp-2@10.0.1.3 (1 peer)");
    expect(nodes.watch.next.isMesh(2)).toBe(true);
    expect(nodes.watch.crossLinks).toEqual([]);
  });

  it.each([
    ["an old node that sees a new one", "a", "myapp@10.0.1.3"],
    ["a new node that sees an old one", "c", "myapp@10.0.1.1"],
  ])("counts %s", (_, taskId, peer) => {
    const nodes = deployed();
    const line = `12:00:01.000 [info] node up: ${peer} (1 peer)`;
    nodes.log(taskId, line);
    expect(nodes.watch.crossLinks).toEqual([line]);
  });

  it("knows the task that an address has now", () => {
    const nodes = deployed();
    nodes.stop("b", "10.0.1.2");
    nodes.start("e", "10.0.1.2", "myapp-2");
    nodes.log("c", "12:00:01.000 [info] node up: myapp-2@10.0.1.2 (1 peer)");
    expect(nodes.watch.crossLinks).toEqual([]);
    nodes.log("a", "12:00:01.000 [info] node up: myapp-2@10.0.1.2 (1 peer)");
    expect(nodes.watch.crossLinks).toHaveLength(1);
  });

  it("counts attempts to connect that failed since the deployment began", () => {
    const nodes = new Nodes();
    nodes.start("a", "10.0.1.1", "myapp-1");
    const line = '[warning] [libcluster:myapp] unable to connect to :"myapp-1@10.0.1.9": unreachable';
    nodes.log("a", line);
    nodes.watch.deploy();
    nodes.log("a", line);
    expect(nodes.watch.failedAttempts).toBe(1);
  });
});
