import { readHealthCheck, watchHealth } from "../../../../src/lab/control-plane/task/health-check";
import type { HealthCheck } from "../../../../src/lab/control-plane/task/health-check";
import { SimulatedClock } from "../../simulated-clock";

/** Lets promises that are settled go on. */
const settled = async () => {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
};

/** Runs one check a second, with the results given, and notes each change as `second status`. */
async function watch(results: string, change: Partial<HealthCheck> = {}): Promise<string[]> {
  const clock = new SimulatedClock();
  const changes: string[] = [];
  const check = {
    command: ["check"],
    intervalSeconds: 1,
    timeoutSeconds: 1,
    retries: 3,
    startPeriodSeconds: 0,
    ...change,
  };
  const outcomes = [...results];
  const end = watchHealth(
    check,
    async () => outcomes.shift() === "+",
    clock,
    (status) => {
      changes.push(`${clock.now() / 1000} ${status}`);
    },
  );
  for (let second = 0; second < results.length; second++) {
    clock.run(1000);
    await settled();
  }
  end();
  return changes;
}

describe("a container's health check", () => {
  it.each([
    ["passes at its first check", "+++", {}, ["1 HEALTHY"]],
    ["fails three times in a row", "----", {}, ["3 UNHEALTHY"]],
    ["fails, but never three times in a row", "--+--+--", {}, ["3 HEALTHY"]],
    ["falls ill and recovers", "+---+", {}, ["1 HEALTHY", "4 UNHEALTHY", "5 HEALTHY"]],
    ["fails in its start period", "-------", { startPeriodSeconds: 4 }, ["6 UNHEALTHY"]],
    ["passes in its start period, which ends it", "+---", { startPeriodSeconds: 60 }, ["1 HEALTHY", "4 UNHEALTHY"]],
    ["needs only one failure", "-", { retries: 1 }, ["1 UNHEALTHY"]],
  ])("that %s", async (_what, results, change, changes) => {
    expect(await watch(results, change)).toEqual(changes);
  });

  it("says nothing once it has ended", async () => {
    const clock = new SimulatedClock();
    const onChange = jest.fn();
    const check = readHealthCheck("app", { command: ["CMD", "check"] });
    const end = watchHealth(check, async () => true, clock, onChange);
    clock.run(30_000);
    end();
    await settled();
    clock.run(60_000);
    expect(onChange).not.toHaveBeenCalled();
  });

  it("has ECS's defaults, and runs a CMD-SHELL by the shell", () => {
    expect(readHealthCheck("app", { command: ["CMD-SHELL", "curl -f localhost || exit 1"] })).toEqual({
      command: ["/bin/sh", "-c", "curl -f localhost || exit 1"],
      intervalSeconds: 30,
      timeoutSeconds: 5,
      retries: 3,
      startPeriodSeconds: 0,
    });
  });

  it.each([[["curl", "-f", "localhost"]], [["CMD"]], [[]]])("refuses the command %j", (command) => {
    expect(() => readHealthCheck("app", { command })).toThrow(
      `Container "app": its health check's command is ${JSON.stringify(command)}; it has to be ` +
        '["CMD", file, arguments…] or ["CMD-SHELL", "a line for the shell"].',
    );
  });
});
