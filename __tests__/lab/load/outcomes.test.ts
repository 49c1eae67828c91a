import { type Outcome, summaryOf } from "../../../src/lab/load/outcomes";

const request = (at: number, more: Partial<Outcome> = {}): Outcome => ({ at, began: at - 1, kind: "request", ...more });
const closed = (at: number, closeCode: number): Outcome => ({ at, began: 0, kind: "socket", closeCode });

it("sums up what ended between two moments: requests, failures by cause, sockets by how they were closed", () => {
  const outcomes = [
    request(5, { failure: "502" }),
    request(10),
    request(11, { failure: "502" }),
    request(12, { failure: "502" }),
    request(13, { kind: "slow", failure: "ECONNRESET", began: 3 }),
    closed(14, 1012),
    closed(16, 1006),
    closed(19, 1012),
    request(21),
  ];
  expect(summaryOf(outcomes, 10, 20)).toEqual({
    requests: 4,
    failed: 3,
    causes: { "request: 502": 2, "slow response: ECONNRESET": 1 },
    closed: 3,
    withoutCloseFrame: 1,
    closingMs: 5,
    closedAt: [14, 16, 19],
    lastFailureBegan: 11,
  });
});

it("has no last failure and no time of closing where there was none", () => {
  expect(summaryOf([request(10)], 0, 20)).toEqual({
    ...{ requests: 1, failed: 0, causes: {}, closed: 0, withoutCloseFrame: 0, closingMs: 0, closedAt: [] },
  });
});
