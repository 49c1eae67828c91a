import { type DeploymentTimes, deploymentTimes } from "../../../web-times";
import { spotProvider } from "../../control-plane/capacity";
import { Images } from "../../control-plane/images";
import type { LabService } from "../../control-plane/lab-service";
import { saidBy } from "../../cluster/erpc";
import type { RunningLab, Stage } from "../../stage";
import { timersOf } from "../../waiting/wait";
import { AppliedChanges } from "../steps/applied-changes";
import { environmentOf } from "../steps/environment";
import { type Finding, resultOf, type Scenario, type ScenarioOptions } from "../scenario";
import { earlyImage, failingImage, webImages } from "./images";
import { reviewAgrees } from "./review-agrees";
import { type SeenOfWeb, WatchedWeb } from "./watched-web";
import { brokenWithout, deployed, killed, refused } from "./web-findings";
import { healthCheck, putBehindLoadBalancer, setDeregistrationDelay, type WebLayout } from "./web-layout";

const tasks = 3;

/** Seconds, all but the first following from it: a slow response must end within the deregistration delay. */
const timesOf = (slow: number) => ({ slow, delay: slow + 2, drain: Math.max(2, Math.ceil(slow / 2)) });
type Times = ReturnType<typeof timesOf>;

/** What a part of the scenario works on. */
interface Played {
  readonly running: RunningLab;
  readonly web: WatchedWeb;
  readonly layout: WebLayout;
  readonly changes: AppliedChanges;
  readonly stage: Stage;
  readonly times: Times;
}

interface Part {
  readonly name: string;
  play(played: Played): Promise<PartResult>;
}

interface PartResult {
  readonly seen: SeenOfWeb;
  readonly findings: readonly Finding[];
}

/** Requests that are in the tasks when these exit at once, two in each of {@link tasks} on average. */
const heldRequests = 6;

/** Seconds of the longest response that the sample gives (`/slow`). */
const longestResponseSeconds = 60;

/**
 * Seconds. An interrupted task is still a target: its drainer must outlast the health checks that take it out, and the
 * requests that began before.
 */
const spotDrain = healthCheck.interval * healthCheck.unhealthy + healthCheck.timeout + 4;
const spotStopTimeout = 60;

/** Seconds after a change in which what it has hit comes to its end. */
const settleMs = 1500;

const steady = async ({ running: { lab } }: Played): Promise<void> => {
  await lab.sync();
  await lab.steady();
};

const deploy = async (played: Played): Promise<void> => {
  await played.running.lab.updateService("myapp", { forceNewDeployment: true });
  await steady(played);
};

/** Deploys tasks that get SIGKILL so long after SIGTERM, and whose drainer takes so long. */
const stopWithin = async (played: Played, stopTimeout: number, drainSeconds: number): Promise<void> => {
  const drain = { name: "DRAIN_SECONDS", value: String(drainSeconds) };
  await played.changes.revise("myapp", ({ environment = [], ...container }) => ({
    ...container,
    stopTimeout,
    environment: [...environment.filter(({ name }) => name !== drain.name), drain],
  }));
  await steady(played);
};

/** What the review computes for a service as it is applied. */
function computedFor({ timing }: LabService, deregistrationDelay: number): DeploymentTimes {
  const { desiredCount, configuration, containers } = timing;
  const stopTimeout = Math.max(...containers.map(({ stopTimeoutSeconds }) => stopTimeoutSeconds));
  const scale = { tasks: desiredCount, ...configuration };
  return deploymentTimes({ stopTimeout, deregistrationDelay, healthCheck }, scale)!;
}

const rolling: Part = {
  name: "a rolling deployment",
  async play(played) {
    const { web, running, times } = played;
    const seen = await web.during("rolling deployment", running, settleMs, () => deploy(played));
    const service = running.lab.service("myapp");
    const { createdAt, end } = service.deployments[0]!;
    const measured = { seconds: (end!.at - createdAt) / 1000, seen };
    return {
      seen,
      findings: [deployed(seen, tasks, times.drain), reviewAgrees(measured, computedFor(service, times.delay))],
    };
  },
};

const scaleIn: Part = {
  name: "a scale-in",
  async play(played) {
    const { web, running, changes, times } = played;
    const seen = await web.during("scale-in", running, settleMs, async () => {
      await changes.scale("myapp", tasks - 1);
      await steady(played);
    });
    await changes.scale("myapp", tasks);
    await steady(played);
    return { seen, findings: [deployed(seen, 1, times.drain)] };
  },
};

const kill: Part = {
  name: "a killed task",
  async play(played) {
    const { web, running } = played;
    const victim = running.lab.service("myapp").tasks[0]!;
    const inIt = Number(await saidBy(victim, "IO.puts(length(Registry.lookup(Myapp.Http.Open, :request)))"));
    const seen = await web.during("killed task", running, settleMs, async () => {
      await running.lab.kill(victim.id);
      await running.waits.until(() => victim.end !== undefined, timersOf({ "end of the task": 10 }));
      await steady(played);
    });
    return { seen, findings: [killed(seen, inIt, web.drainingAt(victim.id))] };
  },
};

const interrupted: Part = {
  name: "Spot tasks that AWS takes back",
  async play(played) {
    const { web, running } = played;
    await stopWithin(played, spotStopTimeout, spotDrain);
    const victims = running.lab.service("myapp").tasks.filter(({ order }) => order.capacityProvider === spotProvider);
    const seen = await web.during("Spot interruption", running, settleMs, async () => {
      for (const victim of victims) victim.interrupt();
      await Promise.all(victims.map(({ stopped }) => stopped));
      await steady(played);
    });
    // Of three tasks one is the base, and of the others three in four run on Spot.
    const share = { ok: victims.length === tasks - 1, line: `${victims.length} of ${tasks} tasks ran on Spot` };
    return { seen, findings: [share, deployed(seen, victims.length, spotDrain)] };
  },
};

