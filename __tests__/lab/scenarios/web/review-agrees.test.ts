import { type MeasuredDeployment, reviewAgrees } from "../../../../src/lab/scenarios/web/review-agrees";
import { deploymentTimes } from "../../../../src/web-times";

const healthCheck = { interval: 5, timeout: 4, healthy: 2, unhealthy: 2 };
const scale = { tasks: 2, maximumPercent: 200, minimumHealthyPercent: 100 };
const computed = deploymentTimes({ stopTimeout: 20, deregistrationDelay: 10, healthCheck }, scale)!;

/** A task that is taken out at a second, gets SIGTERM later and ends after that. */
const task = (drainingAt: number, delay = 10, stop = 3) => ({
  drainingAt: drainingAt * 1000,
  stoppingAt: (drainingAt + delay) * 1000,
  stoppedAt: (drainingAt + delay + stop) * 1000,
});

const deployment = (
  change: Partial<MeasuredDeployment["seen"]> & { readonly seconds?: number } = {},
): MeasuredDeployment => {
  const { seconds = 20, ...seen } = change;
  return { seconds, seen: { boots: [5, 6], leaving: [task(6), task(8)], closedAt: [16_000, 18_500], ...seen } };
};

it("prints what was measured next to what the review computes", () =>
  expect(reviewAgrees(deployment(), computed)).toEqual({
    ok: true,
    line:
      "the review's times: the deployment took 20.0 s, computed 15.0–46.0 s with boots of 5.0–6.0 s; " +
      "sockets closed 10.0–12.5 s after their task was taken out, computed 10.0–30.0 s; " +
      "tasks ended 3.0–3.0 s after SIGTERM, computed 0.0–20.0 s",
  }));

it.each<[string, Parameters<typeof deployment>[0]]>([
  ["the deployment is shorter than its boots and the delay", { seconds: 14.9 }],
  ["the deployment takes longer", { seconds: 46.1 }],
  ["a socket closes during the delay", { closedAt: [15_800, 18_500] }],
  ["a socket closes after the last task's time to stop", { closedAt: [16_000, 38_200] }],
  ["a task ends later than stopTimeout", { leaving: [task(6), task(8, 10, 20.1)] }],
])("disagrees where %s", (_what, change) => {
  const { ok, untried } = reviewAgrees(deployment(change), computed);
  expect({ ok, untried }).toEqual({ ok: false, untried: undefined });
});

it.each<[string, Parameters<typeof deployment>[0]]>([
  ["no task came", { boots: [] }],
  ["not all tasks left", { leaving: [task(6)] }],
  ["no socket closed", { closedAt: [] }],
])("compares nothing where %s", (_what, change) =>
  expect(reviewAgrees(deployment(change), computed)).toMatchObject({ ok: false, untried: true }),
);

it("adds the boots of each round", () => {
  const inRounds = deploymentTimes(
    { stopTimeout: 20, deregistrationDelay: 10, healthCheck },
    { tasks: 2, maximumPercent: 150, minimumHealthyPercent: 100 },
  )!;
  expect(reviewAgrees(deployment({ seconds: 30 }), inRounds).ok).toBe(true);
  expect(reviewAgrees(deployment({ seconds: 29 }), inRounds).ok).toBe(false);
});
