import { netSetupSeconds } from "../../../distribution";
import { defaultMetricsIntervalMs } from "../../../monitoring/cluster-metrics";
import { pause, systemClock } from "../../clock";
import { Images } from "../../control-plane/images";
import type { Faults } from "../../data-plane/data-plane";
import { reviewPlan } from "../../../review";
import { keepCalling, nodeName } from "../../cluster/erpc";
import type { RunningLab, Stage } from "../../stage";
import { rollBackBy } from "../../monitoring/deployment-alarms";
import { AppliedChanges } from "../steps/applied-changes";
import { alarmFindings, factor, watchedDeployments } from "../steps/alarm-faults";
import { environmentOf } from "../steps/environment";
import { watchPolling } from "../steps/polling";
import { alarms, alarmWatch, reportingEvery } from "../steps/watched-alarms";
import { timersOf, sumOf } from "../../waiting/wait";
import { type Finding, resultOf, type Scenario, type ScenarioOptions, seconds } from "../scenario";

const tasks = 4;
/** Seconds; shorter than the default so that each silent loss is noticed sooner. */
const netTicktime = 8;
/** Between a node's notice and its log line that tells it here. */
const tellingSeconds = 1;
/** Seconds that a killed task's record stays. */
const recordStays = 30;

/** Seconds without answers of DNS: two times the records' TTL, and four polls. */
const silentDnsSeconds = 20;
/** Seconds of a slow network: longer than `netTicktime`, after which a silent node counts as lost. */
const slowSeconds = 15;

/** One fault, and what became of it. */
export interface Lost {
  readonly name: string;
  /** Until the last node that must notice has noticed; 0 where none must. */
  readonly noticedMs: number;
  /** What the review said of that, in milliseconds. */
  readonly predicted?: readonly [from: number, to: number];
  /** From the end of the fault to the full mesh. */
  readonly healedMs: number;
  /** Links lost between living nodes meanwhile, as either end logged it. */
  readonly losses: number;
  /** Longest time that a survivor's poller was busy with one poll and its dials. */
  readonly blockedMs?: number;
  readonly ok: boolean;
  /** What else was seen. */
  readonly remark?: string;
}

/** Everything that can go missing: a task, its network, one link, its CPU, the DNS; and a slow network. */
export const failureDetection: Scenario = {
  name: "failure-detection",
  seconds: 240,
  proves:
    "nodes detect each failure within the time that the review predicts, the mesh is complete again soon after it ends, and an alarm on a lasting failure rolls back a deployment",
  async run(stage, options) {
    // Without a health check ECS does not replace a frozen task, so the cluster alone decides what is seen.
    const environment = reportingEvery(factor);
    const service = { tasks, netTicktimeSeconds: netTicktime, healthCheck: false, environment, ...watchedDeployments };
    await stage.apply(environmentOf({ myapp: service }, { alarms }));
    const predicted = await predictions(stage);
    const found = await stage.lab((running) => all({ ...running, predicted }, options), { settleSeconds: "join" });
    const findings = [...found.map(finding), ...(await alarmsAt(stage, predicted, options))];
    const longest = (of: (lost: Lost) => number) => seconds(Math.max(...found.map(of)));
    const figure = `${found.length} kinds of loss: noticed after ${longest(({ noticedMs }) => noticedMs)} at most, whole again ${longest(({ healedMs }) => healedMs)} after the end at most`;
    return resultOf(findings, figure, { netTicktimeSeconds: netTicktime, predicted, faults: found });
  },
};

