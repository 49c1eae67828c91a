import { checkHistory } from "../../../src/lab/history/check";
import { invariantNames, type History, type InvariantName } from "../../../src/lab/history/history";
import { invariants } from "../../../src/lab/history/invariants";
import {
  answered,
  connects,
  disconnects,
  endOfDay,
  faults,
  goodDay,
  historyOf,
  linked,
  lost,
  pair,
  registered,
  started,
  type Step,
  stopped,
} from "./histories";

const good = historyOf(goodDay, endOfDay);
const without = (steps: readonly Step[], gone: (step: Step) => boolean) => steps.filter((step) => !gone(step));

/** Whether a step is one node's report of another. */
function isBetween([, event]: Step, one: string, other: string): boolean {
  const both = [connects(0, one, other), connects(0, other, one)].map(([, { task, peer }]) => `${task} ${peer}`);
  return "peer" in event && both.includes(`${event.task} ${event.peer}`);
}

/** Histories that each break one invariant, and what the violation must say. */
const mutants: readonly [InvariantName, string, History, RegExp][] = [
  [
    "in-order",
    "a task runs after it has stopped",
    historyOf([...goodDay, ...started(120, "a").slice(2, 3)], endOfDay),
    /a task of shop is RUNNING after STOPPED/,
  ],
  [
    "in-order",
    "a node reports a peer twice",
    historyOf([...goodDay, connects(50, "b", "a")], endOfDay),
    /shop \(10\.0\.0\.98\) reports 10\.0\.0\.97 as connected twice/,
  ],
  [
    "in-order",
    "a node loses a peer that it never had",
    historyOf([...goodDay, disconnects(91, "d", "a")], endOfDay),
    /gone, and never had it/,
  ],
  [
    "members-only",
    "a node that must connect to no other connects",
    historyOf([...pair, ...started(2, "u", "untrusted"), ...linked(4, "u", "a")], 6),
    /connected to 10\.0\.0\.97, and untrusted must connect to no other/,
  ],
  [
    "members-only",
    "nodes of two clusters connect",
    historyOf([...pair, ...started(2, "x", "billing"), ...linked(4, "x", "a"), ...linked(4, "x", "b")], 6),
    /of billing, which is in another cluster|of shop, which is in another cluster/,
  ],
  [
    "members-only",
    "nodes of two versions connect",
    historyOf([...started(0, "a", "shop", "1"), ...started(0, "b", "shop", "2"), ...linked(2, "a", "b")], 6),
    /of version 2, and is of version 1 itself/,
  ],
  [
    "members-only",
    "a node connects to an address that no task has",
    historyOf([...pair, connects(3, "a", "z")], 6),
    /an address that no task has/,
  ],
  [
    "no-loss-without-cause",
    "two nodes lose each other while another one is stopped",
    historyOf([...goodDay, ...lost(91, "b", "d"), ...linked(92, "b", "d")], endOfDay),
    /lost shop \(10\.0\.0\.\d+\) \(:connection_closed\) without a cause/,
  ],
  [
    "no-loss-without-cause",
    "two nodes lose each other while DNS is silent",
    historyOf([...goodDay, ...lost(61, "a", "b"), ...linked(62, "a", "b")], endOfDay),
    /without a cause/,
  ],
  [
    "no-loss-without-cause",
    "two nodes lose each other long after a cut has ended",
    historyOf([...goodDay, ...lost(57, "a", "b"), ...linked(58, "a", "b")], endOfDay),
    /without a cause/,
  ],
  [
    "whole",
    "two nodes stay apart after a cut",
    historyOf(
      without(goodDay, (step) => isBetween(step, "b", "c") && [33.2, 100].includes(step[0])),
      endOfDay,
    ),
    /shop \(10\.0\.0\.98\) and jobs \(10\.0\.0\.99\)|jobs .* and shop/,
  ],
  [
    "whole",
    "a newcomer finds one member and not the other",
    historyOf([...pair, ...started(10, "c", "jobs"), ...linked(11.5, "c", "a")], 30),
    /found each other after 19\.0 s or later, allowed: 10\.5 s/,
  ],
  [
    "both-ends",
    "one end of a connection is gone, the other one isn't",
    historyOf([...pair, disconnects(5, "a", "b"), faults(4, { cutTasks: ["10.0.0.97"] })], 40),
    /only one of shop \(10\.0\.0\.97\) and shop \(10\.0\.0\.98\) reported the other for 35\.0 s|only one of/,
  ],
  [
    "dead-forgotten",
    "a node still reports one that has ended",
    historyOf(
      without(goodDay, (step) => step[0] === 90.5 && "task" in step[1] && step[1].task === "d"),
      endOfDay,
    ),
    /the end of one was noticed after 39\.0 s/,
  ],
  [
    "dns-answers",
    "an answer names a task that left DNS long ago",
    historyOf([...goodDay, answered(110, "b", "a", "b")], endOfDay),
    /names 10\.0\.0\.97, which isn't registered/,
  ],
  [
    "dns-answers",
    "an answer names nine",
    historyOf([...pair, registered(3, ..."abcdefghi"), answered(4, "a", ..."abcdefghi")], 5),
    /names 9 addresses/,
  ],
];

