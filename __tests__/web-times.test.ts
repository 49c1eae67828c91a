import { brokenTimes, shutdownSeconds, type WebTimes } from "../src/web-times";

const fitting: WebTimes = {
  drainer: 30,
  shutdown: 35,
  stopTimeout: 40,
  deregistrationDelay: 30,
  idleTimeout: 55,
  healthCheck: { interval: 10, timeout: 5, healthy: 2, unhealthy: 3 },
  gracePeriod: 60,
  startPeriod: 30,
};

describe("brokenTimes", () => {
  it("accepts the defaults, and what it knows nothing of", () => {
    expect(brokenTimes(fitting)).toEqual([]);
    expect(brokenTimes({ stopTimeout: 30 })).toEqual([]);
    expect(brokenTimes({ drainer: 29, stopTimeout: 30 })).toEqual([]);
  });

  it.each<[string, Partial<WebTimes>, string, string]>([
    [
      "drainer as long as the release may take",
      { drainer: 35 },
      "the drainer takes up to 35 s to ask all sockets to reconnect, and the release ends 35 s after SIGTERM",
      "raise stopTimeout to 41 s or more, or give the endpoint's sockets a drainer of less than 35 s",
    ],
    [
      "drainer as long as stopTimeout, where the release's time is unknown",
      { drainer: 40, shutdown: undefined },
      "the drainer takes up to 40 s to ask all sockets to reconnect, and ECS kills the task 40 s after SIGTERM",
      "raise stopTimeout to 41 s or more, or give the endpoint's sockets a drainer of less than 40 s",
    ],
    [
      "drainer for which no stopTimeout of Fargate is long enough",
      { drainer: 115 },
      "the drainer takes up to 115 s to ask all sockets to reconnect, and the release ends 35 s after SIGTERM",
      "give the endpoint's sockets a drainer of less than 35 s",
    ],
    [
      "release that takes as long as stopTimeout",
      { shutdown: 40 },
      "the release takes up to 40 s to stop, and ECS kills it 40 s after SIGTERM",
      "let it stop in less than 40 s (-shutdown_time), or raise stopTimeout",
    ],
    [
      "deregistration delay above stopTimeout",
      { deregistrationDelay: 41 },
      "the load balancer keeps a stopping task for 41 s, and stopTimeout is 40 s",
      "set the deregistration delay to 40 s or less, or raise stopTimeout",
    ],
    [
      "idle timeout not above the heartbeat",
      { idleTimeout: 30 },
      "the load balancer closes a connection after 30 s of silence, and Phoenix's client sends a heartbeat every 30 s",
      "set the idle timeout above 30 s",
    ],
    [
      "health check that takes as long as its interval",
      { healthCheck: { interval: 5, timeout: 5, healthy: 2, unhealthy: 3 } },
      "a health check may take 5 s, and the next one begins after 5 s",
      "set the timeout below 5 s",
    ],
    [
      "grace period that ends before a slow task is healthy",
      { gracePeriod: 49 },
      "a task needs up to 50 s to become healthy (30 s to start + 2 checks, 10 s apart), and ECS replaces it 49 s after its start",
      "set the grace period to 50 s or more",
    ],
    [
      "grace period below the checks alone",
      { gracePeriod: 19, startPeriod: undefined },
      "a task needs up to 20 s to become healthy (2 checks, 10 s apart), and ECS replaces it 19 s after its start",
      "set the grace period to 20 s or more",
    ],
  ])("rejects a %s", (_, change, found, fix) => {
    expect(brokenTimes({ ...fitting, ...change })).toEqual([{ rule: expect.any(String) as string, found, fix }]);
  });

  it("accepts each of these a second away", () => {
    const edges: Partial<WebTimes>[] = [
      { drainer: 34 },
      { shutdown: 39 },
      { deregistrationDelay: 40 },
      { idleTimeout: 31 },
      { healthCheck: { interval: 6, timeout: 5, healthy: 2, unhealthy: 3 } },
      { gracePeriod: 50 },
    ];
    expect(edges.flatMap((change) => brokenTimes({ ...fitting, ...change }))).toEqual([]);
  });
});

it("a release stops 5 s before SIGKILL, and gets a second at least", () => {
  expect([2, 6, 30, 120].map(shutdownSeconds)).toEqual([1, 1, 25, 115]);
});