/** Faults that last until their alarms go off, in a lab of their own: here the shorter ones leave nothing in the metrics. */
async function alarmsAt(
  stage: Stage,
  { silentLoss }: Predictions,
  { say = () => {} }: ScenarioOptions,
): Promise<Finding[]> {
  const watch = await alarmWatch(stage, factor);
  try {
    return await stage.lab(
      async (running) => {
        await running.waits.meshed(tasks);
        // From the first report of each node on: in CloudWatch the alarms of a service that runs are OK.
        await pause(systemClock, defaultMetricsIntervalMs * factor);
        watch.start(rollBackBy(running.lab));
        const changes = new AppliedChanges(stage.clients);
        return alarmFindings({ ...running, alarms: watch, changes }, silentLoss[1], say);
      },
      // Only a mapped image runs before a node too. One of the faults is a node that disconnects a peer.
      {
        images: new Images([`myapp=${(await stage.release()).folder}`]),
        settleSeconds: "join",
        mayBreak: ["no-loss-without-cause"],
      },
      watch.take,
    );
  } finally {
    watch.stop();
  }
}

/** What the review of the applied plan says, in seconds. */
interface Predictions {
  /** Within which a node that falls silent is noticed. */
  readonly silentLoss: readonly [from: number, to: number];
  /** Within which one is noticed whose connections are closed. */
  readonly cleanLeave: number;
  /** Within which the others notice one that came. */
  readonly join: number;
}

type Predicted = RunningLab & { readonly predicted: Predictions };

async function predictions(stage: Stage): Promise<Predictions> {
  const { silentLoss, cleanLeave, join } = reviewPlan(await stage.appliedPlan()).stability[0]!;
  return { silentLoss, cleanLeave: cleanLeave[1], join: join![1] };
}

async function all(running: Predicted, options: ScenarioOptions): Promise<Lost[]> {
  const { lab, cluster, waits } = running;
  await waits.meshed(tasks);
  const [one, other] = cluster.living.map(({ address }) => address) as [string, string];
  const say = (line: string) => options.say?.(line);
  const others = tasks - 1;
  const found: Lost[] = [];
  say("a task's network cut");
  found.push(await fault(running, "network of one task cut", { cutTasks: [one] }, one, others));
  say("one link of many cut");
  found.push(await fault(running, "one link of many cut", { cutLinks: [[one, other]] }, one, 1));
  say("a task frozen");
  found.push(await fault(running, "one task frozen (SIGSTOP)", { frozenTasks: [one] }, one, others));
  const { seconds: silence = silentDnsSeconds } = options;
  say(`DNS silent for ${silence} s`);
  found.push(await quiet(running, `DNS silent for ${silence} s`, { dnsSilent: true }, silence));
  say("a slow network");
  found.push(await slow(running, options.seconds ?? slowSeconds));
  say(`a task killed, its record left for ${recordStays} s`);
  found.push(await killed(running));
  await lab.runtime.applyFaults({});
  return found;
}

/** A fault until `observers` nodes have lost `victim`, and its end. */
async function fault(
  running: Predicted,
  name: string,
  faults: Faults,
  victim: string,
  observers: number,
): Promise<Lost> {
  const { lab, cluster, waits, predicted } = running;
  const from = Date.now();
  await lab.runtime.applyFaults(faults);
  const lostBy = () =>
    new Set(
      cluster.nodeDowns
        .filter(({ at, peer, observer }) => at >= from && peer === victim && observer !== victim)
        .map(({ observer }) => observer),
    ).size;
  const [earliest, latest] = predicted.silentLoss;
  const noticed = await waits.until(
    () => lostBy() >= observers,
    timersOf({ "silent loss": latest, "its line in the log": tellingSeconds }),
  );
  const noticedMs = noticed.value ? Date.now() - from : Infinity;
  const healedMs = await heal(running);
  const losses = cluster.losses(from);
  const ok = noticed.value === true && noticedMs >= earliest * 1000 && healedMs !== Infinity;
  return { name, noticedMs, predicted: inMs(predicted.silentLoss), healedMs, losses, ok };
}

const inMs = ([from, to]: readonly [number, number]) => [from * 1000, to * 1000] as const;

/** Milliseconds until the mesh is whole; Infinity when it took longer than a join and an unanswered dial. */
async function heal({ lab, cluster, waits }: RunningLab): Promise<number> {
  const from = Date.now();
  await lab.runtime.applyFaults({});
  const bound = sumOf(timersOf({ "an unanswered dial": netSetupSeconds }), lab.bounds.join);
  const { value } = await waits.until(() => cluster.isMesh(tasks), bound);
  return value ? Date.now() - from : Infinity;
}

