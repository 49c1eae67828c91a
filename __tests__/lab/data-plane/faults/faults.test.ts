import { FaultChanges } from "../../../../src/lab/data-plane/faults/fault-changes";
import { bothOf, faultsInWords } from "../../../../src/lab/data-plane/faults/faults";

describe("FaultChanges", () => {
  it("names each fault when it begins and when it ends", () => {
    const changes = new FaultChanges();
    expect(changes.since({ dnsSilent: true })).toEqual(["fault: DNS silent"]);
    expect(changes.since({ dnsSilent: true, cutTasks: ["10.0.0.1"] })).toEqual(["fault: 10.0.0.1 cut off"]);
    expect(changes.since({ cutTasks: ["10.0.0.1"] })).toEqual(["fault over: DNS silent"]);
    expect(changes.since({})).toEqual(["fault over: 10.0.0.1 cut off"]);
  });
});

describe("faults in words", () => {
  it("names each fault once, even while one set replaces another", () => {
    const loss = { "10.0.0.1": [{ lossPercent: 5, delayMs: 20, jitterMs: 5, direction: "in" }] } as const;
    const both = bothOf({ cutTasks: ["10.0.0.1"], dnsLie: "stale" }, { cutTasks: ["10.0.0.1"], shaping: loss });
    expect(faultsInWords(both)).toEqual([
      "10.0.0.1 cut off",
      "DNS answers stale",
      "10.0.0.1 loses 5 % and has a delay of 20 ± 5 ms, inwards",
    ]);
  });

  it("keeps both where two faults shape what one task sends and receives", () => {
    const loss = { shaping: { "10.0.0.1": [{ lossPercent: 5, direction: "in" }] } } as const;
    const delay = { shaping: { "10.0.0.1": [{ delayMs: 20 }], "10.0.0.2": [{ delayMs: 30 }] } };
    expect(faultsInWords(bothOf(loss, delay))).toEqual([
      "10.0.0.1 loses 5 %, inwards",
      "10.0.0.1 has a delay of 20 ms",
      "10.0.0.2 has a delay of 30 ms",
    ]);
  });
});
