import type { ClusterMetric } from "../../../monitoring/cluster-metrics";
import { Images } from "../../control-plane/images";
import type { LabEvent } from "../../lab-event";
import type { AlarmWatch } from "../../monitoring/alarm-watch";
import type { RunningLab, Stage } from "../../stage";
import { AppliedChanges } from "../steps/applied-changes";
import { environmentOf } from "../steps/environment";
import { failureReason, migratedService, MigrationWatch, migrationOf, withMigration } from "../steps/migrations";
import { type Finding, resultOf, type Scenario, type ScenarioOptions } from "../scenario";
import { alarms, alarmWatch, reportingEvery } from "../steps/watched-alarms";
import { type SeenOfWeb, WatchedWeb } from "../web/watched-web";
import { deployed, refused } from "../web/web-findings";
import { putBehindLoadBalancer } from "../web/web-layout";

const service = migratedService;
const tasks = 3;

/** Seconds of a slow response, of the drainer, and of a target that drains. */
const [slow, drain, delay] = [4, 2, 6];
/** How much shorter than in CloudWatch each period is here: 12 s for a minute. */
const factor = 0.2;

/** Milliseconds after a deployment in which what it has hit comes to its end. */
const settleMs = 1500;

/** What `mix phx.new` and its generators make of an environment: discovery by dns_cluster, migrations, alarms. */
const environment = environmentOf(
  {
    [service]: {
      tasks,
      discovery: "dns_cluster",
      beforeStart: migrationOf(1),
      environment: { DRAIN_SECONDS: String(drain), ...reportingEvery(factor) },
    },
  },
  { alarms },
);

/** An application like Phoenix's from its first deployment to a rollback, under load. */
export const deployment: Scenario = {
  name: "deployment",
  seconds: 50,
  proves:
    "a deployment with beforeStart, a load balancer and alarms succeeds, and one with a failing migration rolls back: no request fails, and no alarm on the cluster goes off",
  async run(stage, options) {
    await stage.apply(environment);
    options.say?.("creating a load balancer through AWS's API");
    await putBehindLoadBalancer(stage.clients, service, delay);
    const watch = {
      web: new WatchedWeb(),
      migrations: new MigrationWatch(),
      metrics: new Metrics(),
      alarms: await alarmWatch(stage, factor),
    };
    const images = new Images([`${service}=${(await stage.release()).folder}`]);
    const take = (event: LabEvent) => Object.values(watch).forEach((each) => each.take(event));
    const seen = await stage
      .lab((running) => play(stage, running, watch, options), { images }, take)
      .finally(() => watch.alarms.stop());
    const [good, failed] = [seen.good, seen.failed];
    return resultOf(
      findings(seen),
      `${good.failed + failed.failed} of ${good.requests + failed.requests} requests failed in a deployment and a rollback`,
      { ...seen },
    );
  },
};

interface Watch {
  readonly web: WatchedWeb;
  readonly migrations: MigrationWatch;
  readonly metrics: Metrics;
  readonly alarms: AlarmWatch;
}

export interface Seen {
  /** Tasks that ran the migration before their node, at first and in the deployment that succeeds. */
  readonly migrated: readonly [first: number, second: number];
  readonly good: SeenOfWeb;
  readonly failed: SeenOfWeb;
  readonly sameTasks: boolean;
  readonly failedTasks: number;
  readonly failedTasksWithNode: number;
  readonly shown: boolean;
  /** What ECS said, in its words. */
  readonly said: readonly string[];
  readonly losses: number;
  /** Lines with metrics that nodes wrote. */
  readonly reports: number;
  /** Connections that ended by these reports: those to the old nodes. */
  readonly nodeDowns: number;
  /** Names of the alarms that went off, and how many had an answer of their own: OK. */
  readonly alarms: readonly string[];
  readonly quietAlarms: number;
}

async function play(stage: Stage, running: RunningLab, watch: Watch, { say, signal, recording }: ScenarioOptions) {
  const { lab, cluster, waits } = running;
  const { web, migrations, metrics, alarms } = watch;
  const changes = new AppliedChanges(stage.clients);
  const migrated = (version: number) => lab.tasks.filter(({ id }) => migrations.migratedBeforeNode(id, version)).length;
  const deploy = async (version: number | "fails"): Promise<void> => {
    await changes.revise(service, withMigration(version));
    await lab.sync();
    await lab.steady({ signal });
  };
  say?.(`${tasks} tasks, each with a migration: waiting until ECS is steady`);
  await lab.steady({ signal });
  await waits.meshed(tasks);
  const first = migrated(1);
  const from = Date.now();
  alarms.start();
  await web.start(running, slow, (outcome) => recording?.takeOutcome(outcome));
  try {
    await waits.until(() => web.openSockets > 0 && web.outcomes.length > 0, lab.bounds.boot);
    say?.("deploying a migration that succeeds");
    const good = await web.during("deployment", running, settleMs, () => deploy(2));
    const second = migrated(2);
    const before = lab.tasks.map(({ id }) => id);
    say?.("deploying a migration that fails");
    const failed = await web.during("failed migration", running, settleMs, () => deploy("fails"));
    const { failedTasks, failedTasksWithNode, said } = migrations;
    return {
      migrated: [first, second] as const,
      good,
      failed,
      sameTasks: lab.tasks.map(({ id }) => id).join() === before.join(),
      failedTasks,
      failedTasksWithNode,
      shown: migrations.shown.some((text) => text.includes(failureReason)),
      said,
      losses: cluster.losses(from),
      reports: metrics.count,
      nodeDowns: metrics.nodeDowns,
      alarms: alarms.wentOff(from),
      quietAlarms: alarms.changes.filter(({ state }) => state === "OK").length,
    } satisfies Seen;
  } finally {
    web.stop();
  }
}

/** The metrics that nodes write. */
class Metrics {
  count = 0;
  nodeDowns = 0;

  readonly take = (event: LabEvent): void => {
    if (event.kind !== "output" || !event.line.includes('"_aws"')) return;
    const report = JSON.parse(event.line) as Readonly<Record<string, unknown>>;
    this.count += 1;
    this.nodeDowns += Number(report["NodeDowns" satisfies ClusterMetric]);
  };
}

/** What a run must show, each with its figures. */
export function findings(seen: Seen): Finding[] {
  const [first, second] = seen.migrated;
  return [
    {
      ok: first === tasks && second === tasks,
      line: `${first} and ${second} of ${tasks} tasks ran the migration before their node started`,
    },
    deployed(seen.good, tasks, drain),
    refused(seen.failed, seen.sameTasks),
    {
      ok: seen.failedTasks >= 3 && seen.failedTasksWithNode === 0 && seen.shown,
      line: `${seen.failedTasks} tasks failed in their migration, ${seen.failedTasksWithNode} of their nodes started; the lab ${seen.shown ? "showed" : "did NOT show"} why: ${failureReason}`,
    },
    // EventBridge's rule on failed deployments goes by the event that ECS emits together with this message.
    { ok: seen.said.some((text) => text.includes("deployment failed")), line: `ECS said: ${seen.said.join(" ")}` },
    { ok: seen.losses === 0, line: `${seen.losses} links lost between nodes that stay` },
    {
      ok: seen.nodeDowns > 0 && seen.quietAlarms > 0 && seen.alarms.length === 0,
      line: `${seen.reports} reports of the cluster's metrics, with ${seen.nodeDowns} connections to old nodes that ended; alarms that went off: ${seen.alarms.join(", ") || "none"}`,
    },
  ];
}