/** A fault that must not cost a link. */
async function quiet(running: RunningLab, name: string, faults: Faults, duration: number): Promise<Lost> {
  const from = Date.now();
  await running.lab.runtime.applyFaults(faults);
  await pause(systemClock, duration * 1000);
  const healedMs = await heal(running);
  const losses = running.cluster.losses(from);
  return { name, noticedMs: 0, healedMs, losses, ok: losses === 0 && healedMs !== Infinity };
}

async function slow(running: RunningLab, duration: number): Promise<Lost> {
  const { lab, cluster } = running;
  const delayMs = lab.runtime.abilities.delay ? 100 : 0;
  const shaping = Object.fromEntries(cluster.living.map(({ address }) => [address, [{ delayMs, lossPercent: 5 }]]));
  const [caller, ...others] = lab.tasks;
  const report = await keepCalling(caller!, others.map(nodeName));
  const name = `every packet ${delayMs} ms late each way and 5 % of them lost, for ${duration} s`;
  const lost = await quiet(running, name, { shaping }, duration);
  const { calls, failed, slowestMs } = await report();
  return {
    ...lost,
    ok: lost.ok && failed === 0,
    remark: `${failed} of ${calls} calls failed, the slowest took ${slowestMs} ms`,
  };
}

/** SIGKILL, with the record left behind: how soon the others know, how long that holds up their polls, how late the replacement is. */
async function killed({ lab, cluster, waits, predicted }: Predicted): Promise<Lost> {
  const [victim, ...survivors] = lab.tasks;
  const polling = await Promise.all(survivors.map(watchPolling));
  const address = victim!.networkInterface!.address;
  const before = new Set(lab.tasks.map(({ id }) => id));
  const from = Date.now();
  await lab.kill(victim!.id, recordStays);
  const lostBy = () => cluster.nodeDowns.filter(({ at, peer }) => at >= from && peer === address).length;
  const noticed = await waits.until(() => lostBy() >= tasks - 1, timersOf({ "clean leave": predicted.cleanLeave }));
  const noticedMs = noticed.value ? Date.now() - from : Infinity;
  const born = () => cluster.living.length === tasks && lab.tasks.some(({ id }) => !before.has(id));
  await waits.reached(
    "a replacement runs",
    born,
    lab.bounds.mesh,
    () => `${cluster.living.length} of ${tasks} nodes run`,
  );
  const late = timersOf({ "its record stays": recordStays, join: predicted.join });
  const whole = await waits.until(() => cluster.isMesh(tasks), late);
  const healedMs = whole.value ? whole.wallMs : Infinity;
  const blockedMs = Math.max(...(await Promise.all(polling.map((report) => report()))));
  const remark =
    `a survivor's poll took ${seconds(blockedMs)} at most, ` +
    `and the replacement saw all ${seconds(healedMs)} after its start (predicted: within ${predicted.join} s)`;
  const name = `one task killed, its record left for ${recordStays} s`;
  return {
    name,
    noticedMs,
    predicted: inMs([0, predicted.cleanLeave]),
    healedMs,
    blockedMs,
    losses: cluster.losses(from),
    remark,
    ok: noticed.value === true && whole.value === true && whole.workMs <= predicted.join * 1000,
  };
}

/** What a run must show of one fault. */
export function finding({ ok, name, noticedMs, predicted, healedMs, losses, remark }: Lost): Finding {
  const noticed = predicted
    ? `noticed by all after ${seconds(noticedMs)} (predicted: ${predicted.map(seconds).join(" to ")}), ${losses} links lost`
    : `${losses} links lost`;
  return { ok, line: `${name}: ${noticed}, whole again after ${seconds(healedMs)}${remark ? `; ${remark}` : ""}` };
}
