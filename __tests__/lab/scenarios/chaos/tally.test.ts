import type { Effect } from "../../../../src/lab/scenarios/chaos/effects";
import type { FaultKind, PlannedFault } from "../../../../src/lab/scenarios/chaos/planned-fault";
import { Tally } from "../../../../src/lab/scenarios/chaos/tally";

const fault = (kind: FaultKind["kind"]) => ({ number: 1, round: 1, after: 0, lasts: 1, kind }) as PlannedFault;

async function tallied(faults: readonly (readonly [FaultKind["kind"], boolean | undefined])[]) {
  const tally = new Tally();
  for (const [kind, seen] of faults) tally.struck(fault(kind), Promise.resolve({ seen, text: "" }), () => undefined);
  await new Promise((resolve) => setImmediate(resolve));
  return tally;
}

describe("the tally of faults", () => {
  it("counts by kind what was carried out, and what was seen to work", async () => {
    const tally = await tallied([
      ["spot", true],
      ["loss", undefined],
      ["loss", true],
      ["loss", false],
    ]);
    tally.notCarriedOut(fault("kill"));
    expect(tally.kinds).toEqual({
      kill: { carriedOut: 0, notCarriedOut: 1, seen: 0, notSeen: 0 },
      loss: { carriedOut: 3, notCarriedOut: 0, seen: 1, notSeen: 1 },
      spot: { carriedOut: 1, notCarriedOut: 0, seen: 1, notSeen: 0 },
    });
    expect(tally.findings()).toEqual([
      { ok: true, line: "faults seen to work, of those carried out: kill 0/0, loss 1/3, spot 1/1; 1 not carried out" },
    ]);
  });

  it("fails a kind that has no effect", async () => {
    const tally = await tallied([
      ["delay", false],
      ["delay", false],
      ["delay", false],
    ]);
    expect(tally.findings()).toContainEqual({ ok: false, line: "delay has no effect: 3 were measured" });
  });

  it.each([
    ["too few were measured", [false, false, undefined, undefined]],
    ["one was seen to work", [false, false, false, true]],
  ])("doesn't fail a kind of which %s", async (_, seen) => {
    const tally = await tallied(seen.map((each) => ["delay", each] as const));
    expect(tally.findings().every(({ ok }) => ok)).toBe(true);
  });

  it("is complete once each effect is known", async () => {
    const tally = new Tally();
    let know: (effect: Effect) => void = () => undefined;
    const known: string[] = [];
    tally.struck(fault("slow-leave"), new Promise((resolve) => (know = resolve)), ({ text }) => known.push(text));
    expect(tally.isComplete).toBe(false);
    know({ seen: true, text: "stopped 12.0 s after its node had left" });
    await new Promise((resolve) => setImmediate(resolve));
    expect(tally.isComplete).toBe(true);
    expect(known).toEqual(["stopped 12.0 s after its node had left"]);
  });
});
