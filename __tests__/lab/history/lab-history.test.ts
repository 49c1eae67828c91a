import { LabHistory } from "../../../src/lab/history/lab-history";
import type { LabEvent } from "../../../src/lab/lab-event";

const lab = { services: [], cloudMap: { zones: () => [] } } as unknown as Parameters<LabHistory["read"]>[0];

/** The check of a lab in which a node connects to an address that no task has. */
function checked(history: LabHistory) {
  const task = { at: 1, kind: "task", taskId: "t", service: "shop", address: "10.0.0.1", taskDefinition: "shop:1" };
  const state = { ...task, status: "RUNNING", health: "UNKNOWN", exitCodes: {} };
  const output = { at: 2, kind: "output", taskId: "t", container: "app", stream: "stdout" };
  history.read(lab, []);
  history.take(state as unknown as LabEvent);
  history.take({ ...output, line: "node up: shop@10.0.0.9 (1 peer)" } as LabEvent);
  const before = history.check();
  history.end();
  return { before, after: history.check() };
}

describe("LabHistory", () => {
  it("is checked once the lab has ended, with the machine's time of each violation", () => {
    const { before, after } = checked(new LabHistory());
    expect(before).toBeUndefined();
    expect(after).toMatchObject({ tasks: 1, events: 2, unbroken: [] });
    expect(after!.broken).toMatchObject([{ invariant: "members-only", clock: 2 }]);
  });

  it("expects a negative test to break what it names, and lets others break what they may", () => {
    expect(checked(new LabHistory(["members-only"])).after).toMatchObject({ broken: [], unbroken: [] });
    expect(checked(new LabHistory(["members-only", "whole"])).after).toMatchObject({ unbroken: ["whole"] });
    expect(checked(new LabHistory([], ["members-only", "whole"])).after).toMatchObject({ broken: [], unbroken: [] });
  });
});
