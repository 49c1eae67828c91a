import fc from "fast-check";
import { taskBounds } from "../../../src/lab/control-plane/rollout-step";
import { type Behaviour, good, minutes, request, rolling, service } from "./simulated-fargate";

describe("a rolling update", () => {
  it("never stops below the minimum, never starts above the maximum, and ends with the new revision alone", () => {
    const counts = fc.integer({ min: 1, max: 40 });
    const percents = fc.record({ minimum: fc.integer({ min: 0, max: 100 }), more: fc.integer({ min: 1, max: 200 }) });
    const delays = fc.record({ bootMs: fc.integer({ min: 1, max: 9000 }), stopMs: fc.integer({ min: 1, max: 9000 }) });
    fc.assert(
      fc.property(counts, counts, percents, delays, (before, after, { minimum, more }, delay) => {
        // GIVEN a service in a steady state
        const { clock, fargate, scheduler, events } = service();
        const configuration = rolling(minimum, Math.max(100, minimum + more));
        request(scheduler, { desiredCount: before, revision: good, configuration });
        clock.run(minutes(60));
        expect(scheduler.steady).toBe(true);

        // WHEN it is given another revision, and another count at the same time
        const bounds = taskBounds(after, configuration);
        fargate.onStart = () => expect(fargate.live).toBeLessThanOrEqual(bounds.maximum);
        fargate.onStop = (wasHealthy) => {
          if (wasHealthy) expect(fargate.healthy.size).toBeGreaterThanOrEqual(bounds.minimum);
        };
        const revision: Behaviour = { ...delay, healthCheck: "passes" };
        request(scheduler, { desiredCount: after, revision, configuration });
        clock.run(minutes(60));

        // THEN it ends with the new ones alone, unless no step is possible within the bounds: then it says so
        if (bounds.minimum >= bounds.maximum) {
          expect(events.join("\n")).toContain("was unable to stop or start tasks during a deployment");
          return;
        }
        expect(scheduler.steady).toBe(true);
        expect(fargate.healthy.size).toBe(after);
        expect(scheduler.tasks.every((task) => task.deploymentId === scheduler.deployments[0]?.id)).toBe(true);
        expect(scheduler.deployments).toHaveLength(1);
      }),
      { numRuns: 300 },
    );
  });

  it("never starts above the maximum while tasks crash at random, and is steady again once they stop doing so", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 15 }),
        fc.array(fc.record({ afterMs: fc.integer({ min: 0, max: 20_000 }), which: fc.nat() }), { maxLength: 30 }),
        (desiredCount, crashes) => {
          // GIVEN a service and a deployment in progress
          const { clock, fargate, scheduler } = service();
          const configuration = rolling(50, 150);
          const { maximum } = taskBounds(desiredCount, configuration);
          fargate.onStart = () => expect(fargate.live).toBeLessThanOrEqual(Math.max(maximum, desiredCount));
          request(scheduler, { desiredCount, revision: good, configuration });
          clock.run(minutes(1));
          request(scheduler, { desiredCount, revision: { ...good }, configuration });
          // WHEN any tasks crash at any time
          for (const { afterMs, which } of crashes) {
            clock.run(afterMs);
            const ids = [...fargate.states.keys()];
            if (ids.length > 0) fargate.crash(ids[which % ids.length]!);
          }
          clock.run(minutes(60));
          // THEN nothing is left of it, unless one task can be neither added nor taken
          const stuck = maximum === taskBounds(desiredCount, configuration).minimum;
          if (!stuck) expect(scheduler.steady).toBe(true);
          expect(fargate.healthy.size).toBe(desiredCount);
        },
      ),
      { numRuns: 200 },
    );
  });
});
