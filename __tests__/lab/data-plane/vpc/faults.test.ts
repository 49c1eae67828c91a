import { faultTable } from "../../../../src/lab/data-plane/vpc/faults";
import { delaysOf } from "../../../../src/lab/data-plane/vpc/network/delay";

const dropsOf = (...shaping: object[]) =>
  faultTable({ shaping: { "10.0.1.11": shaping } })
    .split("\n")
    .filter((line) => line.endsWith(" drop"))
    .map((line) => line.replace("add rule ip faults prerouting ", ""));

describe("loss", () => {
  it("drops what a task receives, what it sends, or both", () => {
    const some = "numgen random mod 10000 < 2500 drop";
    expect(dropsOf({ lossPercent: 25, direction: "in" })).toEqual([`ip daddr 10.0.1.11 ${some}`]);
    expect(dropsOf({ lossPercent: 25, direction: "out" })).toEqual([`ip saddr 10.0.1.11 ${some}`]);
    expect(dropsOf({ lossPercent: 25 })).toEqual([`ip saddr 10.0.1.11 ${some}`, `ip daddr 10.0.1.11 ${some}`]);
    expect(dropsOf({ lossPercent: 100, direction: "in" })).toEqual(["ip daddr 10.0.1.11 drop"]);
    expect(dropsOf({ lossPercent: 100, direction: "in" }, { lossPercent: 25, direction: "out" })).toEqual([
      "ip daddr 10.0.1.11 drop",
      `ip saddr 10.0.1.11 ${some}`,
    ]);
    expect(() => dropsOf({ lossPercent: 101 })).toThrow("lossPercent is 101: 0 to 100 is allowed.");
  });
});

describe("delaysOf", () => {
  it("delays one way, or both", () => {
    const delay = { delayMs: 50, jitterMs: 10 };
    const none = { delayMs: 0, jitterMs: 0 };
    expect(delaysOf([{ ...delay, direction: "in" }])).toEqual({ in: delay, out: none });
    expect(delaysOf([{ ...delay, direction: "out" }])).toEqual({ in: none, out: delay });
    expect(delaysOf([{ delayMs: 50 }])).toEqual({
      in: { delayMs: 50, jitterMs: 0 },
      out: { delayMs: 50, jitterMs: 0 },
    });
    expect(delaysOf([delay, { ...delay, direction: "in" }])).toEqual({
      in: { delayMs: 100, jitterMs: 20 },
      out: delay,
    });
    expect(delaysOf()).toEqual({ in: none, out: none });
  });
});