const failing: Part = {
  name: "an image that fails its health check",
  async play(played) {
    const { web, running, changes } = played;
    const before = running.lab.service("myapp").tasks.map(({ id }) => id);
    const seen = await web.during("failing image", running, settleMs, async () => {
      await changes.revise("myapp", (container) => ({ ...container, image: failingImage }));
      await steady(played);
    });
    const after = running.lab.service("myapp").tasks.map(({ id }) => id);
    return { seen, findings: [refused(seen, before.join() === after.join())] };
  },
};

const noDelay: Part = {
  name: "without a deregistration delay, a task that exits at once",
  async play(played) {
    const { web, running, layout, stage } = played;
    await setDeregistrationDelay(stage.clients, layout.targetGroupArn, 0);
    await stopWithin(played, 0, 0);
    // All on the old tasks, and none of them ends before these stop.
    const release = web.holdRequests(heldRequests, longestResponseSeconds);
    const seen = await web.during(noDelay.name, running, settleMs, () => deploy(played)).finally(release);
    return { seen, findings: [brokenWithout(seen, "requests failed", seen.failed)] };
  },
};

const shortStop: Part = {
  name: "stopTimeout below the drainer",
  async play(played) {
    const { web, running, layout, stage } = played;
    await setDeregistrationDelay(stage.clients, layout.targetGroupArn, 0);
    await stopWithin(played, 2, 20);
    const seen = await web.during(shortStop.name, running, settleMs, () => deploy(played));
    return { seen, findings: [brokenWithout(seen, "sockets closed without a close frame", seen.withoutCloseFrame)] };
  },
};

const early: Part = {
  name: "a health path that is 200 before the endpoint serves",
  async play(played) {
    const { web, running, changes } = played;
    const seen = await web.during(early.name, running, settleMs, async () => {
      await changes.revise("myapp", (container) => ({ ...container, image: earlyImage }));
      await steady(played);
    });
    return { seen, findings: [brokenWithout(seen, "requests failed", seen.failed)] };
  },
};

const parts = { rolling, scaleIn, kill, interrupted, failing, noDelay, shortStop, early } as const;

/** What happens when somebody deploys: all but what {@link spot} shows. */
const deployments: readonly WebPart[] = ["rolling", "scaleIn", "kill", "failing", "noDelay", "shortStop", "early"];

/** The parts of the scenario, in their order. */
export type WebPart = keyof typeof parts;

/**
 * Three tasks behind a load balancer under a steady load, and what deployments do to it.
 * @param only these parts, in the scenario's order. @default all
 */
export async function playWeb(stage: Stage, options: ScenarioOptions, only?: readonly WebPart[]) {
  const times = timesOf(options.seconds ?? 20);
  const capacity = { onDemand: { base: 1, weight: 1 }, spot: { weight: 3 } };
  const service = { tasks, capacity, environment: { DRAIN_SECONDS: String(times.drain) } };
  await stage.apply(environmentOf({ myapp: service }));
  options.say?.("creating a load balancer through AWS's API");
  const layout = await putBehindLoadBalancer(stage.clients, "myapp", times.delay);
  const web = new WatchedWeb();
  const images = new Images(webImages(stage.scratch), (await stage.release()).folder);
  const played = async (running: RunningLab): Promise<PartResult[]> => {
    await running.lab.steady({ signal: options.signal });
    await running.waits.meshed(tasks);
    await web.start(running, times.slow, (outcome) => options.recording?.takeOutcome(outcome));
    try {
      await running.waits.until(() => web.openSockets > 0 && web.outcomes.length > 0, running.lab.bounds.boot);
      const results = [];
      for (const [key, part] of Object.entries(parts)) {
        if (only && !only.includes(key as WebPart)) continue;
        options.signal?.throwIfAborted();
        options.say?.(part.name);
        const changes = new AppliedChanges(stage.clients);
        results.push(await part.play({ running, web, layout, changes, stage, times }));
      }
      return results;
    } finally {
      web.stop();
    }
  };
  return stage.lab(played, { images }, web.take);
}

/** A service on Spot that people use. */
export const spot: Scenario = {
  name: "spot",
  seconds: 50,
  proves: "AWS takes all Spot tasks of a service back at once: no request fails, and the cluster is whole again",
  async run(stage, options) {
    const [result] = await playWeb(stage, { ...options, seconds: options.seconds ?? 2 }, ["interrupted"]);
    const { seen, findings } = result!;
    return resultOf(
      findings,
      `${seen.failed} of ${seen.requests} requests failed while ${seen.leaving.length} Spot tasks were taken back`,
      { parts: [seen] },
    );
  },
};

/** Deployments of a service that people use. */
export const web: Scenario = {
  name: "web",
  seconds: 210,
  proves:
    "behind a load balancer, a deployment and a scale-in fail no request and close WebSockets in order; also shows what goes wrong with other times",
  async run(stage, options) {
    const results = await playWeb(stage, options, deployments);
    const seen = results.map((each) => each.seen);
    const [first, second] = seen;
    return resultOf(
      results.flatMap(({ findings }) => findings),
      `${first!.failed + second!.failed} of ${first!.requests + second!.requests} requests failed in a deployment and a scale-in, ` +
        `${first!.withoutCloseFrame + second!.withoutCloseFrame} of ${first!.closed + second!.closed} sockets closed without a close frame`,
      { parts: seen },
    );
  },
};
