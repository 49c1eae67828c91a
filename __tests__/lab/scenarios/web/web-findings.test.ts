import type { SeenOfWeb } from "../../../../src/lab/scenarios/web/watched-web";
import { brokenWithout, deployed, killed, refused } from "../../../../src/lab/scenarios/web/web-findings";

const seen = (change: Partial<SeenOfWeb> = {}): SeenOfWeb => ({
  ...{ name: "part", seconds: 30, requests: 900, failed: 0, causes: {}, closed: 9, withoutCloseFrame: 0 },
  ...{ closingMs: 4000, closedAt: [], withoutTargetMs: 0, members: [3, 6], meshShare: 0.9, leaving: [], boots: [] },
  ...change,
});

it("a deployment is right where nothing fails and sockets close in order within the drainer's time", () => {
  expect(deployed(seen(), 3, 10)).toEqual({
    ok: true,
    line:
      "part, 30.0 s: 0 of 900 requests failed, 0 of 9 closed sockets without a close frame, 0.0 s without a healthy target, " +
      "3 to 6 members, full mesh 90 % of the time; sockets closed within 4.0 s of the drainer's 10 s",
  });
});

it.each<[string, Partial<SeenOfWeb>]>([
  ["a request failed", { failed: 1, causes: { "request: 502": 1 } }],
  ["there was no load", { requests: 0 }],
  ["a socket was cut off", { withoutCloseFrame: 1 }],
  ["sockets were closed too late", { closingMs: 10_001 }],
  ["fewer sockets closed than tasks left", { closed: 2 }],
  ["there was no healthy target for a moment", { withoutTargetMs: 1 }],
])("a deployment is wrong where %s", (_what, change) => expect(deployed(seen(change), 3, 10).ok).toBe(false));

it("a killed task may cost the requests that began before it was taken out, and no others", () => {
  expect(killed(seen({ failed: 2, lastFailureBegan: 5 }), 2, 5).ok).toBe(true);
  expect(killed(seen({ failed: 2, lastFailureBegan: 6 }), 2, 5).ok).toBe(false);
  expect(killed(seen(), 2, undefined).ok).toBe(false);
});

it("a failing image is right where the same tasks go on and nobody notices", () => {
  const quiet = { closed: 0, closingMs: 0 };
  expect(refused(seen(quiet), true).ok).toBe(true);
  expect(refused(seen(quiet), false).ok).toBe(false);
  expect(refused(seen({ ...quiet, failed: 1 }), true).ok).toBe(false);
  expect(refused(seen(), true).ok).toBe(false);
});

it("a negative test is right where its number is above zero", () => {
  expect(brokenWithout(seen(), "requests failed", 1).ok).toBe(true);
  expect(brokenWithout(seen(), "requests failed", 0).ok).toBe(false);
});
