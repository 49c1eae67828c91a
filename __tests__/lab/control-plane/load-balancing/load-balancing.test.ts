import type { TargetAnswer } from "../../../../src/lab/data-plane/data-plane";
import { isAccepted, watchTarget } from "../../../../src/lab/control-plane/load-balancing/target-health";
import { SimulatedClock } from "../../simulated-clock";
import {
  groupArn,
  loadBalancingOf,
  publicSubnets,
  simulatedLoadBalancing,
  targetGroup,
} from "../../simulated-load-balancing";
import { SimulatedRuntime } from "../../simulated-runtime";

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
const never = new Promise<never>(() => undefined);

/** Lets a clock run second by second: each check needs a moment between two timers. */
async function run(clock: SimulatedClock, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    clock.run(1000);
    await settled();
  }
}

describe("isAccepted", () => {
  it.each([
    ["200", 200, true],
    ["200", 201, false],
    ["200-299", 204, true],
    ["200-299", 300, false],
    ["200,301-302", 302, true],
    ["200,301-302", 300, false],
  ])("%s and %d: %s", (statuses, status, expected) => expect(isAccepted(statuses, status)).toBe(expected));
});

describe("the health of a target", () => {
  /** What a target's states are, with the second of each, when it answers one after another. */
  async function statesOf(...answers: readonly (number | "timeout" | "refused")[]): Promise<string[]> {
    const clock = new SimulatedClock();
    const seen: string[] = [];
    const left = [...answers];
    const ask = async (): Promise<TargetAnswer> => {
      const next = left.shift() ?? answers.at(-1)!;
      return typeof next === "number" ? { status: next } : { failure: next };
    };
    const end = watchTarget(targetGroup().healthCheck, ask, clock, ({ state, reason }) =>
      seen.push([`${clock.now() / 1000} s`, state, reason].filter(Boolean).join(" ")),
    );
    await run(clock, answers.length * 10);
    end();
    return seen;
  }

  it("is healthy after one success, a second after its registration", async () => {
    expect(await statesOf(200)).toEqual(["1 s healthy"]);
  });

  it("is unhealthy after as many failures in a row as the threshold says, for the reason of the last one", async () => {
    expect(await statesOf(503, "timeout")).toEqual(["11 s unhealthy Target.Timeout"]);
    expect(await statesOf(200, 503, 200, 503, 503)).toEqual([
      "1 s healthy",
      "41 s unhealthy Target.ResponseCodeMismatch",
    ]);
    expect(await statesOf("refused", "refused")).toEqual(["11 s unhealthy Target.FailedHealthChecks"]);
  });

  it("is healthy again after as many successes in a row as the threshold says", async () => {
    expect(await statesOf(500, 500, 200, 200, 500, 200, 200, 200)).toEqual([
      "11 s unhealthy Target.ResponseCodeMismatch",
      "71 s healthy",
    ]);
  });
});

describe("load balancing", () => {
  async function setUp({ groups = [targetGroup()], forwards = true } = {}) {
    const [clock, runtime] = [new SimulatedClock(), new SimulatedRuntime()];
    const { loadBalancing, records } = simulatedLoadBalancing(clock, runtime);
    await loadBalancing.update(loadBalancingOf(groups, forwards), publicSubnets);
    const register = (host: number) =>
      loadBalancing.register(
        groupArn,
        { taskId: `task${host}`, address: `10.0.1.${host}`, port: 4000, availabilityZone: "eu-west-1a" },
        () => undefined,
      );
    /** Who gets new requests, and who drains; as local AWS reports them. */
    const receives = () =>
      Object.fromEntries(
        runtime.loadBalancers[0]!.targetGroups.flatMap(({ targets }) =>
          targets.map((target) => [target.address, target.receives]),
        ),
      );
    const reported = () => records.get(groupArn)!() as { targets: { id: string; state: string; reason?: string }[] };
    return { clock, runtime, loadBalancing, register, receives, reported };
  }

  it("gives each load balancer an address in the first of its subnets", async () => {
    const { runtime } = await setUp();
    expect(runtime.loadBalancers).toMatchObject([{ address: "10.0.9.4", subnetCidr: "10.0.9.0/24" }]);
  });

  it("sends requests to a target once it is healthy, and reports every state", async () => {
    const { clock, register, receives, reported } = await setUp();
    register(11);
    expect(reported()).toMatchObject({
      targetGroupArn: groupArn,
      targets: [{ id: "10.0.1.11", port: 4000, state: "initial", reason: "Elb.InitialHealthChecking" }],
    });
    expect(receives()).toEqual({});
    await run(clock, 1);
    expect(receives()).toEqual({ "10.0.1.11": true });
    expect(reported().targets).toMatchObject([{ state: "healthy", reason: undefined }]);
  });

  it("sends none to an unhealthy target, unless all are unhealthy", async () => {
    const { clock, runtime, register, receives } = await setUp();
    register(11);
    register(12);
    await run(clock, 1);
    runtime.answerOf = ({ address }) => (address === "10.0.1.11" ? { status: 500 } : { status: 200 });
    await run(clock, 20);
    expect(receives()).toEqual({ "10.0.1.11": false, "10.0.1.12": true });
    runtime.answerOf = () => ({ failure: "refused" });
    await run(clock, 20);
    expect(receives()).toEqual({ "10.0.1.11": true, "10.0.1.12": true });
  });

  it("drains a target for the deregistration delay, whatever goes on", async () => {
    const { clock, loadBalancing, register, receives, reported } = await setUp();
    const target = register(11);
    await run(clock, 1);
    let done = false;
    void loadBalancing.deregister(target, never).then(() => (done = true));
    await run(clock, 29);
    expect(receives()).toEqual({ "10.0.1.11": false });
    expect(reported().targets).toMatchObject([{ state: "draining", reason: "Target.DeregistrationInProgress" }]);
    expect(done).toBe(false);
    await run(clock, 1);
    expect(receives()).toEqual({});
    expect(reported().targets).toEqual([]);
    expect(done).toBe(true);
  });

  it("doesn't wait for the delay once nothing runs any more", async () => {
    const { clock, loadBalancing, register, receives } = await setUp();
    const target = register(11);
    await run(clock, 1);
    await loadBalancing.deregister(target, Promise.resolve());
    expect(receives()).toEqual({});
  });

  it("ends the delays at the lab's end, of targets that drain and of later ones", async () => {
    const { clock, loadBalancing, register, receives } = await setUp();
    const [draining, later] = [register(11), register(12)];
    await run(clock, 1);
    const drained = loadBalancing.deregister(draining, never);
    loadBalancing.endDelays();
    await Promise.all([drained, loadBalancing.deregister(later, never)]);
    expect(receives()).toEqual({});
  });

  it("doesn't check what no listener forwards to, until one does", async () => {
    const { clock, loadBalancing, register, receives, reported } = await setUp({ forwards: false });
    register(11);
    await run(clock, 20);
    expect(reported().targets).toMatchObject([{ state: "unused", reason: "Target.NotInUse" }]);
    await loadBalancing.update(loadBalancingOf(), publicSubnets);
    await run(clock, 1);
    expect(receives()).toEqual({ "10.0.1.11": true });
  });

  it("refuses a target group that isn't there", async () => {
    const { loadBalancing } = await setUp();
    const address = { taskId: "task", address: "10.0.1.11", port: 4000, availabilityZone: "eu-west-1a" };
    expect(() => loadBalancing.register("arn:other", address, () => undefined)).toThrow(
      'The target group arn:other does not exist in this VPC, or isn\'t of type "ip".',
    );
  });
});