describe("checkHistory", () => {
  it("finds nothing in a history with a join, a cut, a silent DNS, a deployment and a kill", () => {
    expect(checkHistory(good)).toEqual([]);
  });

  it.each(mutants)("%s: finds that %s", (name, _what, history, text) => {
    // WHEN a history is checked that breaks one invariant
    const broken = checkHistory(history);
    // THEN that one reports it, and no other
    expect(new Set(broken.map(({ invariant }) => invariant))).toEqual(new Set([name]));
    expect(broken[0]!.text).toMatch(text);
  });

  it("has a mutant for each invariant", () => {
    expect(new Set(mutants.map(([name]) => name))).toEqual(new Set(invariantNames));
    expect(new Set(invariants.map(({ name }) => name))).toEqual(new Set(invariantNames));
  });
});

describe("what a gap is allowed", () => {
  it("gives a pair the time of a lasting cut, and of its healing", () => {
    const cut = [...pair, faults(10, { cutLinks: [["10.0.0.97", "10.0.0.98"]] }), ...lost(19, "a", "b")];
    expect(checkHistory(historyOf(cut, 200))).toEqual([]);
    expect(checkHistory(historyOf([...cut, faults(100), ...linked(118, "a", "b")], 200))).toEqual([]);
    const late = checkHistory(historyOf([...cut, faults(100), ...linked(125, "a", "b")], 200));
    expect(late.map(({ invariant }) => invariant)).toEqual(["whole"]);
  });

  it("doesn't take a delay for a cause, and takes loss for one", () => {
    const during = (shaping: object) =>
      checkHistory(
        historyOf(
          [
            ...pair,
            faults(10, { shaping: { "10.0.0.97": [shaping] } }),
            ...lost(19, "a", "b"),
            ...linked(20, "a", "b"),
          ],
          40,
        ),
      ).map(({ invariant }) => invariant);
    expect(during({ delayMs: 200, jitterMs: 50 })).toEqual(["no-loss-without-cause", "no-loss-without-cause"]);
    expect(during({ lossPercent: 30 })).toEqual([]);
  });

  it("lets ECS stop an interrupted Spot task before it deregisters it, and not before it runs", () => {
    const about = { kind: "task", task: "a", service: "shop", address: "10.0.0.97", ending: true } as const;
    const spot: Step[] = [
      [5, { ...about, status: "STOPPING" }],
      [6, { ...about, status: "DEACTIVATING" }],
      disconnects(6, "b", "a"),
    ];
    expect(checkHistory(historyOf([...pair, ...spot], 8))).toEqual([]);
    const back = checkHistory(historyOf([...pair, ...spot, [7, { ...about, status: "ACTIVATING" }]], 8));
    expect(back.map(({ text }) => text)).toEqual(["a task of shop is ACTIVATING after DEACTIVATING"]);
  });

  it("lets a node that leaves and drains lose its peers", () => {
    const drains: Step[] = [...pair, [5, { kind: "leaves", task: "a" }], ...lost(5.2, "a", "b")];
    expect(checkHistory(historyOf([...drains, ...stopped(30, "a")], 40))).toEqual([]);
  });

  it("expects nothing of services that have never been connected", () => {
    const apart = [...pair, ...started(2, "c", "jobs"), ...started(2, "e", "jobs")];
    expect(checkHistory(historyOf(apart, 300))).toEqual([]);
  });
});
